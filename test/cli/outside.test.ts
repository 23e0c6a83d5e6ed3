/** Files that are no files, links that lead out, and text that would drive a terminal or a pipeline. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { diskFiles } from '../../server/src/host/files.ts';
import { run, temporaryFolder } from './support.ts';

const dirty = 'FROM heavy\nUSER root\n';
const fixed = 'FROM heavy\nUSER node\n';

describe('what is no regular file is not read', () => {
  const cases: Readonly<Record<string, (path: string) => void>> = {
    'a pipe': (path) => assert.equal(spawnSync('mkfifo', [path]).status, 0),
    'a device without an end': (path) => symlinkSync('/dev/zero', path),
    'the environment of the process': (path) => symlinkSync('/proc/self/environ', path),
    'a folder': (path) => mkdirSync(path),
    'a link to itself': (path) => symlinkSync(path, path),
  };
  for (const [name, make] of Object.entries(cases)) {
    for (const file of ['Dockerfile', '.ballast.json']) {
      test(`${name} as ${file}`, async (t) => {
        const folder = temporaryFolder(t, { 'a/Dockerfile': dirty });
        make(join(folder, file));
        const named = await run(folder, ['check', '-f', 'json', 'a/Dockerfile', 'Dockerfile']);
        assert.ok(!named.stdout.includes('PATH='));
        assert.ok(!named.stderr.includes('PATH='));
        // Whatever became of that file, the other one was read.
        const found = await run(folder, ['check', '-f', 'json', '.']);
        assert.ok(!found.stdout.includes('PATH='));
      });
    }
  }

  test('a project file of many megabytes', async (t) => {
    const folder = temporaryFolder(t, { Dockerfile: dirty });
    writeFileSync(join(folder, '.ballast.json'), Buffer.alloc(20_000_000, 0x20));
    assert.match((await run(folder, ['check'])).stderr, /larger than 16 MB/);
  });
});

describe('a project file that no one writes', () => {
  for (const [name, text, message] of [
    ['nested without end', '['.repeat(100_000), /not valid JSON: nested too deeply/],
    ['deep in values', `{"rules":${'{"a":'.repeat(9_000)}1`, /not valid JSON: nested too deeply/],
    ['of hundreds of thousands of rules', `{"rules":{${'"a":"off",'.repeat(50_000)}}}`, /larger than 200 kB/],
  ] as const) {
    test(name, async (t) => {
      const folder = temporaryFolder(t, { Dockerfile: dirty, '.ballast.json': text });
      const { code, stderr } = await run(folder, ['check']);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.equal(stderr.split('\n').length, 2);
    });
  }
});

describe('links that lead out of the project', () => {
  const withSecret = (t: TestContext): { outside: string; folder: string } => {
    const outside = temporaryFolder(t, { secret: 'FROM heavy\nUSER root\nENV KEY=hush\n' });
    return { outside, folder: temporaryFolder(t, { Dockerfile: dirty }) };
  };

  test('are refused for reading and writing, and say so', async (t) => {
    const { outside, folder } = withSecret(t);
    rmSync(join(folder, 'Dockerfile'));
    symlinkSync(join(outside, 'secret'), join(folder, 'Dockerfile'));
    for (const command of ['check', 'fix', 'slim', 'report']) {
      const { code, stdout, stderr } = await run(folder, [command, 'Dockerfile']);
      assert.equal(code, 2);
      assert.match(stderr, /Dockerfile: is a link that leads out of the project/);
      assert.ok(!`${stdout}${stderr}`.includes('hush'));
    }
    assert.match(readFileSync(join(outside, 'secret'), 'utf8'), /USER root/);
  });

  test('nor is a project file read through one', async (t) => {
    const { outside, folder } = withSecret(t);
    symlinkSync(join(outside, 'secret'), join(folder, '.ballast.json'));
    const { code, stderr } = await run(folder, ['check']);
    assert.equal(code, 2);
    assert.match(stderr, /\.ballast\.json: is a link that leads out/);
    assert.ok(!stderr.includes('FROM'));
  });

  test('nor is a report or a baseline written through one', async (t) => {
    const { outside, folder } = withSecret(t);
    const secret = readFileSync(join(outside, 'secret'), 'utf8');
    for (const [args, name] of [
      [['check', '-f', 'sarif', '-o', 'out.sarif'], 'out.sarif'],
      [['check', '-f', 'json', '-o', 'reports/secret'], 'reports'],
      [['report', '-o', 'page.html'], 'page.html'],
      [['baseline'], '.ballast-baseline.json'],
    ] as const) {
      symlinkSync(name === 'reports' ? outside : join(outside, 'secret'), join(folder, name));
      const { code, stderr } = await run(folder, args);
      assert.equal(code, 2);
      assert.match(stderr, /will not be written: a link leads out of the project/);
      assert.equal(readFileSync(join(outside, 'secret'), 'utf8'), secret);
      rmSync(join(folder, name));
    }
    // What is named elsewhere is meant, links and all.
    symlinkSync(join(outside, 'secret'), join(outside, 'link'));
    assert.equal((await run(folder, ['check', '-f', 'json', '-o', join(outside, 'link')])).code, 1);
    assert.notEqual(readFileSync(join(outside, 'secret'), 'utf8'), secret);
  });

  test('inside the project are followed', async (t) => {
    const folder = temporaryFolder(t, { 'docker/prod': dirty, '.git/HEAD': '' });
    symlinkSync('docker/prod', join(folder, 'Dockerfile'));
    assert.equal((await run(folder, ['fix'])).code, 0);
    assert.equal(readFileSync(join(folder, 'docker/prod'), 'utf8'), fixed);
  });
});

describe('writing', () => {
  test('goes into a device or a pipe that is named', async (t) => {
    const folder = temporaryFolder(t, { Dockerfile: dirty });
    assert.equal((await run(folder, ['check', '-f', 'sarif', '-o', '/dev/null'])).code, 1);
    assert.ok(statSync('/dev/null').isCharacterDevice());
  });

  test('replaces an old report of any length', async (t) => {
    const folder = temporaryFolder(t, { Dockerfile: dirty, 'out.json': new Uint8Array(17 * 1024 * 1024) });
    assert.equal((await run(folder, ['check', '-f', 'json', '-o', 'out.json'])).code, 1);
    assert.equal(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')).format, 1);
  });

  test('names the file that cannot be written', async (t) => {
    const folder = temporaryFolder(t, { Dockerfile: dirty, 'folder/a': '' });
    const { code, stderr } = await run(folder, ['baseline', '-o', 'folder']);
    assert.deepEqual([code, stderr], [2, 'ballast: folder: cannot be written: it is a folder\n']);
  });

  test('names the settings that cannot be written', async (t) => {
    const gone = join(temporaryFolder(t, {}), 'gone');
    for (const args of [['init'], ['migrate', 'hadolint', '--write']]) {
      const { code, stderr } = await run(gone, args);
      assert.equal(code, 2);
      assert.equal(stderr, 'ballast: .ballast.json: cannot be written: no such file or folder\n');
    }
  });

  test('two formats do not overwrite each other, and no file is forgotten', async (t) => {
    const folder = temporaryFolder(t, { Dockerfile: dirty });
    const twice = await run(folder, ['check', '-f', 'json', '-f', 'sarif', '-o', 'a', '-o', './a']);
    assert.deepEqual([twice.code, twice.stderr], [2, 'ballast: two formats cannot go to ./a\n']);
    const more = await run(folder, ['check', '-f', 'json', '-o', 'a', '-o', 'b']);
    assert.deepEqual([more.code, more.stderr], [2, 'ballast: no --format belongs to --output b\n']);
  });

  test('leaves the other name of a hard link as it was', async (t) => {
    const folder = temporaryFolder(t, { Dockerfile: dirty });
    linkSync(join(folder, 'Dockerfile'), join(folder, 'backup'));
    await run(folder, ['fix', 'Dockerfile']);
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), fixed);
    assert.equal(readFileSync(join(folder, 'backup'), 'utf8'), dirty);
  });

  test('takes the longest name there is', async (t) => {
    const name = `Dockerfile.${'x'.repeat(244)}`;
    const folder = temporaryFolder(t, { [name]: dirty });
    assert.equal((await run(folder, ['fix'])).code, 0);
    assert.equal(readFileSync(join(folder, name), 'utf8'), fixed);
    assert.deepEqual(readdirSync(folder), [name]);
  });

  test('says why it cannot, as a user that is not root', (t) => {
    const folder = temporaryFolder(t, { 'file/Dockerfile': dirty, 'folder/Dockerfile': dirty });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'file/Dockerfile'), 0o444);
    chmodSync(join(folder, 'folder'), 0o555);
    const messages = asNobody(() =>
      ['file', 'folder'].map((name) => {
        try {
          const bytes = new TextEncoder();
          diskFiles.replace(join(folder, name, 'Dockerfile'), bytes.encode(dirty), bytes.encode(fixed));
          return 'written';
        } catch (error) {
          return String(error);
        }
      }),
    );
    chmodSync(join(folder, 'folder'), 0o755);
    for (const message of messages) {
      assert.match(message, /cannot be written: permission denied/);
    }
    assert.equal(readFileSync(join(folder, 'folder/Dockerfile'), 'utf8'), dirty);
    assert.ok(!existsSync(join(folder, 'folder/.ballast')));
  });
});

describe('text from outside stays on its line', () => {
  const name = 'Dockerfile.a\n::error::b\u001b]0;c\u0007';
  for (const args of [
    ['check'],
    ['check', '-f', 'github'],
    ['fix', '--diff'],
    ['slim'],
    ['fix'],
    ['report'],
  ]) {
    test(`ballast ${args.join(' ')}`, async (t) => {
      const folder = temporaryFolder(t, { [name]: dirty });
      const { stdout, stderr } = await run(folder, args);
      for (const text of [stdout, stderr]) {
        assert.doesNotMatch(text, /^::error::b/m);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there.
        assert.doesNotMatch(text, /[\u001b\u0007]/);
      }
    });
  }

  test('in messages of failure', async (t) => {
    const folder = temporaryFolder(t, {});
    const { stderr } = await run(folder, ['check', 'no\n::error::such\u001b[2J']);
    assert.equal(stderr.split('\n').length, 2);
    assert.ok(!stderr.includes('\u001b'));
  });

  test('in a diff whose lines hold control characters', async (t) => {
    const folder = temporaryFolder(t, { Dockerfile: `${dirty}# \u001b]0;title\u0007\u009b2J\n` });
    const { stdout } = await run(folder, ['fix', '--diff']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there.
    assert.doesNotMatch(stdout, /[\u001b\u0007\u009b]/);
  });
});

/** Runs work with the rights of nobody, where the tests run as root. */
function asNobody<T>(work: () => T): T {
  if (process.getuid?.() !== 0) {
    return work();
  }
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
