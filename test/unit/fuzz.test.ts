import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from '../fuzz/examine.ts';
import { mutants } from '../fuzz/mutants.ts';
import { randomFrom } from '../fuzz/random.ts';
import { readSamples } from '../fuzz/samples.ts';

/** As long as the test may take; `npm run fuzz` goes on for longer. */
const milliseconds = 20_000;
const mostMutants = 400;

test('mutants of the fixtures are answered, and their fixes hold', () => {
  const random = randomFrom(20_261_130);
  const until = Date.now() + milliseconds;
  let count = 0;
  for (const { sample } of mutants(readSamples(), random)) {
    if (++count > mostMutants || Date.now() > until) {
      break;
    }
    const { fault } = examine(sample);
    // How long something takes on a machine that others use is no matter of a unit test.
    assert.ok(fault === undefined || fault === 'slow', `${fault}\n${JSON.stringify(sample)}`);
  }
});
