import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EditedServers } from '../fuzz/edited-servers.ts';
import { editsOf } from '../fuzz/edits.ts';
import { mutants } from '../fuzz/mutants.ts';
import { pick, randomFrom } from '../fuzz/random.ts';
import { readSamples } from '../fuzz/samples.ts';
import { fuzzRun } from '../fuzz/test-runs.ts';

test('after edits the server says what it says of the same text when it is opened', async (t) => {
  const random = randomFrom(fuzzRun.seed);
  const samples = readSamples();
  const servers = await EditedServers.start();
  const until = Date.now() + fuzzRun.milliseconds;
  let count = 0;
  for (const { sample } of mutants(samples, random)) {
    if (count === fuzzRun.mostEdits || Date.now() > until) {
      break;
    }
    count++;
    const messages = editsOf(sample.text, pick(samples, random).text, random);
    const fault = await servers.faultIn(sample, messages);
    assert.equal(fault, undefined, JSON.stringify({ sample, messages }));
  }
  t.diagnostic(`${count} texts`);
  await servers.stop();
});
