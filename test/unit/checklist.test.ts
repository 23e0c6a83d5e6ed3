import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { fixAll } from '../../server/src/engine/apply.ts';
import { countDone } from '../../server/src/engine/report.ts';
import { summarizeFixes } from '../../server/src/engine/slim.ts';
import { inputFor } from '../support/engine.ts';

const example = new URL('../../examples/node-service/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, example), 'utf8');
const names = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'src/app.ts',
  'src/server.ts',
  'src/links.ts',
];
const input = inputFor(read('Dockerfile'), Object.fromEntries(names.map((name) => [name, read(name)])));

test('every item of the example is open, with a fix; slim closes all of them', () => {
  const { checklist } = analyze(input);
  assert.deepEqual(countDone(checklist), { done: 0, of: 8 });
  for (const { title, fix, evidence } of checklist) {
    assert.ok(fix !== undefined && evidence !== '', title);
  }
  const result = fixAll(input, 'review');
  const after = analyze({ ...input, text: result.text, project: result.project });
  assert.deepEqual(countDone(after.checklist), { done: 8, of: 8 });
  assert.deepEqual(result.left, after.problems);
});

test('an item whose rules are off does not count, and is not called done', () => {
  const config = { rules: { 'sources-copied-before-install': 'off', 'runs-as-root': 'off' } } as const;
  const { checklist } = analyze({ ...input, config });
  assert.deepEqual(countDone(checklist), { done: 0, of: 6 });
  const states = checklist.filter(({ id }) => ['dependencies-first', 'non-root'].includes(id));
  assert.deepEqual(
    states.map(({ state }) => state),
    ['not-applicable', 'not-applicable'],
  );
});

test('fixes are told by rule, each title once, with what they assume', () => {
  const text =
    'FROM debian:12\nRUN apt-get update && apt-get install -y jq\nRUN apt-get update && apt-get install -y make\n';
  const { items, left } = summarizeFixes(fixAll(inputFor(text), 'review'));
  const rules = items.map(({ rule }) => rule);
  assert.deepEqual(rules, [...new Set(rules)]);
  const recommends = items.find(({ rule }) => rule === 'recommended-packages-installed');
  assert.deepEqual(recommends?.titles, ['Add --no-install-recommends']);
  assert.deepEqual(recommends.assumptions, ['Nothing relies on a package that is only recommended.']);
  assert.deepEqual(left, []);
});

test('of fixes that are turned down nothing is made', () => {
  const { text } = fixAll(input, 'review', ({ rule }) => rule !== 'single-stage-build');
  assert.doesNotMatch(text, /AS builder/);
  assert.match(text, /^USER /m);
});

test('dependencies for development are called installed only where the manifest names some', () => {
  const dockerfile =
    'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["npm", "run", "dev"]\n';
  const stateWith = (manifest: object) =>
    analyze(inputFor(dockerfile, { 'package.json': JSON.stringify(manifest) })).checklist.find(
      ({ id }) => id === 'production-dependencies',
    )?.state;
  assert.equal(stateWith({ dependencies: { fastify: '5.0.0' } }), 'done');
  assert.equal(stateWith({ devDependencies: { nodemon: '3.0.0' } }), 'open');
});

/** The state and evidence of one item of a file. */
function itemOf(id: string, text: string, files: Record<string, string> = {}): string {
  const item = analyze(inputFor(text, files)).checklist.find((one) => one.id === id);
  return `${item?.state}: ${item?.evidence}`;
}

test('a tool out of another image, and a stage that makes nothing, are no build of several stages', () => {
  const tool =
    'FROM php:8.4-cli\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/\nRUN composer install\nCMD ["php", "a.php"]\n';
  assert.match(itemOf('multi-stage', tool), /^not-applicable: /);
  const alias =
    'FROM ghcr.io/astral-sh/uv:0.8 AS uv\nFROM python:3.13-slim\nCOPY --from=uv /uv /bin/\nRUN python setup.py build\n';
  assert.match(itemOf('multi-stage', alias), /^(?:unknown|open): /);
  const built =
    'FROM golang:1.26 AS b\nRUN go build -o /a .\nFROM scratch\nCOPY --from=b /a /a\nCMD ["/a"]\n';
  assert.equal(itemOf('multi-stage', built), 'done: The final stage takes /a from the stage b.');
  const settings =
    'FROM alpine AS b\nRUN echo 1 > /a\nFROM node:22\nCOPY --from=b /a /a\nCOPY . .\nRUN npm ci && npm run build\n';
  assert.match(itemOf('multi-stage', settings), /^open: `npm run build` builds in the stage that ships/);
});

