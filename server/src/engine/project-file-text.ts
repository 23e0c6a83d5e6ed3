import { type ParseError, printParseErrorCode } from 'jsonc-parser';
import { readJsonc } from '../project/formats/jsonc.ts';
import { LineIndex } from '../text/lines.ts';

/** What a project file holds; or why it cannot be read, with the place. */
export type ProjectFileText = { readonly value: unknown } | { readonly error: string };

/** Settings are compared with each Dockerfile; what is longer is machine-made, and takes minutes. */
const longest = 200_000;

/** Reads JSON that may hold comments and commas behind the last entry. */
export function readProjectFileText(text: string): ProjectFileText {
  if (text.length > longest) {
    return { error: `larger than ${longest / 1000} kB, as no settings are` };
  }
  const errors: ParseError[] = [];
  const value = readJsonc(text.replace(/^\uFEFF/, ''), errors);
  const [first] = errors;
  if (first === undefined) {
    return value === undefined ? { error: 'not valid JSON: nested too deeply' } : { value };
  }
  const words = printParseErrorCode(first.error)
    .replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .toLowerCase();
  return { error: `not valid JSON: line ${new LineIndex(text).lineAt(first.offset) + 1}: ${words}` };
}
