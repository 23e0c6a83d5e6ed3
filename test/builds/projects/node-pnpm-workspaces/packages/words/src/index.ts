import { parse } from 'yaml';

const text = `
layer: What one instruction of a Dockerfile adds to the image.
stage: A part of a Dockerfile that starts with FROM.
tag: A name for an image that may move.
`;

const words = parse(text) as Record<string, string>;

/** What a word means; undefined for one that is not in the list. */
export function meaning(word: string): string | undefined {
  return words[word];
}
