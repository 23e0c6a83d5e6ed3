import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from '../fuzz/examine.ts';
import { mutants } from '../fuzz/mutants.ts';
import { randomFrom } from '../fuzz/random.ts';
import { readSamples } from '../fuzz/samples.ts';
import { fuzzRun } from '../fuzz/test-runs.ts';

test('mutants of the fixtures are answered, and their fixes hold', (t) => {
  const until = Date.now() + fuzzRun.milliseconds;
  let count = 0;
  for (const { sample } of mutants(readSamples(), randomFrom(fuzzRun.seed))) {
    if (count === fuzzRun.mostMutants || Date.now() > until) {
      break;
    }
    count++;
    const { fault } = examine(sample, count % 8 === 0);
    // How long something takes on a machine that others use is no matter of a test.
    assert.ok(fault === undefined || fault === 'slow', `${fault}\n${JSON.stringify(sample)}`);
  }
  t.diagnostic(`${count} mutants`);
});
