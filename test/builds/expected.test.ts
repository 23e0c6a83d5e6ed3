import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proofCases } from './support/cases.ts';
import { gather } from './support/evidence.ts';
import { byHand } from './support/fixers.ts';
import { whyNoBuilds } from './support/tools.ts';

const reason = whyNoBuilds();

// The Dockerfiles written by hand show what a fix may be measured against, and that the suite sees what it should.
for (const proof of proofCases.filter((candidate) => candidate.short)) {
  test(`${proof.name}: the Dockerfile written by hand does the same in a smaller image`, {
    skip: reason ?? false,
  }, async () => {
    const evidence = await gather(proof, byHand);
    assert.deepEqual(evidence.wrongBefore, []);
    assert.deepEqual(evidence.wrongAfter, []);
    const [before, after] = [evidence.before.observed, evidence.after.observed];
    const factor = before.size.disk / after.size.disk;
    assert.ok(
      factor >= proof.factor,
      `${factor.toFixed(1)} times smaller, at least ${proof.factor} expected`,
    );
    assert.ok(!after.userIds.includes(0), 'a process of the container runs as root');
    assert.ok(after.stops || !before.stops, 'the program no longer ends when it is asked to');
  });
}
