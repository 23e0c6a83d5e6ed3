import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { installNode, otherNodeVersions } from '../../scripts/setup/node-versions.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist/cli.cjs');
/** Of a run over one short file, in KiB: twice what it takes. */
const mostMemory = 200_000;

/** Writes the most memory that the process has held at its end, in KiB. V8 has a while to optimize what it wants to. */
const printsMemory = `
process.once('beforeExit', () => {
  setTimeout(() => require('node:fs').writeFileSync('memory', String(process.resourceUsage().maxRSS)), 1000);
});
`;

let folder = '';

before(() => {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: root, stdio: 'ignore' });
  folder = mkdtempSync(join(tmpdir(), 'ballast-node-'));
  writeFileSync(join(folder, 'memory.cjs'), printsMemory);
  writeFileSync(
    join(folder, 'Dockerfile'),
    'FROM node:22\nCOPY . .\nRUN apt-get install curl\nCMD npm start\n',
  );
});

after(() => rmSync(folder, { recursive: true, force: true }));

function check(node: string) {
  const args = ['-r', join(folder, 'memory.cjs'), cli, 'check', '--format', 'json', 'Dockerfile'];
  const run = spawnSync(node, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, BALLAST_OFFLINE: '1', NO_COLOR: '1' },
  });
  const memory = Number(readFileSync(join(folder, 'memory'), 'utf8'));
  rmSync(join(folder, 'memory'));
  return { status: run.status, stdout: run.stdout, stderr: run.stderr, memory };
}

describe('the command line on every Node.js that is maintained', () => {
  for (const version of otherNodeVersions) {
    test(`Node.js ${version}`, (t) => {
      const node = installNode(version);
      if ('failure' in node) {
        assert.notEqual(process.env['CI'], 'true', node.failure);
        t.skip(node.failure);
        return;
      }
      const expected = check(process.execPath);
      const { memory, ...found } = check(node.path);
      assert.equal(found.stderr, '');
      assert.equal(found.stdout, expected.stdout);
      assert.equal(found.status, expected.status);
      assert.ok(memory < mostMemory, `${memory} KiB`);
    });
  }
});
