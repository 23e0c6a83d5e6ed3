import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mustBuild } from './support/build.ts';
import { type ProofCase, proofCases } from './support/cases.ts';
import { configDifferences, fileDifferences } from './support/compare.ts';
import { makeContext } from './support/context.ts';
import { imageFiles } from './support/files.ts';
import { byBallast } from './support/fixers.ts';
import { imageConfig } from './support/image.ts';
import { withStorage } from './support/lock.ts';
import { prepareBasesOf, removeImages } from './support/prove.ts';
import { whyNoBuilds } from './support/tools.ts';

const reason = await whyNoBuilds();

/** What differs between any two builds of one Dockerfile: logs, the dynamic linker's cache, compiled Python with its times. */
const everyBuild = [
  /^\/var\/log\//,
  /^\/var\/cache\/ldconfig\//,
  /\/__pycache__(\/|$)/,
  /^\/tmp(\/|$)/,
  /^\/root\/\.npm\/_logs/,
  // Counters of Go's own telemetry: the toolchain writes other numbers in every run.
  /^\/root\/\.config\/go\/telemetry(\/|$)/,
];

/** The Dockerfile itself is copied by `COPY . .`. */
const dockerfile = [/\/Dockerfile$/];

/** What the safe fixes are there to leave out. */
const caches = [
  /^\/root\/\.npm(\/|$)/,
  /^\/root\/\.cache(\/|$)/,
  /^\/usr\/local\/share\/\.cache(\/|$)/,
  /^\/var\/lib\/apt\/lists\//,
  /^\/var\/cache\/(apt|debconf)\//,
  /^\/root\/\.composer(\/|$)/,
];

// A fix is safe when the container is the same: its files, but for caches, and all of its settings.
for (const proof of proofCases.filter((candidate) => candidate.short)) {
  test(`${proof.name}: the safe fixes change nothing that the container can tell`, {
    skip: reason ?? false,
  }, async (context) => {
    const done = await withStorage(() => compareSafeFixes(proof));
    context.diagnostic(done.length === 0 ? 'no safe fix is offered' : done.join('; '));
  });
}

async function compareSafeFixes(proof: ProofCase): Promise<readonly string[]> {
  const images = [`localhost/safe-${proof.name}:before`, `localhost/safe-${proof.name}:after`] as const;
  const [naive, fixed] = [makeContext(proof.project), makeContext(proof.project)];
  try {
    const done = await byBallast('safe')(proof, fixed);
    if (done.length === 0) return done;
    await prepareBasesOf(readFileSync(join(naive.folder, 'Dockerfile'), 'utf8'));
    await mustBuild(naive, images[0]);
    await mustBuild(fixed, images[1]);
    const [before, after] = [await imageFiles(images[0]), await imageFiles(images[1])];
    assert.deepEqual(fileDifferences(before, after, [...everyBuild, ...dockerfile, ...caches]), []);
    assert.deepEqual(configDifferences(await imageConfig(images[0]), await imageConfig(images[1])), []);
    return done;
  } finally {
    naive.remove();
    fixed.remove();
    await removeImages(images);
  }
}
