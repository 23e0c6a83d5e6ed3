import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
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

test('DL3044 is what hadolint calls so: a plain reference to another entry of the same ENV', async (t) => {
  for (const [env, count] of [
    ['A=b C=$A', 1],
    ['A=b C="x${A}y"', 1],
    ['C=$A A=b', 1],
    ['A=$A', 0],
    ['A=${A:-x}', 0],
    ['A=b C=${A:-x}', 0],
    ['A=b C=$D', 0],
    ['A=b\nENV A=c B=$A', 0],
  ] as const) {
    const folder = temporaryFolder(t, {
      Dockerfile: `FROM debian:12\nENV ${env}\n`,
      '.hadolint.yaml': 'override: { style: [DL3044] }\n',
    });
    const { stdout } = await run(folder, ['check', '-a', '-f', 'tty'], real);
    assert.equal(found(stdout).filter((line) => line === 'undefined-variable hint').length, count, env);
  }
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
      'format: sonarqube\ndisable-ignore-pragma: true\noverride: { error: [DL3047, SC2086] }\n',
  });
  const { stderr } = await run(folder, ['check'], real);
  assert.equal(
    stderr,
    'ballast: .hadolint.yaml: nothing here stands for override of DL3047, format sonarqube, disable-ignore-pragma; `ballast migrate hadolint` shows what maps to what\n',
  );
});

const labelled = `FROM debian:13-slim AS build
RUN make
FROM debian:13-slim
ARG VERSION
LABEL version=1.2 author="" Licence=MIT \\
      home=example.com made=2026-11-30 commit=3fa9c1 mail=me.example.com spare="$VERSION"
USER 1000
COPY --from=build /x /x
CMD ["/x"]
`;

const schema = `label-schema:
  version: semver
  author:
  Licence: spdx
  home: url
  made: rfc3339
  commit: hash
  mail: email
  title: text
`;

test('labels are compared with a schema, and only where there is one', async (t) => {
  const found = async (settings: string, extra = {}): Promise<string[]> => {
    const folder = temporaryFolder(t, { Dockerfile: labelled, '.hadolint.yaml': settings });
    const { stdout, stderr } = await run(folder, ['check', '-f', 'json'], { ...real, ...extra });
    assert.equal(stderr, '');
    const findings: {
      rule: string;
      aliases: string[];
      severity: string;
      span: { start: { line: number } };
    }[] = JSON.parse(stdout).files[0].findings;
    return findings
      .filter(({ rule }) => rule.includes('label'))
      .map(({ aliases, severity, span }) => `${span.start.line} ${aliases[0]} ${severity}`);
  };
  assert.deepEqual(await found(schema.replace('  author:\n', "  author: ''\n")), [
    '3 DL3049 information',
    '5 DL3056 warning',
    '5 DL3051 warning',
    '5 DL3048 hint',
    '6 DL3052 warning',
    '6 DL3053 warning',
    '6 DL3055 warning',
    '6 DL3058 warning',
  ]);
  assert.deepEqual(await found('label-schema: { version: text }\nstrict-labels: true\nignored: [DL3048]\n'), [
    ...['5', '5', '6', '6', '6', '6', '6'].map((line) => `${line} DL3050 information`),
  ]);
  assert.deepEqual(await found('strict-labels: true\noverride: { error: [DL3050] }\n'), [
    ...['5', '5'].map((line) => `${line} DL3050 error`),
    '5 DL3048 hint',
    ...['5', '6', '6', '6', '6', '6'].map((line) => `${line} DL3050 error`),
  ]);
  assert.deepEqual(await found(''), ['5 DL3048 hint']);
  const environment = { HADOLINT_REQUIRE_LABELS: 'version:semver,home:website,title' };
  assert.deepEqual(await found('', { environment }), [
    '3 DL3049 information',
    '5 DL3056 warning',
    '5 DL3048 hint',
  ]);
});

test('migrate hadolint keeps the schema of labels', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: labelled,
    '.hadolint.yaml': schema.replace('  author:\n', "  author: ''\n"),
  });
  const before = await run(folder, ['check', '-f', 'tty'], real);
  assert.equal((await run(folder, ['migrate', 'hadolint', '--write'])).code, 0);
  const after = await run(folder, ['check', '-f', 'tty'], real);
  assert.ok(before.stdout.includes('label-breaks-schema'));
  assert.equal(after.stdout, before.stdout);
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
    ['label-schema: { version: number }\n', /^ballast: \.hadolint\.yaml: label-schema\.version: /],
    ['- DL3006\n', /^ballast: \.hadolint\.yaml: Invalid input: expected object/],
    // Half of a file is not what it says: with `no-fail` alone the run would pass.
    ['no-fail: true\nignored: [DL3006\n', /^ballast: \.hadolint\.yaml: not valid YAML$/m],
    ['no-fail: true\nformat: a: b\n', /^ballast: \.hadolint\.yaml: not valid YAML$/m],
    ['no-fail: true\nno-fail: true\n', /^ballast: \.hadolint\.yaml: not valid YAML$/m],
    ['no-fail: true\n---\nno-fail: true\n', /^ballast: \.hadolint\.yaml: not valid YAML$/m],
  ] as const) {
    const folder = temporaryFolder(t, { Dockerfile: dockerfile, '.hadolint.yaml': text });
    const { code, stderr } = await run(folder, ['check'], real);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
  for (const text of ['', '# nothing yet\n', '---\n# nothing yet\n', 'ignored:\n']) {
    const empty = temporaryFolder(t, { Dockerfile: 'FROM debian:13-slim\n', '.hadolint.yaml': text });
    assert.notEqual((await run(empty, ['check'], real)).code, 2, text);
  }
});

test("the user's file beside a working directory whose name its folder starts with is not taken for the project's", async (t) => {
  const folder = temporaryFolder(t, {
    'work/Dockerfile': dockerfile,
    'settings.yaml': 'ignored: [DL3004]\n',
  });
  mkdirSync(join(folder, 'work-home'));
  symlinkSync('../settings.yaml', join(folder, 'work-home/.hadolint.yaml'));
  const environment = { HOME: join(folder, 'work-home') };
  const { code, stderr } = await run(join(folder, 'work'), ['check'], { ...real, environment });
  assert.equal(stderr, '');
  assert.equal(code, 1);
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
