import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, temporaryFolder } from './support.ts';

const real = { isReal: true } as const;

/** Found by both: no tag (DL3006), sudo (DL3004), pip's cache (DL3042). */
const dockerfile = 'FROM debian\nRUN sudo pip install flask\nUSER 1000\nCMD ["flask", "run"]\n';

function found(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\S+ (\S+) (\w+): .*$/, '$1 $2'));
}

test('what hadolint ignores, raises and lowers, by its file', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: dockerfile,
    '.hadolint.yaml':
      'ignored: [DL3006]\noverride:\n  info: [DL3004]\n  style:\n    - DL3042\nfailure-threshold: error\nformat: tty\n',
  });
  const result = await run(folder, ['check'], real);
  const lines = found(result.stdout);
  assert.ok(lines.includes('sudo-in-run information'), result.stdout);
  assert.ok(lines.includes('package-cache-left-in-layer hint'));
  assert.ok(!lines.some((line) => line.startsWith('base-image-not-pinned')));
  assert.equal(result.code, 0);
  assert.equal(result.stderr, '');
  assert.equal((await run(folder, ['check', '--fail-on', 'information'], real)).code, 1);
});

test('one name of a rule that has several silences its own findings only', async (t) => {
  const folder = temporaryFolder(t, {
    'a/Dockerfile': 'FROM debian\n',
    'b/Dockerfile': 'FROM debian:latest\n',
    '.hadolint.yml': 'ignored:\n  - DL3007\n',
  });
  const { stdout } = await run(folder, ['check', '-f', 'tty'], real);
  assert.match(stdout, /^a\/Dockerfile:1:6 base-image-not-pinned warning/m);
  assert.doesNotMatch(stdout, /^b\/Dockerfile:1:6 base-image-not-pinned/m);
});

test('the same names in an ignore comment and in the project file', async (t) => {
  const folder = temporaryFolder(t, {
    'a/Dockerfile': '# hadolint ignore=DL3007\nFROM debian\n',
    'b/Dockerfile': '# hadolint ignore=DL3006\nFROM debian\n',
    'c/Dockerfile': 'FROM debian\n',
    'c/.ballast.json': '{ "rules": { "DL3006": "off" } }',
  });
  const { stdout, stderr } = await run(folder, ['check', '-f', 'tty'], real);
  assert.equal(stderr, '');
  assert.match(stdout, /^a\/\S+ base-image-not-pinned/m);
  assert.doesNotMatch(stdout, /^[bc]\/\S+ base-image-not-pinned/m);
});

test('a project file and --config are followed instead', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: dockerfile,
    '.hadolint.yaml': 'no-fail: true\nlabel-schema:\n  author: text\n',
    'other.json': '{}',
  });
  assert.equal((await run(folder, ['check', '-f', 'tty'], real)).code, 0);
  const { code, stderr } = await run(folder, ['check', '-f', 'tty', '-c', 'other.json'], real);
  assert.equal(code, 1);
  assert.equal(stderr, '');
  const own = temporaryFolder(t, {
    Dockerfile: dockerfile,
    '.hadolint.yaml': 'no-fail: true\n',
    '.ballast.json': '{}',
  });
  assert.equal((await run(own, ['check', '-f', 'tty'], real)).code, 1);
});

test('what nothing stands for is said once', async (t) => {
  const folder = temporaryFolder(t, {
    'a/Dockerfile': dockerfile,
    'b/Dockerfile': dockerfile,
    '.hadolint.yaml':
      'format: sonarqube\nlabel-schema: { author: text }\nstrict-labels: true\noverride: { error: [DL3047, SC2086] }\n',
  });
  const { stderr } = await run(folder, ['check'], real);
  assert.equal(
    stderr,
    'ballast: .hadolint.yaml: nothing here stands for override of DL3047, format sonarqube, label-schema, strict-labels; `ballast migrate hadolint` shows what maps to what\n',
  );
});

test('variables of the environment, and the file of the user', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: dockerfile,
    'home/.config/hadolint.yaml': 'ignored: [DL3004]\n',
  });
  const environment = { HOME: join(folder, 'home'), HADOLINT_IGNORE: 'DL3006', HADOLINT_NOFAIL: 'yes' };
  const { code, stdout } = await run(folder, ['check', '-f', 'tty'], { ...real, environment });
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /sudo-in-run|base-image-not-pinned/);
});

test('a file that cannot be used ends the run', async (t) => {
  for (const [text, message] of [
    ['ignored: DL3006\n', /^ballast: \.hadolint\.yaml: ignored: /],
    ['failure-threshold: grave\n', /^ballast: \.hadolint\.yaml: failure-threshold: /],
    ['- DL3006\n', /^ballast: \.hadolint\.yaml: Invalid input: expected object/],
  ] as const) {
    const folder = temporaryFolder(t, { Dockerfile: dockerfile, '.hadolint.yaml': text });
    const { code, stderr } = await run(folder, ['check'], real);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
  const empty = temporaryFolder(t, {
    Dockerfile: 'FROM debian:13-slim\n',
    '.hadolint.yaml': '# nothing yet\n',
  });
  assert.notEqual((await run(empty, ['check'], real)).code, 2);
});

test('migrate hadolint: the table, and a project file that does the same', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: dockerfile,
    '.hadolint.yaml': 'ignored: [DL3006]\noverride: { info: [DL3004] }\nfailure-threshold: error\n',
  });
  const before = await run(folder, ['check', '-f', 'tty'], real);
  const shown = await run(folder, ['migrate', 'hadolint']);
  assert.match(shown.stdout, /^DL3006 {2}base-image-not-pinned \(ignored\)$/m);
  assert.match(shown.stdout, /^DL3004 {2}sudo-in-run \(information\)$/m);
  assert.match(shown.stdout, /^DL3047 {2}not covered: a progress bar/m);
  assert.match(shown.stdout, /^On the command line: ballast check --fail-on error$/m);
  const written = await run(folder, ['migrate', 'hadolint', '--write']);
  assert.equal(written.code, 0);
  assert.match(readFileSync(join(folder, '.ballast.json'), 'utf8'), /"DL3006": "off"/);
  const after = await run(folder, ['check', '-f', 'tty', '--fail-on', 'error'], real);
  assert.deepEqual(after, before);
  assert.equal((await run(folder, ['migrate', 'hadolint', '--write'])).code, 2);
});

test('explain says why a code is not covered', async (t) => {
  const folder = temporaryFolder(t, {});
  assert.match((await run(folder, ['explain', 'DL3047'])).stdout, /^DL3047 is not covered: a progress bar/);
  assert.match(
    (await run(folder, ['explain', 'sc2086'])).stdout,
    /^SC2086 is not covered: ShellCheck says it where it is installed/,
  );
  assert.match((await run(folder, ['explain', 'DL3042'])).stdout, /^package-cache-left-in-layer/);
});
