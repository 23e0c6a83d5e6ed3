import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { run, temporaryFolder } from './support.ts';

const dirty = 'FROM heavy\nUSER root\n';
const example = fileURLToPath(new URL('../../examples/node-service', import.meta.url));

test('shows one diff that git apply takes, and writes nothing', async (t) => {
  const folder = temporaryFolder(t, { 'a/Dockerfile': dirty.repeat(5), 'a/web.Dockerfile': 'FROM heavy' });
  const before = readdirSync(join(folder, 'a'));
  const { code, stdout, stderr } = await run(folder, ['slim']);
  assert.equal(code, 0);
  assert.deepEqual(readdirSync(join(folder, 'a')), before);
  assert.equal(readFileSync(join(folder, 'a/Dockerfile'), 'utf8'), dirty.repeat(5));
  assert.match(stderr, /Nothing is written: ballast slim --write/);
  assert.equal(
    stdout.match(/^\+\+\+ b\/a\/\.dockerignore$/gm)?.length,
    1,
    'a file that two of them make is shown once',
  );
  execFileSync('git', ['init', '-q'], { cwd: folder });
  execFileSync('git', ['apply', '-'], { cwd: folder, input: stdout });
  assert.equal(readFileSync(join(folder, 'a/Dockerfile'), 'utf8'), 'FROM light\nUSER node\n'.repeat(5));
  assert.equal(readFileSync(join(folder, 'a/web.Dockerfile'), 'utf8'), 'FROM light');
  assert.equal(readFileSync(join(folder, 'a/.dockerignore'), 'utf8'), 'node_modules\n');
});

test('says of each change what and why', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dirty });
  const { stderr } = await run(folder, ['slim']);
  assert.equal(
    stderr,
    `Dockerfile  size not known, checklist 1 of 2 → 1 of 2
  + Move the build to its own stage
    This image ships what built it: full Debian base (1.13 GB), 214 MB dev dependencies, npm cache, sources. (single-stage-build)
  + Run as \`node\`
    The container runs as root: 100% of it, now. (runs-as-root)
  Creates .dockerignore
  Nothing is written: ballast slim --write

`,
  );
});

test('--write writes the Dockerfile and the files beside it, and then there is nothing to change', async (t) => {
  const folder = temporaryFolder(t, { 'a/Dockerfile': dirty, 'a/web.Dockerfile': 'FROM heavy' });
  const { code, stdout, stderr } = await run(folder, ['slim', '--write']);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.match(stdout, /Created a\/\.dockerignore/);
  assert.equal(readFileSync(join(folder, 'a/Dockerfile'), 'utf8'), 'FROM light\nUSER node\n');
  assert.equal(readFileSync(join(folder, 'a/web.Dockerfile'), 'utf8'), 'FROM light');
  const again = await run(folder, ['slim', '--write']);
  assert.match(again.stdout, /^a\/Dockerfile {2}nothing to change/);
});

test('standard input comes out changed with --write, and as a diff without', async (t) => {
  const folder = temporaryFolder(t, {});
  const written = await run(folder, ['slim', '--write', '-'], { stdin: 'USER root\n' });
  assert.equal(written.stdout, 'USER node\n');
  assert.match(written.stderr, /Run as `node`/);
  const shown = await run(folder, ['slim', '-'], { stdin: 'USER root\n' });
  assert.match(shown.stdout, /^-USER root\n\+USER node$/m);
});

test('what is left has its place and its reason', async (t) => {
  const text =
    'FROM golang:1.26\nWORKDIR /app\nCOPY . .\nRUN npm run build\nRUN go build -o /x .\nCMD ["/x"]\n';
  const folder = temporaryFolder(t, { Dockerfile: text, 'go.mod': 'module x\n', 'package.json': '{}' });
  const { stderr } = await run(folder, ['slim'], { isReal: true });
  assert.match(
    stderr,
    /Left as it is:\n {4}1:6 .*No fix is offered\. The stage works with Node\.js as well as with Go\. \(single-stage-build\)/,
  );
});

test('codes: a path that is not there is a failure', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: 'FROM x\n' });
  assert.equal((await run(folder, ['slim'])).code, 0);
  const { code, stderr } = await run(folder, ['slim', 'gone']);
  assert.equal(code, 2);
  assert.match(stderr, /gone: no such file or folder/);
});

test('no line of the list is wider than the terminal, and NO_COLOR is heeded', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dirty });
  const { stderr } = await run(folder, ['slim'], { terminal: 60 });
  assert.notEqual(stderr, stripVTControlCharacters(stderr));
  const lines = stripVTControlCharacters(stderr).split('\n');
  assert.ok(Math.max(...lines.map((line) => line.length)) <= 60, stderr);
  const plain = await run(folder, ['slim'], { terminal: 60, environment: { NO_COLOR: '1' } });
  assert.equal(plain.stderr + plain.stdout, stripVTControlCharacters(plain.stderr + plain.stdout));
});

test('the example goes from none to all of the checklist, and to its smaller base image', async (t) => {
  const folder = join(temporaryFolder(t, {}), 'node-service');
  cpSync(example, folder, { recursive: true });
  // A project whose packages are installed: their weight is known.
  mkdirSync(join(folder, 'node_modules/fastify'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/fastify/index.js'), 'x'.repeat(5_000_000));
  mkdirSync(join(folder, 'node_modules/typescript'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/typescript/tsc.js'), 'x'.repeat(20_000_000));
  const { stdout, stderr } = await run(folder, ['slim', '--write'], { isReal: true });
  assert.equal(stderr, '');
  const [, was, is] =
    /≈ ([\d.]+) GB plus what is built → ≈ (\d+) MB on disk plus what is built, checklist 0 of 8 → 8 of 8/.exec(
      stdout,
    ) ?? [];
  // The folder of packages is copied along before, and only its production part is there after.
  assert.ok(Number(was) === 1.2, stdout);
  assert.ok(Number(is) >= 230 && Number(is) < 240, stdout);
  assert.match(stdout, /Assumed: The build writes to dist/);
  assert.ok(existsSync(join(folder, '.dockerignore')));
});

test('edits of style alone stand apart, behind all others', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile:
      'FROM debian:12\nMAINTAINER me\nRUN apt-get update && apt-get install -y curl\nCMD ["bash"]\n',
  });
  const { stderr } = await run(folder, ['slim'], { isReal: true });
  const [first = '', tidy = ''] = stderr.split('  Tidy:\n');
  assert.match(first, /\(package-cache-left-in-layer\)/);
  assert.doesNotMatch(first, /maintainer-instruction/);
  assert.match(tidy, /^ {2}\+ .*\n {4}.*\(maintainer-instruction\)$/m);
});
