import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mustBuild } from './support/build.ts';
import type { ProofCase } from './support/cases.ts';
import { configDifferences, fileDifferences } from './support/compare.ts';
import { makeContext } from './support/context.ts';
import { gatherEach } from './support/evidence.ts';
import { imageFiles } from './support/files.ts';
import type { Fixer } from './support/fixers.ts';
import { imageConfig } from './support/image.ts';
import { withStorage } from './support/lock.ts';
import { prepareBasesOf, removeImages } from './support/prove.ts';
import { whyNoBuilds } from './support/tools.ts';

// A test of the suite itself: fixes that are wrong on purpose must be caught.

const reason = whyNoBuilds();
const skip = reason ?? false;
const folder = join(import.meta.dirname, 'wrong');

function wrongCase(
  name: string,
  details: Pick<ProofCase, 'requests' | 'change'> & Partial<ProofCase>,
): ProofCase {
  const project = join(folder, name);
  return {
    name: `wrong-${name}`,
    ecosystem: '',
    project,
    expectations: project,
    factor: 1,
    short: true,
    ...details,
  };
}

const replaceWith =
  (file: string): Fixer =>
  async (proof, context) => {
    context.write('Dockerfile', readFileSync(join(proof.project, file), 'utf8'));
    return [];
  };

const movedCopy = wrongCase('moved-copy', {
  port: 3000,
  requests: [{ path: '/pages', answer: /about/ }],
  change: { file: 'server.js', text: '\n// A comment.\n' },
});

const missingLibrary = wrongCase('missing-library', {
  requests: [],
  prints: /^42\n$/,
  change: { file: 'question.sql', text: '\n-- A comment.\n' },
});

const noWriteAccess = wrongCase('no-write-access', {
  port: 3000,
  requests: [{ path: '/visits', answer: /^1$/ }],
  change: { file: 'server.js', text: '\n// A comment.\n' },
});

for (const proof of [movedCopy, missingLibrary, noWriteAccess]) {
  test(`${proof.name}: a wrong fix is caught, the right one is not`, { skip }, async () => {
    const fixers = [replaceWith('wrong.Dockerfile'), replaceWith('right.Dockerfile')];
    const [wrong, right] = await gatherEach(proof, fixers, false);
    assert.ok(
      wrong !== undefined && right !== undefined && !(wrong instanceof Error) && !(right instanceof Error),
    );
    assert.deepEqual(wrong.wrongBefore, []);
    assert.notDeepEqual(wrong.wrongAfter, []);
    assert.deepEqual(right.wrongAfter, []);
  });
}

test('a changed owner, mode, content, file and setting are seen by the comparison of images', {
  skip,
}, async () => {
  await withStorage(compareImages);
});

async function compareImages(): Promise<void> {
  const images = ['localhost/compare:before', 'localhost/compare:after'] as const;
  const context = makeContext(movedCopy.project);
  const text = 'FROM debian:bookworm-slim\nCOPY server.js package.json /srv/\n';
  try {
    await prepareBasesOf(text);
    context.write('Dockerfile', `${text}USER 1\nCMD ["true"]\n`);
    await mustBuild(context, images[0]);
    context.write(
      'Dockerfile',
      `${text}RUN chown 7:7 /srv/server.js && chmod 700 /srv/package.json && rm /etc/issue && echo x > /etc/motd\nUSER 2\nENV A=b\nCMD ["true"]\n`,
    );
    await mustBuild(context, images[1]);
    const [before, after] = [await imageFiles(images[0]), await imageFiles(images[1])];
    assert.deepEqual(fileDifferences(before, before), []);
    assert.deepEqual(fileDifferences(before, after), [
      '/etc/issue removed',
      '/etc/motd has other contents',
      '/srv/package.json has mode 700, had 644',
      '/srv/server.js belongs to 7:7, was 0:0',
    ]);
    assert.deepEqual(fileDifferences(before, after, [/^\/etc\//, /^\/srv\//]), []);
    const differing = configDifferences(await imageConfig(images[0]), await imageConfig(images[1]));
    assert.deepEqual(
      differing.map((line) => line.split(':')[0]),
      ['user', 'env'],
    );
  } finally {
    context.remove();
    await removeImages(images);
  }
}
