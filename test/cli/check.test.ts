import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { emptyReport, type Report } from '../../server/src/engine/report.ts';
import { run, temporaryFolder } from './support.ts';

const clean = 'FROM node:22\n';
const dirty = 'FROM heavy\nUSER root\n';

test('finds Dockerfiles by name, in folders below, each once', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: clean,
    'Dockerfile.web': clean,
    'api.Dockerfile': clean,
    'b/worker.dockerfile': clean,
    'b/Containerfile': clean,
    'Dockerfile.dockerignore': clean,
    DockerfileX: clean,
    'node_modules/a/Dockerfile': clean,
    '.git/Dockerfile': clean,
    'readme.md': clean,
  });
  const { code, stdout } = await run(folder, ['check', '-f', 'json', '.', 'Dockerfile', 'b']);
  assert.equal(code, 0);
  assert.deepEqual(pathsIn(stdout), [
    'Dockerfile',
    'Dockerfile.web',
    'api.Dockerfile',
    'b/Containerfile',
    'b/worker.dockerfile',
  ]);
});

test('leaves out what Git ignores, the deeper file deciding', async (t) => {
  const folder = temporaryFolder(t, {
    '.git/HEAD': '',
    '.gitignore': 'build/\n*.web\n/top\n',
    'Dockerfile.web': clean,
    'build/Dockerfile': clean,
    'a/.gitignore': '!Dockerfile.web\nDockerfile\n',
    'a/Dockerfile': clean,
    'a/Dockerfile.web': clean,
    'a/b/Dockerfile': clean,
    'a/top/Dockerfile.x': clean,
    'top/Dockerfile.y': clean,
  });
  const all = await run(folder, ['check', '-f', 'json']);
  assert.deepEqual(pathsIn(all.stdout), ['a/Dockerfile.web', 'a/top/Dockerfile.x']);
  const below = await run(join(folder, 'a'), ['check', '-f', 'json']);
  assert.deepEqual(
    pathsIn(below.stdout),
    ['Dockerfile.web', 'top/Dockerfile.x'],
    'rules of folders above hold',
  );
  const named = await run(folder, ['check', '-f', 'json', 'build', 'a/Dockerfile']);
  assert.deepEqual(pathsIn(named.stdout), ['build/Dockerfile', 'a/Dockerfile'], 'what is named is read');
});

test('leaves out dependencies of Go and PHP that are copied into the project', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: clean,
    'vendor/modules.txt': '# example.org/a v1.0.0\n',
    'vendor/example.org/a/Dockerfile': clean,
    'site/vendor/autoload.php': '<?php\n',
    'site/vendor/a/Dockerfile': clean,
    'shop/vendor/Dockerfile': clean,
  });
  const all = await run(folder, ['check', '-f', 'json', '.']);
  assert.deepEqual(pathsIn(all.stdout), ['Dockerfile', 'shop/vendor/Dockerfile']);
  const named = await run(folder, ['check', '-f', 'json', 'vendor']);
  assert.deepEqual(pathsIn(named.stdout), ['vendor/example.org/a/Dockerfile'], 'what is named is read');
});

test('follows links to files once and links to folders never', async (t) => {
  const folder = temporaryFolder(t, { 'docker/Dockerfile.prod': clean });
  symlinkSync('docker/Dockerfile.prod', join(folder, 'Dockerfile'));
  symlinkSync('..', join(folder, 'docker/up'));
  const { code, stdout } = await run(folder, ['check', '-f', 'json']);
  assert.equal(code, 0);
  assert.deepEqual(pathsIn(stdout), ['Dockerfile']);
});

test('exit code 1 from the threshold on', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dirty, taste: 'taste', broken: '???' });
  const code = async (...args: string[]): Promise<number> => (await run(folder, ['check', ...args])).code;
  assert.equal(await code(), 1);
  assert.equal(await code('--fail-on', 'error'), 0);
  assert.equal(await code('--fail-on', 'never'), 0);
  assert.equal(await code('taste'), 0);
  assert.equal(await code('--fail-on', 'information', 'taste'), 0);
  assert.equal(await code('--fail-on', 'hint', 'taste'), 1);
  assert.equal(await code('--fail-on', 'error', 'broken'), 1);
});

