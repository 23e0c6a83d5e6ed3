import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { formatCheckstyle } from '../../server/src/cli/format/checkstyle.ts';
import { run, temporaryFolder } from './support.ts';

const text = 'FROM heavy\nUSER root\n# taste\n';
/** Text that means something in every format. */
const hostile = 'FROM heavy\n# root & <b> "x" | `y` @z ]]>\u0007\u001b[31m\n';

function parsed(xml: string) {
  assert.equal(XMLValidator.validate(xml), true);
  return new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['testsuite', 'testcase', 'file', 'error'].includes(name),
  }).parse(xml);
}

test('gitlab: a code quality report, whose fingerprints survive moved lines', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: text });
  const moved = temporaryFolder(t, { Dockerfile: `# a new line\n\n${text}` });
  const entries = JSON.parse((await run(folder, ['check', '-f', 'gitlab'])).stdout);
  const later = JSON.parse((await run(moved, ['check', '-f', 'gitlab'])).stdout);
  assert.deepEqual(
    entries.map((one: Record<string, unknown>) => [one['check_name'], one['severity'], one['location']]),
    [
      ['single-stage-build', 'major', { path: 'Dockerfile', lines: { begin: 1 } }],
      ['runs-as-root', 'major', { path: 'Dockerfile', lines: { begin: 2 } }],
      ['matter-of-taste', 'info', { path: 'Dockerfile', lines: { begin: 3 } }],
    ],
  );
  const prints = (list: { fingerprint: string }[]): string[] => list.map((one) => one.fingerprint);
  assert.deepEqual(prints(later), prints(entries));
  assert.equal(new Set(prints(entries)).size, entries.length);
});

test('junit: a case for each finding that fails, and one that passes for a file without', async (t) => {
  const folder = temporaryFolder(t, { 'a/Dockerfile': text, 'b/Dockerfile': 'FROM x\n' });
  const { testsuites } = parsed((await run(folder, ['check', '-f', 'junit'])).stdout);
  assert.equal(testsuites.tests, '3');
  assert.equal(testsuites.failures, '2');
  const [a, b] = testsuites.testsuite;
  assert.equal(a.testcase.length, 2);
  assert.equal(b.testcase[0].failure, undefined);
});

test('checkstyle: a file with its errors', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: text });
  const { checkstyle } = parsed((await run(folder, ['check', '-f', 'checkstyle'])).stdout);
  const [file] = checkstyle.file;
  assert.equal(file.name, 'Dockerfile');
  assert.deepEqual(
    file.error.map((one: Record<string, string>) => [one['line'], one['severity'], one['source']]),
    [
      ['1', 'warning', 'ballast.single-stage-build'],
      ['2', 'warning', 'ballast.runs-as-root'],
      ['3', 'info', 'ballast.matter-of-taste'],
    ],
  );
});

test('xml holds any path', () => {
  const xml = formatCheckstyle({
    version: '1',
    rules: new Map(),
    files: [],
    failures: [{ path: 'a"<&>\u0000\ud800\u001b', message: 'no\nline' }],
  });
  const { checkstyle } = parsed(xml);
  assert.equal(checkstyle.file[0].name, 'a"<&>');
});

test('tty: one line for each finding, whatever it holds', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: hostile });
  const { stdout } = await run(folder, ['check', '-f', 'tty', '--all']);
  assert.equal(stdout.split('\n').length, 3);
  assert.match(stdout, /^Dockerfile:1:6 single-stage-build warning: This image ships/);
});

test('markdown: a table for each Dockerfile, in which nothing ends a cell', async (t) => {
  const folder = temporaryFolder(t, { 'a|b<i>/Dockerfile': text, 'c/Dockerfile': 'FROM x\n' });
  const { stdout } = await run(folder, ['check', '-f', 'markdown']);
  assert.match(stdout, /^## Ballast\n\n2 findings in 1 of 2 Dockerfiles\.\n/);
  assert.match(stdout, /### a\\\|b\\<i\\>\/Dockerfile/);
  const rows = stdout.split('\n').filter((line) => line.startsWith('| '));
  assert.deepEqual(
    rows.map((row) => row.split(/(?<!\\)\|/).length),
    [7, 7, 7],
  );
});

test('several formats in one run, each to its own file', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: text });
  const { stdout, code } = await run(folder, [
    'check',
    '-f',
    'sarif',
    '-o',
    'out.sarif',
    '-f',
    'junit',
    '-o',
    'out.xml',
    '-f',
    'tty',
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /^Dockerfile:1:6 /);
  assert.equal(JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')).version, '2.1.0');
  parsed(readFileSync(join(folder, 'out.xml'), 'utf8'));
});

test('a file that cannot be written is said', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: text });
  const { stderr, code } = await run(folder, ['check', '-f', 'sarif', '-o', 'missing/out.sarif']);
  assert.equal(code, 2);
  assert.match(stderr, /^ballast: missing\/out\.sarif: /);
});
