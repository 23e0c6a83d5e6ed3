import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proofCases } from './support/cases.ts';
import { gather } from './support/evidence.ts';
import { byBallast } from './support/fixers.ts';
import { whyNoBuilds } from './support/tools.ts';

const reason = whyNoBuilds();

// What Ballast makes of each Dockerfile builds, does the same, is far smaller, and does not run as root.
for (const proof of proofCases.filter((candidate) => candidate.short)) {
  test(`${proof.name}: Ballast's fixes make a smaller image that does the same`, {
    skip: reason ?? false,
  }, async (context) => {
    const evidence = await gather(proof, byBallast('review'));
    context.diagnostic(evidence.done.join('; '));
    assert.deepEqual(evidence.wrongBefore, []);
    assert.deepEqual(evidence.wrongAfter, [], evidence.after.dockerfile);
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
