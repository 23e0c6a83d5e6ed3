/** Options that several commands have, and small commands. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv';
import { slimSchema } from '../../server/src/cli/format/slim-schema.ts';
import { parseProjectFile } from '../../server/src/cli/project-file.ts';
import { run, temporaryFolder } from './support.ts';

const files = { Dockerfile: 'FROM heavy\nUSER root\n# taste\n', 'api/Dockerfile': 'USER root\nUSER root\n' };

test('--only and --ignore choose rules by id or alias, whatever the project file says', async (t) => {
  const folder = temporaryFolder(t, { ...files, '.ballast.json': '{ "rules": { "DL3002": "off" } }' });
  const found = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await run(folder, ['check', '--quiet', '--all', 'Dockerfile', ...args]);
    return stdout.match(/runs-as-root|single-stage-build|matter-of-taste/g) ?? [];
  };
  assert.deepEqual(await found('--ignore', 'single-stage-build'), ['runs-as-root', 'matter-of-taste']);
  assert.deepEqual(await found('--only', 'single-stage-build,DL3002'), [
    'single-stage-build',
    'runs-as-root',
    'matter-of-taste',
  ]);
  const { stdout } = await run(folder, ['slim', '--ignore', 'runs-as-root', 'Dockerfile']);
  assert.match(stdout, /^\+FROM light$/m);
  assert.doesNotMatch(stdout, /^\+USER/m);
  const wrong = await run(folder, ['check', '--only', 'run-as-root']);
  assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
  assert.equal(wrong.stderr, 'ballast: no rule is called run-as-root; did you mean runs-as-root?\n');
});

test('--only looks for nothing else, with the real rules', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile: 'FROM node:22\nRUN apt-get update\nCMD ["node", "a.js"]\n',
  });
  const { stdout } = await run(folder, ['check', '--all', '--format', 'json', '--only', 'DL3002'], {
    isReal: true,
  });
  assert.deepEqual(
    JSON.parse(stdout).files[0].findings.map(({ rule }: { rule: string }) => rule),
    ['runs-as-root'],
  );
  const pins = await run(folder, ['check', '--all', '--only', 'curl-and-wget'], { isReal: true });
  assert.match(pins.stdout, /^Nothing found in 1 file/);
});

test('--quiet leaves out what is no finding', async (t) => {
  const folder = temporaryFolder(t, files);
  const { stdout, code } = await run(folder, ['check', '--quiet']);
  assert.equal(code, 1);
  assert.doesNotMatch(stdout, /findings? in|can be fixed|not shown/);
  const fixed = await run(folder, ['fix', '--quiet']);
  assert.deepEqual([fixed.code, fixed.stdout, fixed.stderr], [0, '', '']);
  assert.match(readFileSync(join(folder, 'api/Dockerfile'), 'utf8'), /USER node/);
  const slim = await run(folder, ['slim', '--quiet']);
  assert.equal(slim.stderr, '');
  assert.match(slim.stdout, /^\+FROM light$/m);
});

test('--statistics counts findings by rule, the most frequent first', async (t) => {
  const { stdout } = await run(temporaryFolder(t, files), ['check', '--statistics']);
  assert.deepEqual(
    stdout.split('\n').map((line) => line.trim().split(/ {2,}/)),
    [
      ['rule', 'findings', 'files', 'saves'],
      ['runs-as-root', '3', '2'],
      ['matter-of-taste', '1', '1'],
      ['single-stage-build', '1', '1', '1.1 GB'],
      [''],
    ],
  );
  const none = await run(temporaryFolder(t, { Dockerfile: 'FROM x\n' }), ['check', '--statistics']);
  assert.equal(none.stdout, 'Nothing found in 1 file.\n');
});

test('slim ends with a table of several Dockerfiles, the one that saves most first', async (t) => {
  const folder = temporaryFolder(t, {
    'a/Dockerfile': 'FROM debian:12-slim\nCMD ["a"]\n',
    'b/Dockerfile': 'FROM node:22\nCMD ["node", "-e", "1"]\n',
  });
  const { stderr } = await run(folder, ['slim'], { isReal: true });
  assert.match(
    stderr,
    /^Dockerfile +now +slimmed +saves\nb\/Dockerfile +≈ 1\.1 GB .*\na\/Dockerfile +.* none$/m,
  );
  const one = await run(folder, ['slim', 'b'], { isReal: true });
  assert.doesNotMatch(one.stderr, /^Dockerfile +now/m);
});

test('slim prints JSON that keeps to its schema, also of standard input', async (t) => {
  const folder = temporaryFolder(t, files);
  const { stdout, stderr } = await run(folder, ['slim', '--format', 'json']);
  const json = slimSchema.parse(JSON.parse(stdout));
  const schema = JSON.parse(readFileSync(new URL('../../schema/slim.schema.json', import.meta.url), 'utf8'));
  assert.ok(new Ajv({ strict: false }).compile(schema)(json));
  assert.equal(stderr, '');
  assert.deepEqual(
    json.files.map(({ path }) => path),
    ['Dockerfile', 'api/Dockerfile'],
  );
  assert.deepEqual(
    json.files[0]?.files.map(({ path, before }) => [path, before]),
    [
      ['.dockerignore', null],
      ['Dockerfile', files.Dockerfile],
    ],
  );
  assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), files.Dockerfile);
  const piped = await run(folder, ['slim', '-', '--format', 'json'], { stdin: 'FROM heavy\n' });
  assert.equal(piped.code, 0);
  assert.deepEqual(slimSchema.parse(JSON.parse(piped.stdout)).files[0]?.files, [
    { path: '<stdin>', before: 'FROM heavy\n', after: 'FROM light\n' },
  ]);
  const text = await run(folder, ['slim', '-', '--write'], { stdin: 'FROM heavy\n' });
  assert.deepEqual([text.code, text.stdout], [0, 'FROM light\n']);
});

test('init writes a project file that changes nothing, and never over another', async (t) => {
  const folder = temporaryFolder(t, {});
  assert.equal((await run(folder, ['init'])).code, 0);
  const text = readFileSync(join(folder, '.ballast.json'), 'utf8');
  assert.deepEqual(parseProjectFile(text), {
    rules: {},
    buildContexts: {},
    trustedRegistries: [],
    labelSchema: {},
    strictLabels: false,
    budgets: [],
  });
  const again = await run(folder, ['init']);
  assert.deepEqual(
    [again.code, again.stderr],
    [2, 'ballast: .ballast.json is there already; nothing was written\n'],
  );
});

test('help prints the help of a command', async () => {
  const { code, stdout } = await run('/', ['help', 'slim']);
  assert.equal(code, 0);
  assert.match(stdout, /^Usage: ballast slim /);
});

test('each shell gets a script that names commands, options and rules', async (t) => {
  const folder = temporaryFolder(t, {});
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await run(folder, ['completion', shell]);
    assert.equal(code, 0);
    assert.match(stdout, /runs-as-root/);
    assert.match(stdout, /statistics/);
  }
  assert.equal((await run(folder, ['completion', 'tcsh'])).code, 2);
});

test('bash completes commands, options, their values and rules', async (t) => {
  const { stdout: script } = await run(temporaryFolder(t, {}), ['completion', 'bash']);
  const complete = (...words: string[]): string[] =>
    execFileSync(
      'bash',
      [
        '-c',
        `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ballast; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        'ballast',
        ...words,
      ],
      { encoding: 'utf8' },
    )
      .split('\n')
      .filter((word) => word !== '');
  assert.deepEqual(complete('sl'), ['slim']);
  assert.deepEqual(complete('check', '--stat'), ['--statistics']);
  assert.deepEqual(complete('report', '--format', 'h'), ['html']);
  assert.deepEqual(complete('explain', 'runs-'), ['runs-as-root']);
});
