import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import Ajv from 'ajv';
import { imageReportSchema } from '../../server/src/cli/format/image-schema.ts';
import { run, temporaryFolder } from './support.ts';

const files = {
  Dockerfile: `FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
RUN npm prune --omit=dev
COPY src ./src
EXPOSE 3000
CMD ["node", "src/server.js"]
`,
  'package.json': '{ "dependencies": { "a": "1.0.0" }, "devDependencies": { "b": "1.0.0" } }',
  'package-lock.json':
    '{ "lockfileVersion": 3, "packages": { "": {}, "node_modules/a": { "version": "1.0.0" }, "node_modules/b": { "version": "1.0.0", "dev": true } } }',
  'src/server.js':
    "require('node:http').createServer((request, response) => response.end('ok')).listen(3000);\n",
  'src/words.txt': 'x'.repeat(700_000),
  'node_modules/a/index.js': 'x'.repeat(6_000_000),
  'node_modules/b/index.js': 'x'.repeat(4_000_000),
} as const;

test('prints layers, what they hide, and the checklist', async (t) => {
  const folder = temporaryFolder(t, files);
  const { code, stdout, stderr } = await run(folder, ['report'], { isReal: true });
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.match(stdout, /^Dockerfile\n\nImage {2}≈ 240 MB on disk\n/);
  assert.match(stdout, /^ {4}1 {2}FROM node:22-slim +≈ 230 MB {2}base image$/m);
  assert.match(stdout, /^ {4}4 {2}RUN npm ci .* dependencies \(npm\): ≈ 10 MB, cache of npm: .*$/m);
  assert.match(stdout, /^ {4}6 {2}COPY src \.\/src +700 kB {2}src$/m);
  assert.match(stdout, /The layer of line 4 keeps its development dependencies \(≈ 4 MB\), although line 5/);
  assert.match(stdout, /^Checklist {2}2 of 6$/m);
  assert.equal(stdout.match(/^ {2}[✓✗?-] {2}\S/gm)?.length, 8);
  assert.match(stdout, /✗ {2}Health check\n {5}line 7: No HEALTHCHECK.*\n {5}Fix: Add HEALTHCHECK/);
  assert.doesNotMatch(stdout, /WORKDIR|EXPOSE/, 'layers without files are left out');
});

test('JSON has the same, and keeps to its schema', async (t) => {
  const folder = temporaryFolder(t, files);
  const { stdout } = await run(folder, ['report', '--format', 'json'], { isReal: true });
  assert.equal((await run(folder, ['report', '--json'], { isReal: true })).stdout, stdout);
  const json = imageReportSchema.parse(JSON.parse(stdout));
  const schema = JSON.parse(
    readFileSync(new URL('../../schema/image-report.schema.json', import.meta.url), 'utf8'),
  );
  assert.ok(new Ajv({ strict: false }).compile(schema)(json));
  const [file] = json.files;
  assert.ok(file?.size.kind === 'known' && file.sizeAfter.kind === 'known');
  const bytes = file.layers.map(({ size }) => (size.kind === 'known' ? size.low : 0));
  assert.equal(
    file.size.low,
    bytes.reduce((sum, one) => sum + one, 0),
  );
  assert.ok(file.sizeAfter.high < file.size.high);
});

test('a page has everything in one file, and its links lead to lines that are there', async (t) => {
  const folder = temporaryFolder(t, { ...files, 'api/Dockerfile': 'FROM scratch\n' });
  const { code, stdout, stderr } = await run(folder, ['report', '-f', 'html', '-o', 'weight.html'], {
    isReal: true,
  });
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
  const page = readFileSync(join(folder, 'weight.html'), 'utf8');
  assert.match(page, /^<!doctype html>/);
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';/);
  assert.doesNotMatch(page, /<script|<link|<img|src=|url\(/);
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  const targets = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, target]) => target);
  assert.ok(targets.length > 10);
  assert.deepEqual(
    targets.filter((target) => !ids.has(target)),
    [],
  );
  assert.match(page, /<li id="file-1-line-4">RUN npm ci<\/li>/);
  assert.match(page, /<h1>api\/Dockerfile<\/h1>/);
});

