import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run, temporaryFolder } from './support.ts';

const slim = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER 1000\nCMD ["node", "server.js"]\n';
const full = slim.replace('-slim', '');
const real = { isReal: true } as const;

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: folder,
    stdio: 'ignore',
  });
}

/** A small repository with one commit. */
function repository(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(t, files);
  git(folder, 'init', '-q');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'one');
  return folder;
}

test('three commits: a baseline, a change that is new, a budget', async (t) => {
  const folder = repository(t, {
    'api/Dockerfile': slim,
    'api/server.js': '1\n',
    'web/Dockerfile': slim,
    'web/server.js': '2\n',
  });
  const written = await run(folder, ['baseline'], real);
  assert.match(written.stdout, /^\.ballast-baseline\.json: \d+ findings in 2 Dockerfiles\n$/);
  assert.equal((await run(folder, ['check'], real)).code, 0);

  // Known findings stay known where lines move; what is new fails.
  writeFileSync(join(folder, 'api/Dockerfile'), `# The shop\n\n${slim}`);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'two');
  assert.equal((await run(folder, ['check'], real)).code, 0);
  writeFileSync(join(folder, 'api/Dockerfile'), `# The shop\n\n${full}`);
  const heavier = await run(folder, ['check', '-f', 'tty'], real);
  assert.equal(heavier.code, 1);
  assert.match(heavier.stdout, /^api\/Dockerfile:3:6 heavier-base-than-needed warning: [^\n]*\n$/);
  const summary = await run(folder, ['check'], real);
  assert.match(summary.stdout, /known finding/);

  git(folder, 'commit', '-q', '-a', '-m', 'three');
  writeFileSync(join(folder, '.ballast.json'), '{ "budgets": [{ "files": "api/**", "maxSize": "300 MB" }] }');
  const over = await run(folder, ['check', '-f', 'tty'], real);
  assert.match(
    over.stdout,
    /^api\/Dockerfile:3:6 over-budget error: The image takes at least 1\.\d+ GB, over its budget of 300 MB\.$/m,
  );
  assert.doesNotMatch(over.stdout, /^web/m);
});

test('a baseline holds from every working directory', async (t) => {
  const folder = repository(t, { 'api/Dockerfile': full, 'api/server.js': '1\n' });
  await run(folder, ['baseline', '-o', 'ci/known.json'], real).then(({ code }) => assert.equal(code, 2));
  mkdirSync(join(folder, 'ci'));
  assert.equal((await run(folder, ['baseline', '-o', 'ci/known.json'], real)).code, 0);
  for (const [place, file] of [
    ['', 'ci/known.json'],
    ['api', '../ci/known.json'],
    ['ci', join(folder, 'ci/known.json')],
  ] as const) {
    const words = ['check', '--baseline', file, join(folder, 'api')];
    const { code, stderr } = await run(join(folder, place), words, real);
    assert.deepEqual([code, stderr], [0, ''], place);
  }
});

test('only what a change touches', async (t) => {
  const folder = repository(t, {
    'api/Dockerfile': full,
    'api/.dockerignore': 'docs\n',
    'api/docs/a.md': '1\n',
    'web/Dockerfile': full,
    'web/server.js': '2\n',
  });
  const checked = async (): Promise<string[]> => {
    const { stdout } = await run(folder, ['check', '--changed-since', 'HEAD', '-f', 'json'], real);
    return JSON.parse(stdout).files.map((file: { path: string }) => file.path);
  };
  assert.deepEqual(await checked(), []);
  writeFileSync(join(folder, 'api/docs/a.md'), 'ignored by the build\n');
  assert.deepEqual(await checked(), []);
  writeFileSync(join(folder, 'web/new.js'), '3\n');
  assert.deepEqual(await checked(), ['web/Dockerfile']);
  writeFileSync(join(folder, 'api/.dockerignore'), '\n');
  assert.deepEqual(await checked(), ['api/Dockerfile', 'web/Dockerfile']);
});

