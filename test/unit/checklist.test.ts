import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { fixAll } from '../../server/src/engine/apply.ts';
import { countDone } from '../../server/src/engine/report.ts';
import { summarizeFixes } from '../../server/src/engine/slim.ts';
import { inputFor } from '../support/engine.ts';

const example = new URL('../../examples/node-service/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, example), 'utf8');
const names = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'src/app.ts',
  'src/server.ts',
  'src/links.ts',
];
const input = inputFor(read('Dockerfile'), Object.fromEntries(names.map((name) => [name, read(name)])));

test('every item of the example is open, with a fix; slim closes all of them', () => {
  const { checklist } = analyze(input);
  assert.deepEqual(countDone(checklist), { done: 0, of: 8 });
  for (const { title, fix, evidence } of checklist) {
    assert.ok(fix !== undefined && evidence !== '', title);
  }
  const result = fixAll(input, 'review');
  const after = analyze({ ...input, text: result.text, project: result.project });
  assert.deepEqual(countDone(after.checklist), { done: 8, of: 8 });
  assert.deepEqual(result.left, after.problems);
});

test('an item whose rules are off does not count, and is not called done', () => {
  const config = { rules: { 'sources-copied-before-install': 'off', 'runs-as-root': 'off' } } as const;
  const { checklist } = analyze({ ...input, config });
  assert.deepEqual(countDone(checklist), { done: 0, of: 6 });
  const states = checklist.filter(({ id }) => ['dependencies-first', 'non-root'].includes(id));
  assert.deepEqual(
    states.map(({ state }) => state),
    ['not-applicable', 'not-applicable'],
  );
});

test('fixes are told by rule, each title once, with what they assume', () => {
  const text =
    'FROM debian:12\nRUN apt-get update && apt-get install -y jq\nRUN apt-get update && apt-get install -y make\n';
  const { items, left } = summarizeFixes(fixAll(inputFor(text), 'review'));
  const rules = items.map(({ rule }) => rule);
  assert.deepEqual(rules, [...new Set(rules)]);
  const recommends = items.find(({ rule }) => rule === 'recommended-packages-installed');
  assert.deepEqual(recommends?.titles, ['Add --no-install-recommends']);
  assert.deepEqual(recommends.assumptions, ['Nothing relies on a package that is only recommended.']);
  assert.deepEqual(left, []);
});

test('of fixes that are turned down nothing is made', () => {
  const { text } = fixAll(input, 'review', ({ rule }) => rule !== 'single-stage-build');
  assert.doesNotMatch(text, /AS builder/);
  assert.match(text, /^USER node$/m);
});

test('dependencies for development are called installed only where the manifest names some', () => {
  const dockerfile =
    'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["npm", "run", "dev"]\n';
  const stateWith = (manifest: object) =>
    analyze(inputFor(dockerfile, { 'package.json': JSON.stringify(manifest) })).checklist.find(
      ({ id }) => id === 'production-dependencies',
    )?.state;
  assert.equal(stateWith({ dependencies: { fastify: '5.0.0' } }), 'done');
  assert.equal(stateWith({ devDependencies: { nodemon: '3.0.0' } }), 'open');
});