test('a report is written to a file without colours, and a file that cannot be written is said', async (t) => {
  const folder = temporaryFolder(t, files);
  const written = await run(folder, ['report', '-o', 'report.txt'], { isReal: true, terminal: 80 });
  assert.deepEqual([written.code, written.stdout], [0, '']);
  const text = readFileSync(join(folder, 'report.txt'), 'utf8');
  assert.equal(text, stripVTControlCharacters(text));
  assert.match(text, /^Image {2}≈ 240 MB on disk/m);
  const wrong = await run(folder, ['report', '-o', 'no/such/report.txt'], { isReal: true });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^ballast: no\/such\/report\.txt: /);
});

test('a file that cannot be read is a failure; the others are reported', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: 'FROM scratch\n' });
  const { code, stdout, stderr } = await run(folder, ['report', '.', 'gone'], { isReal: true });
  assert.equal(code, 2);
  assert.match(stderr, /gone: no such file or folder/);
  assert.match(stdout, /^Dockerfile$/m);
});

test('standard input has no project: only what the text tells is known', async (t) => {
  const { stdout } = await run(temporaryFolder(t, {}), ['report', '-'], {
    isReal: true,
    stdin: 'FROM node:22-slim\nCOPY . .\n',
  });
  assert.match(stdout, /≈ 230 MB on disk plus the sources/);
});

test('the weight is drawn with characters, before and after on one scale, and what is sent', async (t) => {
  const Dockerfile = files.Dockerfile.replace('node:22-slim', 'node:22');
  const folder = temporaryFolder(t, { ...files, Dockerfile });
  const { stdout } = await run(folder, ['report'], { isReal: true });
  const bar = (name: string) => new RegExp(`^  ${name} +(\\S+) +(\\S.*)$`, 'm').exec(stdout) ?? [];
  const [, now = '', size] = bar('now');
  const [, slimmed = ''] = bar('slimmed');
  assert.ok(now.length === 48 && slimmed.length > 0 && slimmed.length <= 48, stdout);
  assert.match(size ?? '', /^≈ 1\.1 GB/);
  assert.match(stdout, /^ +█ base image {2}/m);
  assert.match(stdout, /^Build context {2}10\.7 MB sent\n {2}node_modules\/ +░{48} +10 MB$/m);
  assert.match(stdout, /^ {2}src\/ +░{3} +70\d kB$/m);
});

test('a terminal without Unicode gets ASCII, and none of it is lost', async (t) => {
  const folder = temporaryFolder(t, files);
  for (const environment of [
    { TERM: 'linux' },
    { LC_ALL: 'C' },
    { LANG: 'en_US.ISO-8859-1' },
    { OS: 'Windows_NT' },
  ]) {
    const { stdout } = await run(folder, ['report'], { isReal: true, terminal: 80, environment });
    assert.doesNotMatch(stdout, /[\u0080-\uffff]/, JSON.stringify(environment));
    assert.match(stripVTControlCharacters(stdout), /^ {2}now +#+/m);
    assert.match(stripVTControlCharacters(stdout), /^Image {2}~ 240 MB on disk/m);
  }
  for (const environment of [{ LANG: 'de_DE.UTF-8' }, { OS: 'Windows_NT', WT_SESSION: 'a' }, {}]) {
    const { stdout } = await run(folder, ['report'], { isReal: true, terminal: 80, environment });
    assert.match(stdout, /█/, JSON.stringify(environment));
  }
});

test('no line is wider than the terminal, and NO_COLOR is heeded', async (t) => {
  const folder = temporaryFolder(t, files);
  for (const terminal of [72, 100, 140]) {
    const { stdout } = await run(folder, ['report'], { isReal: true, terminal });
    const lines = stripVTControlCharacters(stdout).split('\n');
    assert.ok(Math.max(...lines.map((line) => line.length)) <= terminal, stdout);
  }
  const { stdout } = await run(folder, ['report'], {
    isReal: true,
    terminal: 80,
    environment: { NO_COLOR: '1' },
  });
  assert.equal(stdout, stripVTControlCharacters(stdout));
});
