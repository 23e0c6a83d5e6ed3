import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import type { ImageFacts, ImageKnowledge } from '../../server/src/images/knowledge.ts';
import { parseImageReference } from '../../server/src/images/reference.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { images, inputFor } from '../support/engine.ts';

const digest = `sha256:${'b'.repeat(64)}`;

/** The catalogue, as if registries had given a digest for every image. */
const answered: ImageKnowledge = {
  ...images,
  peek(reference, platform): ImageFacts {
    const facts = images.peek(reference, platform);
    const pull = { ...facts.pull, ...(facts.pull.kind === 'known' ? { date: '2026-11-23' } : {}) };
    return { ...facts, pull, digest };
  },
};

function fixesOf(text: string, knowledge: ImageKnowledge): (readonly [string, string])[] {
  const { problems } = analyze({ ...inputFor(text), images: knowledge });
  const problem = problems.find(({ rule }) => rule === 'base-image-not-pinned');
  return (problem?.fixes ?? []).map((fix) => {
    assert.equal(fix.applicability, 'review');
    return [fix.title, applyEdits(text, fix.edits)];
  });
}

test('an image is pinned to the digest that the registry gave, behind its version', () => {
  const text = 'FROM --platform=linux/arm64 node AS build\nCMD ["node", "server.js"]\n';
  assert.deepEqual(fixesOf(text, answered), [
    ['Pin to node:26', text.replace('node AS', 'node:26 AS')],
    ['Pin to the digest of 2026-11-23', text.replace('node AS', `node@${digest} AS`)],
  ]);
  const [, name = ''] = /FROM \S+ (\S+)/.exec(fixesOf(text, answered)[1]?.[1] ?? '') ?? [];
  assert.equal(parseImageReference(name)?.digest, digest);
});

test('a tag stays beside the digest; of an image nobody knows the digest is all there is', () => {
  assert.deepEqual(fixesOf('FROM example.com/team/base:latest\nCMD ["run"]\n', answered), [
    ['Pin to the digest', `FROM example.com/team/base:latest@${digest}\nCMD ["run"]\n`],
  ]);
});

test('no digest where no registry answered, or where a variable stands', () => {
  assert.deepEqual(
    fixesOf('FROM node\nCMD ["node", "server.js"]\n', images).map(([title]) => title),
    ['Pin to node:26'],
  );
  assert.deepEqual(fixesOf('ARG IMAGE=node\nFROM $IMAGE\nCMD ["node", "server.js"]\n', answered), []);
});