test('exit code 2 and one line for what cannot be used', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: clean,
    'bad.json': '{',
    'odd.json': '{"rules":{"a":"loud"}}',
  });
  const cases: [string[], RegExp][] = [
    [['check', 'nowhere'], /^ballast: nowhere: no such file or folder\n$/],
    [['check', '--config', 'nowhere.json'], /^ballast: nowhere\.json: no such file or folder\n$/],
    [['check', '--config', 'bad.json'], /^ballast: bad\.json: not valid JSON: .+\n$/],
    [['check', '--config', 'odd.json'], /^ballast: odd\.json: rules\.a: .+\n$/],
    [['check', '--format', 'xml'], /^ballast: option .*--format.* argument 'xml' is invalid\. .+\n$/],
    [['check', '--frmat', 'json'], /^ballast: unknown option '--frmat' .*--format.*\n$/],
    [['chekc'], /^ballast: unknown command 'chekc' .*check.*\n$/],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await run(folder, args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, expected);
    assert.equal(stdout, '', args.join(' '));
  }
});

test('a missing file does not hide what others hold', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dirty });
  const { code, stdout, stderr } = await run(folder, ['check', 'nowhere', 'Dockerfile']);
  assert.equal(code, 2);
  assert.match(stderr, /nowhere: no such file/);
  assert.match(stdout, /runs-as-root/);
});

test('reads standard input', async (t) => {
  const folder = temporaryFolder(t, {});
  const { code, stdout } = await run(folder, ['check', '-'], { stdin: dirty });
  assert.equal(code, 1);
  assert.match(stdout, /^<stdin>/);
});

test('any bytes give an answer', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: Uint8Array.from([0, 255, 254, 10, 0xc3, 0x28]),
    empty: '',
  });
  assert.equal((await run(folder, ['check'])).code, 0);
  assert.equal((await run(folder, ['check', 'empty'])).code, 0);
});

test('the nearest project file counts, --config before it', async (t) => {
  const folder = temporaryFolder(t, {
    '.ballast.json': '{"$schema": "x", "rules": {"runs-as-root": "off"}}',
    'a/Dockerfile': 'USER root\n',
    'b/.ballast.json': '{}',
    'b/Dockerfile': 'USER root\n',
    'none.json': '{}',
  });
  assert.equal((await run(folder, ['check', 'a'])).code, 0);
  assert.equal((await run(folder, ['check', 'b'])).code, 1);
  assert.equal((await run(folder, ['check', 'a', '--config', 'none.json'])).code, 1);
});

test('a project file that names no rule is used, and told once', async (t) => {
  const folder = temporaryFolder(t, {
    '.ballast.json': '{"rules": {"runs-as-rot": "off"}}',
    'a/Dockerfile': clean,
    'b/Dockerfile': clean,
  });
  const { code, stderr } = await run(folder, ['check']);
  assert.equal(code, 0);
  assert.equal(stderr, 'ballast: .ballast.json: no rule is called runs-as-rot; did you mean runs-as-root?\n');
});

test('says so when there is no Dockerfile', async (t) => {
  const folder = temporaryFolder(t, { 'a.txt': '' });
  const { code, stderr } = await run(folder, ['check']);
  assert.equal(code, 0);
  assert.equal(stderr, 'ballast: no Dockerfile found in .\n');
});

test('a rule that failed is named, and the rest is reported', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: clean });
  const failures = [{ rule: 'runs-as-root', error: new Error('no luck') }];
  const { code, stderr } = await run(folder, ['check'], {
    engine: { analyze: () => ({ ...emptyReport, failures }) },
  });
  assert.equal(code, 0);
  assert.equal(stderr, 'ballast: Dockerfile: rule runs-as-root failed and was left out: no luck\n');
});

test('progress shows on a terminal only, and is wiped', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}/Dockerfile`, clean]));
  const folder = temporaryFolder(t, files);
  const slow = { analyze: slowly };
  const shown = await run(folder, ['check'], { terminal: 80, engine: slow });
  assert.match(shown.stderr, /\rChecked \d+ of 30/);
  assert.ok(shown.stderr.endsWith('\r\u001b[K'));
  const piped = await run(folder, ['check'], { engine: slow });
  assert.equal(piped.stderr, '');
});

function slowly(): Report {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  return emptyReport;
}

function pathsIn(json: string): string[] {
  return JSON.parse(json).files.map((file: { path: string }) => file.path);
}