test('what a command makes that nobody knows is no tick', () => {
  const text =
    'FROM registry.example.com/lang:1\nCOPY . .\nRUN frob build && frob ship\nCMD ["frob", "run"]\n';
  for (const id of ['multi-stage', 'small-base', 'dependencies-first', 'production-dependencies']) {
    assert.match(itemOf(id, text), /^unknown: /, id);
  }
  assert.match(itemOf('multi-stage', text), /`frob build`/);
});

test('packages that are installed by name are dependencies', () => {
  for (const install of [
    'pip install flask',
    'gem install sinatra',
    'npm install -g serve',
    'conda install numpy',
  ]) {
    const text = `FROM debian:13-slim\nCOPY . .\nRUN ${install}\nCMD ["run"]\n`;
    assert.match(itemOf('dependencies-first', text), /^open: /, install);
    assert.match(itemOf('cache-mounts', text), /^open: /, install);
    assert.match(itemOf('production-dependencies', text), /^(?:done|unknown): `/, install);
  }
});

test('packages that are named beside a manifest ask for no cache mount of their own', () => {
  const text = (mount: string, named: string): string =>
    `FROM node:24-slim\nRUN ${named}\nCOPY package.json .\nRUN ${mount}npm install\nCMD ["node", "a.js"]\n`;
  const mount = '--mount=type=cache,target=/root/.npm ';
  for (const named of ['npm install -g nodemon && npm cache clean --force', 'gem install foreman']) {
    assert.match(itemOf('cache-mounts', text(mount, named)), /^done: `npm install` keeps/, named);
    assert.match(itemOf('cache-mounts', text('', named)), /^open: /, named);
  }
});

test('the order of the file counts, with or without a manifest to read', () => {
  const below = 'FROM node:24-slim\nCOPY . .\nRUN npm install\nCMD ["node", "a.js"]\n';
  assert.match(itemOf('dependencies-first', below), /^open: /);
  const above = 'FROM node:24-slim\nCOPY package.json .\nRUN npm install\nCOPY . .\nCMD ["node", "a.js"]\n';
  assert.match(itemOf('dependencies-first', above), /^done: /);
  const project = 'FROM python:3.13-slim\nCOPY . .\nRUN pip install .\nCMD ["app"]\n';
  assert.match(itemOf('dependencies-first', project), /^unknown: /);
  assert.match(itemOf('production-dependencies', below), /^unknown: /);
});

test('a health check that is switched off is none, and an exposed port is no proof of nothing', () => {
  const none = 'FROM nginx:1.29\nCOPY . /srv\nHEALTHCHECK NONE\n';
  assert.match(itemOf('health-check', none), /^not-applicable: HEALTHCHECK NONE/);
  const exposed = 'FROM debian:13-slim\nCOPY a /a\nEXPOSE 9000\nUSER 1000\nCMD ["/a"]\n';
  assert.match(itemOf('health-check', exposed), /^(?:open|unknown): /);
});

test('an item whose problem is silenced stays open, and says so', () => {
  const text = '# ballast ignore=runs-as-root\nFROM node:24-slim\nCOPY a.js /\nCMD ["node", "/a.js"]\n';
  const { checklist } = analyze(inputFor(text));
  const item = checklist.find(({ id }) => id === 'non-root');
  assert.deepEqual([item?.state, item?.isIgnored], ['open', true]);
});

test('whether a command that nobody knows installs dependencies is not known', () => {
  for (const command of ['cpanm Mojolicious', 'make build', 'luarocks install lapis']) {
    const text = `FROM debian:13-slim\nCOPY . .\nRUN ${command}\nCMD ["run"]\n`;
    assert.match(itemOf('production-dependencies', text), /^unknown: Whether `/, command);
  }
  const quiet = 'FROM debian:13-slim\nCOPY a /a\nRUN chmod +x /a\nCMD ["/a"]\n';
  assert.match(itemOf('production-dependencies', quiet), /^not-applicable: /);
});
