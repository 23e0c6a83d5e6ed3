import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeEngine, run, temporaryFolder } from './support.ts';

const dirty = 'FROM heavy\nUSER root\n';

test('writes safe fixes and says what it did and what is left', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dirty });
  const { code, stdout } = await run(folder, ['fix']);
  assert.equal(code, 0);
  assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), 'FROM heavy\nUSER node\n');
  assert.equal(
    stdout,
    `Dockerfile
  fixed    Run as \`node\`  runs-as-root

Applied 1 fix in 1 Dockerfile. 1 more after a review: ballast slim
`,
  );
  assert.deepEqual(readdirSync(folder), ['Dockerfile'], 'no temporary file is left');
});

test('--diff shows what would change, and writes nothing', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dirty });
  const { code, stdout, stderr } = await run(folder, ['fix', '--diff']);
  assert.equal(code, 0);
  assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), dirty);
  assert.equal(stderr, 'Would apply 1 fix in 1 Dockerfile. 1 more after a review: ballast slim\n');
  assert.match(stdout, /^-USER root\n\+USER node$/m);
});

test('keeps line endings, byte order mark, mode and links', async (t) => {
  const folder = temporaryFolder(t, { 'real/prod': '\ufeffFROM x\r\nUSER root\r\n# end' });
  symlinkSync('real/prod', join(folder, 'Dockerfile'));
  chmodSync(join(folder, 'real/prod'), 0o640);
  await run(folder, ['fix']);
  assert.equal(readFileSync(join(folder, 'real/prod'), 'utf8'), '\ufeffFROM x\r\nUSER node\r\n# end');
  assert.equal(statSync(join(folder, 'real/prod')).mode & 0o777, 0o640);
  assert.ok(lstatSync(join(folder, 'Dockerfile')).isSymbolicLink());
});

test('a file without fixes is not touched', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: 'FROM x\n' });
  const before = statSync(join(folder, 'Dockerfile'));
  const { stdout } = await run(folder, ['fix']);
  assert.equal(stdout, 'Nothing to fix safely.\n');
  assert.equal(statSync(join(folder, 'Dockerfile')).ino, before.ino);
});

test('refuses a file that changed meanwhile, and goes on with the others', async (t) => {
  const folder = temporaryFolder(t, { 'a/Dockerfile': dirty, 'b/Dockerfile': dirty });
  const path = join(folder, 'a/Dockerfile');
  const { code, stderr } = await run(folder, ['fix'], {
    engine: {
      fixAll: (...args) => {
        writeFileSync(path, 'FROM somebody-else\n');
        return fakeEngine.fixAll(...args);
      },
    },
  });
  assert.equal(code, 2);
  assert.equal(stderr, 'ballast: a/Dockerfile: changed meanwhile; nothing was written\n');
  assert.equal(readFileSync(path, 'utf8'), 'FROM somebody-else\n');
  assert.equal(readFileSync(join(folder, 'b/Dockerfile'), 'utf8'), 'FROM heavy\nUSER node\n');
  assert.deepEqual(readdirSync(join(folder, 'a')), ['Dockerfile']);
});

test('refuses files beside the Dockerfile that are not what the fix was made for', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dirty, '.dockerignore': 'mine\n' });
  const change = (path: string, before?: string) =>
    run(folder, ['fix'], {
      engine: {
        fixAll: (_text, project) => ({
          text: 'FROM changed\n',
          files: [{ path, after: 'x\n', ...(before === undefined ? {} : { before }) }],
          applied: [],
          left: [],
          failures: [],
          project,
        }),
      },
    });
  for (const [path, before, message] of [
    ['.dockerignore', undefined, /\.dockerignore was created meanwhile/],
    ['.dockerignore', 'yours\n', /\.dockerignore changed meanwhile/],
    ['gone', 'x', /gone was removed meanwhile/],
    ['../outside', undefined, /outside the build context/],
  ] as const) {
    const { code, stderr } = await change(path, before);
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), dirty, 'the Dockerfile stays as it was');
  }
  assert.equal((await change('.dockerignore', 'mine\n')).code, 0);
  assert.equal(readFileSync(join(folder, '.dockerignore'), 'utf8'), 'x\n');
  assert.equal(existsSync(join(folder, '../outside')), false);
});

test('refuses bytes that are no UTF-8 text', async (t) => {
  const bytes = Uint8Array.from([...new TextEncoder().encode('USER root '), 0xff]);
  const folder = temporaryFolder(t, { Dockerfile: bytes });
  const { code, stdout, stderr } = await run(folder, ['fix']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.equal(stderr, 'ballast: Dockerfile: is not UTF-8 text; nothing was written\n');
  assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'Dockerfile'))), bytes);
});

test('standard input comes back fixed', async (t) => {
  const folder = temporaryFolder(t, {});
  const { code, stdout, stderr } = await run(folder, ['fix', '-'], { stdin: '\ufeffUSER root\r\n' });
  assert.equal(code, 0);
  assert.equal(stdout, '\ufeffUSER node\r\n');
  assert.equal(stderr, 'Applied 1 fix in 1 Dockerfile.\n');
});
