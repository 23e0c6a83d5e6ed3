import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('npm start shows findings, layers, checklist and diff of the example, and the next steps', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  for (const rule of [
    'single-stage-build',
    'runs-as-root',
    'sources-copied-before-install',
    'healthcheck-missing',
  ]) {
    assert.match(stdout, new RegExp(`${rule}\\b`));
  }
  assert.match(stdout, /^ {4}1 {2}FROM node:22 +≈ 1\.1 GB {2}base image$/m);
  assert.equal(stdout.match(/^ {2}[✓✗?-] {2}\S/gm)?.length, 8);
  assert.match(stdout, /^\+FROM node:22-slim$/m);
  assert.match(stdout, /checklist 0 of 8 → 8 of 8/);
  assert.match(stdout, /npm run editor/);
});
