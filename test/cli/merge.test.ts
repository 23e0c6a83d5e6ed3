import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, temporaryFolder } from './support.ts';

/** A report with one Dockerfile that weighs so many megabytes, now and after slimming. */
function report(size: number, sizeAfter: number | null, rules: readonly string[] = ['runs-as-root']): string {
  const known = (megabytes: number) => ({
    kind: 'known',
    low: megabytes * 1e6,
    high: megabytes * 1e6,
    atLeast: false,
    measure: 'disk',
    basis: 'catalogue',
    source: 'a test',
    date: '2026-11-01',
  });
  return JSON.stringify({
    ballast: '1.2.3',
    format: 1,
    files: [
      {
        path: 'Dockerfile',
        context: '',
        size: known(size),
        sizeAfter: sizeAfter === null ? null : known(sizeAfter),
        findings: rules.map((rule) => ({ rule, severity: 'warning', added: 'by a later version' })),
      },
    ],
    failures: [],
  });
}

test('four shards, each with its own reports, become one page and one JSON document', async (t) => {
  const projects = {
    'projects/a/Dockerfile': 'FROM node:22\nCMD ["node", "a.js"]\n',
    'projects/b/Dockerfile': 'FROM node:22-slim\nUSER node\nCMD ["node", "b.js"]\n',
    'projects/c/Dockerfile': 'FROM debian\nRUN sudo ls\n',
    'projects/d/Dockerfile':
      'FROM python:3.13\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["python", "a.py"]\n',
    'projects/d/requirements.txt': 'flask==3.1.0\n',
    'projects/d/a.py': 'print(1)\n',
  };
  const folder = temporaryFolder(t, projects);
  mkdirSync(join(folder, 'reports'));
  for (const project of ['a', 'b', 'c', 'd']) {
    const shard = join(folder, 'projects', project);
    const output = join(folder, `reports/${project}.json`);
    await run(shard, ['check', '--slimmed', '-f', 'json', '-o', output, '--fail-on', 'never'], {
      isReal: true,
    });
  }
  const json = await run(folder, ['merge', 'reports', '-f', 'json']);
  assert.equal(json.code, 0, json.stderr);
  const totals = JSON.parse(json.stdout);
  assert.equal(totals.reports, 4);
  assert.equal(totals.dockerfiles, 4);
  assert.deepEqual(
    totals.rules.find(({ rule }: { rule: string }) => rule === 'sudo-in-run'),
    { rule: 'sudo-in-run', findings: 1, dockerfiles: 1 },
  );
  assert.deepEqual(totals.heaviest.map(({ report }: { report: string }) => report).sort(), [
    'reports/a',
    'reports/b',
    'reports/c',
    'reports/d',
  ]);
  assert.match(totals.savesMost[0].report, /^reports\/[ad]$/);
  assert.ok(totals.saved > 500e6, String(totals.saved));
  assert.equal((await run(folder, ['merge', 'reports', '-o', 'all.html'])).code, 0);
  const page = readFileSync(join(folder, 'all.html'), 'utf8');
  assert.match(page, /<td>reports\/d<\/td><td>Dockerfile<\/td>/);
  assert.match(page, /<code>sudo-in-run<\/code>/);
  assert.doesNotMatch(page, /<script|https?:\/\//);
});

test('what slimming saves is added up where it was asked for', async (t) => {
  const folder = temporaryFolder(t, { 'a.json': report(900, 200), 'b.json': report(100, null) });
  const { stdout } = await run(folder, ['merge', 'a.json', 'b.json', '-f', 'json']);
  const totals = JSON.parse(stdout);
  assert.equal(totals.bytes, 1000e6);
  assert.equal(totals.saved, 700e6);
  assert.equal(totals.slimmed, 1);
  assert.deepEqual(totals.rules, [{ rule: 'runs-as-root', findings: 2, dockerfiles: 2 }]);
});

test('what is no report is named, and the others count', async (t) => {
  const folder = temporaryFolder(t, {
    'a.json': report(900, 200),
    'broken.json': '{',
    'other.json': '{ "name": "package" }',
  });
  const { code, stdout, stderr } = await run(folder, ['merge', '.', 'missing.json', '-f', 'json']);
  assert.equal(code, 2);
  assert.match(stderr, /^ballast: broken: is no JSON$/m);
  assert.match(stderr, /^ballast: other: is no report of `ballast check --format json`: format: /m);
  assert.match(stderr, /^ballast: missing: cannot be read: no such file or folder$/m);
  assert.equal(JSON.parse(stdout).reports, 1);
  assert.equal((await run(temporaryFolder(t, {}), ['merge', '.'])).code, 2);
});

test('figures that no image has do not spoil the totals', async (t) => {
  const folder = temporaryFolder(t, {
    'a.json': report(900, 200),
    'huge.json': report(1e302, null),
    'negative.json': report(-900, null),
  });
  const { code, stdout, stderr } = await run(folder, ['merge', '.', '-f', 'json']);
  assert.equal(code, 2);
  assert.match(stderr, /^ballast: huge: is no report of [^\n]*: files\.0\.size: no size of an image$/m);
  assert.match(stderr, /^ballast: negative: is no report of /m);
  assert.equal(JSON.parse(stdout).bytes, 900e6);
});

test('a report of thousands of Dockerfiles is read as it was written', async (t) => {
  const folder = temporaryFolder(t, { 'a.json': report(900, 200).padEnd(17 * 1024 * 1024) });
  const { code, stdout } = await run(folder, ['merge', 'a.json', '-f', 'json']);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).dockerfiles, 1);
});

test('shards in any order have the totals of one run', async (t) => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  // Half of them weigh the same.
  const reports = new Map(names.map((name, i) => [`${name}.json`, report(900 - (i % 2) * i, 200)]));
  const whole = temporaryFolder(t, Object.fromEntries(reports));
  const sharded = temporaryFolder(
    t,
    Object.fromEntries([...reports].map(([name, text], i) => [`shard-${3 - (i % 4)}/${name}`, text])),
  );
  const totals = async (folder: string): Promise<unknown> =>
    JSON.parse((await run(folder, ['merge', '.', '-f', 'json'])).stdout, (key, value) =>
      key === 'report' ? String(value).replace(/^.*\//, '') : value,
    );
  assert.deepEqual(await totals(sharded), await totals(whole));
});

test('names from reports are text on the page', async (t) => {
  const folder = temporaryFolder(t, { 'a.json': report(900, 200, ['<img src=x onerror=alert(1)>']) });
  const { stdout } = await run(folder, ['merge', 'a.json']);
  assert.match(stdout, /&lt;img src=x/);
  assert.doesNotMatch(stdout, /<img/);
});

test('a thousand reports take no more of the result than a hundred', async (t) => {
  const folder = temporaryFolder(t, {});
  for (let i = 0; i < 1000; i++) {
    writeFileSync(join(folder, `${i}.json`), report(i, i / 2));
  }
  const totals = JSON.parse((await run(folder, ['merge', '.', '-f', 'json'])).stdout);
  assert.equal(totals.reports, 1000);
  assert.equal(totals.heaviest.length, 100);
  assert.equal(totals.heaviest[0].report, '999');
  assert.equal(totals.savesMost[99].report, '900');
});
