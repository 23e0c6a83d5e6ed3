/** A process that is killed while it writes leaves whole files behind: the old ones or the new ones. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fileCache } from '../../server/src/host/images/image-cache.ts';
import { temporaryFolder } from './support.ts';

const entry = fileURLToPath(new URL('../../server/src/host/cli.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

/** Kills the process in the middle of the first write of a file, or in front of the first renaming. */
const killers: Readonly<Record<string, string>> = {
  'in the middle of a write': `
    const write = fs.writeFileSync;
    fs.writeFileSync = (path, data, options) => {
      write(path, Buffer.from(data).subarray(0, data.length / 2), options);
      process.kill(process.pid, 'SIGKILL');
    };`,
  'in front of the renaming': `
    fs.renameSync = () => process.kill(process.pid, 'SIGKILL');`,
};

function killedRun(folder: string, killer: string, args: readonly string[]): NodeJS.Signals | null {
  const hook = join(folder, 'hook.mjs');
  writeFileSync(
    hook,
    `import fs from 'node:fs';\nimport { syncBuiltinESMExports } from 'node:module';\n${killer}\nsyncBuiltinESMExports();\n`,
  );
  const words = ['--import', tsx, '--import', pathToFileURL(hook).href, entry, ...args];
  return spawnSync(process.execPath, words, { cwd: folder, stdio: 'pipe' }).signal;
}

const dockerfile =
  'FROM debian:13\nMAINTAINER a <a@example.com>\nRUN apt-get update && apt-get install -y curl\n';

const commands: readonly { readonly args: readonly string[]; readonly file: string }[] = [
  { args: ['fix', 'Dockerfile'], file: 'Dockerfile' },
  { args: ['slim', '--write', 'Dockerfile'], file: 'Dockerfile' },
  { args: ['baseline'], file: '.ballast-baseline.json' },
];

for (const [when, killer] of Object.entries(killers)) {
  describe(`killed ${when}`, () => {
    for (const { args, file } of commands) {
      test(`ballast ${args.join(' ')}`, (t) => {
        const folder = temporaryFolder(t, { Dockerfile: dockerfile, '.git/HEAD': '' });
        assert.equal(killedRun(folder, killer, args), 'SIGKILL');
        assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), dockerfile);
        const isNew = file !== 'Dockerfile';
        assert.equal(existsSync(join(folder, file)), !isNew);
        // The next run is not disturbed by what is left, and takes none of it for a Dockerfile.
        const words = ['--import', tsx, entry, ...args];
        const again = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
        assert.equal(again.signal, null);
        assert.notEqual(readFileSync(join(folder, file), 'utf8'), isNew ? '' : dockerfile, again.stderr);
        assert.ok(
          readdirSync(folder).filter((name) => name.startsWith('.ballast-') && name !== file).length <= 1,
        );
      });
    }
  });
}

test('a cache that was cut off while it was written counts as empty, and is written anew', async (t) => {
  const folder = temporaryFolder(t, {});
  const path = join(folder, 'images.json');
  writeFileSync(path, '{"version":1,"images":{"node:22":{"lear');
  const cache = fileCache(path, () => Date.parse('2026-11-30'));
  assert.equal((await cache.read()).size, 0);
  await cache.add(new Map());
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { version: 1, images: {} });
});
