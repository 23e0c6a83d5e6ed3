import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EditedServers } from '../fuzz/edited-servers.ts';
import { editsOf } from '../fuzz/edits.ts';
import { mutants } from '../fuzz/mutants.ts';
import { pick, randomFrom } from '../fuzz/random.ts';
import { readSamples } from '../fuzz/samples.ts';

/** As long as the test may take; `npm run fuzz -- MINUTES --edits` goes on for longer. */
const milliseconds = 20_000;
const mostTexts = 60;

test('after edits the server says what it says of the same text when it is opened', async () => {
  const random = randomFrom(20_261_130);
  const samples = readSamples();
  const servers = await EditedServers.start();
  const until = Date.now() + milliseconds;
  let count = 0;
  for (const { sample } of mutants(samples, random)) {
    if (++count > mostTexts || Date.now() > until) {
      break;
    }
    const messages = editsOf(sample.text, pick(samples, random).text, random);
    const fault = await servers.faultIn(sample, messages);
    assert.equal(fault, undefined, JSON.stringify({ sample, messages }));
  }
  await servers.stop();
});
