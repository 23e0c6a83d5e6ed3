import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('npm start shows findings, fixes and checklist of the example, and the next steps', () => {
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
  assert.match(stdout, /Fixes for examples\/node-service\/Dockerfile\n {2}line \d+ +review {2}\S/);
  assert.equal(stdout.match(/^ {2}[✓✗?-] {2}.+: .+$/gm)?.length, 8);
  assert.match(stdout, /npm run editor/);
});
