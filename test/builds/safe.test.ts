import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { proofCases } from './support/cases.ts';
import { compareSafeCase, compareSafeFixes, safeCases } from './support/safe.ts';
import { whyNoBuilds } from './support/tools.ts';

// A fix is safe when the container is the same: its files, but for caches, and all of its settings.

const skip = whyNoBuilds() ?? false;

for (const proof of proofCases.filter((candidate) => candidate.short)) {
  test(`${proof.name}: the safe fixes change nothing that the container can tell`, {
    skip,
  }, async (context) => {
    const { done, differences } = await compareSafeFixes(proof.name, proof.project);
    context.diagnostic(done.length === 0 ? 'no safe fix is offered' : done.join('; '));
    assert.deepEqual(differences, []);
  });
}

for (const one of safeCases()) {
  test(`${one.rule}, ${one.topic}: its safe fixes change nothing that the container can tell`, {
    skip,
  }, async (context) => {
    const { done, differences } = await compareSafeCase(one);
    context.diagnostic(done.join('; '));
    assert.deepEqual(differences, []);
  });
}

test('every rule that has a safe fix has it proven by a build', () => {
  const fixtures = join(import.meta.dirname, '../fixtures/rules');
  const rules = new Set(
    readdirSync(fixtures)
      .filter((file) => / fix:safe\b/.test(readFileSync(join(fixtures, file), 'utf8')))
      .map((file) => file.replace(/\..*$/, '')),
  );
  const proven = new Set(safeCases().map((one) => one.rule));
  assert.deepEqual([...rules].filter((rule) => !proven.has(rule)).sort(), []);
});
