import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { addIgnoreEntries } from '../../server/src/fixes/ignore-entry.ts';
import { createProjectReader } from '../../server/src/host/project-reader.ts';
import { isClosedIgnoreFile } from '../../server/src/project/ignore-file.ts';
import type { Project } from '../../server/src/project/project.ts';

const base = mkdtempSync(join(tmpdir(), 'ballast-ignore-link-'));
after(() => rmSync(base, { recursive: true, force: true }));

/** A build context whose `.dockerignore` is a link. */
function projectWithLink(name: string, target: string): Project {
  const root = join(base, name);
  mkdirSync(root);
  writeFileSync(join(root, 'shared.ignore'), '*.log\n');
  symlinkSync(target, join(root, '.dockerignore'));
  return { reader: createProjectReader(root), isKnown: true, dockerfile: 'Dockerfile' };
}

test('a link within the build context is read and written', () => {
  const project = projectWithLink('within', 'shared.ignore');
  assert.equal(isClosedIgnoreFile(project), false);
  assert.deepEqual(addIgnoreEntries(project, ['.git']), {
    path: '.dockerignore',
    before: '*.log\n',
    after: '*.log\n.git\n',
  });
});

test('a link that leads out or nowhere is not written: the file of the Dockerfile takes its place', () => {
  writeFileSync(join(base, 'outside.ignore'), '*.log\n');
  for (const [name, target] of [
    ['outside', '../outside.ignore'],
    ['nowhere', 'missing'],
  ] as const) {
    const project = projectWithLink(name, target);
    assert.equal(isClosedIgnoreFile(project), true, name);
    assert.deepEqual(addIgnoreEntries(project, ['.git']), {
      path: 'Dockerfile.dockerignore',
      after: '.git\n',
    });
  }
});
