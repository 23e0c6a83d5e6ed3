import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultIn } from '../fuzz/examine.ts';
import { mutate, randomFrom } from '../fuzz/mutate.ts';
import { readSamples } from '../fuzz/samples.ts';

/** As long as the test may take; `npm run fuzz` goes on for longer. */
const milliseconds = 20_000;
const mostMutants = 400;

test('mutants of the fixtures are answered, and their fixes hold', () => {
  const random = randomFrom(20_261_130);
  const samples = readSamples();
  const until = Date.now() + milliseconds;
  for (let i = 0; i < mostMutants && Date.now() < until; i++) {
    const sample = samples[Math.floor(random() * samples.length)] ?? { text: '' };
    const other = samples[Math.floor(random() * samples.length)]?.text ?? '';
    const mutant = { ...sample, text: mutate(sample.text, other, random) };
    const fault = faultIn(mutant);
    // How long something takes on a machine that others use is no matter of a unit test.
    assert.ok(fault === undefined || fault === 'slow', `${fault}\n${JSON.stringify(mutant.text)}`);
  }
});