test('what a change makes of the images, for a comment', async (t) => {
  const folder = repository(t, { 'api/Dockerfile': slim, 'api/server.js': '1\n', 'old/Dockerfile': slim });
  writeFileSync(join(folder, 'api/Dockerfile'), full);
  git(folder, 'rm', '-q', '-r', 'old');
  const { stdout, code } = await run(folder, ['compare', 'HEAD', '-f', 'markdown'], real);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /\| api\/Dockerfile \| ≈ 230 MB \| ≈ 1\.1 GB \| \+\d+ MB \| \+1\.11 GB node:22<br>−\d+ MB node:22-slim \|/,
  );
  assert.match(stdout, /\| old\/Dockerfile \| ≈ 230 MB \| — \| gone \|/);
  const json = JSON.parse((await run(folder, ['compare', 'HEAD', '-f', 'json'], real)).stdout);
  assert.equal(json.files.length, 2);
});

test('the same files are compared however they are named, and whatever archives leave out', async (t) => {
  const folder = repository(t, {
    'api/Dockerfile': slim,
    'api/server.js': '1\n',
    '.gitattributes': 'api/Dockerfile export-ignore\n*.js export-ignore\n',
  });
  writeFileSync(join(folder, 'api/Dockerfile'), full);
  for (const [place, path] of [
    ['', '.'],
    ['', join(folder, 'api/Dockerfile')],
    ['api', '.'],
    ['api', '..'],
    ['api', folder],
  ] as const) {
    const { stdout, stderr } = await run(join(folder, place), ['compare', 'HEAD', path], real);
    assert.match(stdout, /Dockerfile {2}≈ 230 MB → ≈ 1\.1 GB {2}\+\d+ MB\n/, `${place} ${path} ${stderr}`);
    assert.doesNotMatch(stdout, /new|gone/);
  }
  const outside = await run(folder, ['compare', 'HEAD', '..'], real);
  assert.deepEqual([outside.code, outside.stderr], [2, 'ballast: .. lies outside of the repository\n']);
  assert.equal((await run(folder, ['compare', 'HEAD', '-'], real)).code, 2);
});

test('why Git does not answer is said in its own words', async (t) => {
  const { code, stderr } = await run(temporaryFolder(t, {}), ['check', '--changed-since', 'HEAD'], real);
  assert.equal(code, 2);
  assert.match(stderr, /^ballast: Git does not answer: not a git repository[^\n]*\n$/);
});

test('Git runs no program that a repository names', async (t) => {
  const folder = repository(t, { Dockerfile: slim });
  git(folder, 'config', 'core.fsmonitor', `touch ${join(folder, 'was-run')}`);
  git(folder, 'config', 'diff.external', `touch ${join(folder, 'was-run')}`);
  writeFileSync(join(folder, 'Dockerfile'), full);
  rmSync(join(folder, 'was-run'), { force: true });
  assert.equal((await run(folder, ['check', '--changed-since', 'HEAD'], real)).code, 1);
  assert.equal((await run(folder, ['compare', 'HEAD'], real)).code, 0);
  assert.ok(!existsSync(join(folder, 'was-run')));
});

test('wrong use is one line', async (t) => {
  const folder = repository(t, { Dockerfile: slim, 'other.json': '[]' });
  for (const args of [
    ['check', '--max-size', 'much'],
    ['check', '--baseline', 'missing.json'],
    ['check', '--baseline', 'other.json'],
    ['check', '--changed-since', '--output=x'],
    ['compare', 'nothing'],
    ['baseline', '-'],
  ]) {
    const { code, stderr, stdout } = await run(folder, args, real);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /^ballast: [^\n]+\n$/, args.join(' '));
    assert.equal(stdout, '');
  }
});

test('a limit that cannot be compared is said', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: 'FROM example.com/unknown:1\nCMD ["x"]\n' });
  const { code, stderr } = await run(folder, ['check', '--max-size', '10MB', '--fail-on', 'error'], real);
  assert.equal(code, 0);
  assert.match(stderr, /^ballast: Dockerfile: the budget of 10 MB for the image was not compared: /);
});

test('the baseline says what it knows in words', async (t) => {
  const folder = repository(t, { Dockerfile: full });
  await run(folder, ['baseline', '-o', 'known.json'], real);
  const { files } = JSON.parse(readFileSync(join(folder, 'known.json'), 'utf8'));
  assert.ok(Object.values(files['Dockerfile']).includes('heavier-base-than-needed'));
});
