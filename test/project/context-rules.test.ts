import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import type { ContextMeasurement, MeasuredClutter, MeasuredNode } from '../../server/src/project/context.ts';
import { openProject, type Project } from '../../server/src/project/project.ts';
import { memoryReader } from '../../server/src/project/reader.ts';
import { rules } from '../../server/src/rules/index.ts';
import type { Problem } from '../../server/src/rules/rule.ts';
import { inputFor } from '../support/engine.ts';

const dockerfile = `FROM node:22-slim
WORKDIR /app
COPY . .
RUN npm ci
USER node
CMD ["node", "server.js"]
`;

function folder(path: string, kind: MeasuredClutter['kind'], bytes: number): MeasuredClutter {
  return { path, kind, isFolder: true, files: 10, bytes };
}

const measured: ContextMeasurement = {
  sent: { files: 30_000, bytes: 412_000_000, isFolder: true },
  isComplete: true,
  clutter: [
    folder('.git', 'version-control', 98_000_000),
    folder('node_modules', 'dependencies', 300_000_000),
  ],
  dependencies: [],
  date: '2026-11-24T10:00:00.000Z',
};

function problem(
  rule: string,
  files: Readonly<Record<string, string>>,
  context: ContextMeasurement,
  change: Partial<Project> = {},
  text = dockerfile,
): Problem | undefined {
  const input = inputFor(text, files);
  const off = Object.fromEntries(rules.map(({ meta }) => [meta.id, 'off' as const]));
  const { [rule]: _, ...others } = off;
  const config = { ...input.config, rules: others };
  const report = analyze({ ...input, config, project: { ...input.project, context, ...change } });
  assert.deepEqual(report.failures, []);
  return report.problems.find((one) => one.rule === rule);
}

test('a missing ignore file is told with what was measured', () => {
  const found = problem('dockerignore-missing', { 'package.json': '{}' }, measured);
  assert.equal(
    found?.message,
    'No .dockerignore: `COPY . .` sends 412 MB, 398 MB of it node_modules and .git.',
  );
  assert.equal(found?.fixes[0]?.title, 'Create .dockerignore (sends 398 MB less)');
  assert.deepEqual(found?.saving, {
    kind: 'known',
    low: 398_000_000,
    high: 398_000_000,
    atLeast: false,
    measure: 'disk',
    basis: 'measured',
    source: 'files of the build context',
    date: '2026-11-24',
  });
});

test('an incomplete one too, and a measurement that was cut short says "at least"', () => {
  const files = { 'package.json': '{}', '.dockerignore': '.git\n' };
  const context = { ...measured, isComplete: false, clutter: measured.clutter.slice(1) };
  const found = problem('dockerignore-incomplete', files, context);
  assert.equal(
    found?.message,
    '.dockerignore lets node_modules through: 300 MB of at least 412 MB that are sent.',
  );
  assert.equal(found?.saving?.kind === 'known' && found.saving.atLeast, true);
  assert.equal(found?.fixes[0]?.files?.[0]?.after, '.git\n**/node_modules\n');
});

test('a few kilobytes of output are no warning', () => {
  const files = { 'package.json': '{}', '.dockerignore': '.git\nnode_modules\n' };
  const text = dockerfile.replace('npm ci', 'npm ci && npm run build');
  const small = { ...measured, clutter: [folder('.next', 'output', 90_000)] };
  assert.equal(problem('dockerignore-incomplete', files, small, {}, text), undefined);
  const large = { ...measured, clutter: [folder('.next', 'output', 190_000)] };
  assert.ok(problem('dockerignore-incomplete', files, large, {}, text));
});

test('what is sent only to a stage that does not ship saves the image nothing', () => {
  const text = `FROM node:22 AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM node:22-slim
COPY --from=build /app/dist /app
USER node
CMD ["node", "/app/server.js"]
`;
  const found = problem('dockerignore-missing', { 'package.json': '{}' }, measured, {}, text);
  assert.equal(found?.saving, undefined);
  assert.equal(found?.fixes[0]?.title, 'Create .dockerignore (sends 398 MB less)');
});

test('a path is missing for certain only where something says which folder is built', () => {
  const text = 'FROM node:22-slim\nCOPY service/server.js ./\nCMD ["node", "server.js"]\n';
  const files = { 'README.md': '' };
  assert.equal(problem('copied-path-missing', files, measured, {}, text), undefined);
  const source = { kind: 'compose', path: 'compose.yaml', line: 3, name: 'web' } as const;
  assert.equal(
    problem('copied-path-missing', files, measured, { source }, text)?.message,
    'service/server.js is not in the build context.',
  );
});

test('a file with secrets is told with its bytes, and where everything is needed, so is the whole', () => {
  const secret: MeasuredClutter = {
    path: '.env',
    kind: 'environment',
    isFolder: false,
    files: 1,
    bytes: 1234,
  };
  const files = { '.env': 'DATABASE_PASSWORD=hunter2\n', 'server.js': '', '.dockerignore': '.git\n' };
  assert.equal(
    problem('secret-file-in-image', files, { ...measured, clutter: [secret] })?.message,
    '.env (1.23 kB) gets into the image, where everyone who pulls it can read it.',
  );
  assert.equal(
    problem('dockerignore-missing', { 'package.json': '{}' }, { ...measured, isComplete: false, clutter: [] })
      ?.message,
    'No .dockerignore: `COPY . .` takes everything in this folder, at least 412 MB.',
  );
});

test('what a fix has excluded since the measurement is not told again', () => {
  const files = { 'package.json': '{}', '.dockerignore': '**/node_modules\n.git\n!.git/HEAD\n' };
  const found = problem('dockerignore-incomplete', files, measured);
  assert.match(found?.message ?? '', /lets \.git through/);
});

test('where what is copied lies in two folders, only a mistyped name is missing for certain', () => {
  const text = `FROM node:22-slim
COPY package.json server.js lib ./
COPY start.sh /
CMD ["/start.sh"]
`;
  const missing = (...paths: string[]) => {
    const files = Object.fromEntries(paths.map((path) => [path, '']));
    const { project } = openProject({
      dockerfile: 'docker/Dockerfile',
      reader: memoryReader({ 'docker/Dockerfile': text, ...files }),
    });
    const report = analyze({ ...inputFor(text, {}), project });
    return report.problems.filter(({ rule }) => rule === 'copied-path-missing').map(({ message }) => message);
  };
  assert.deepEqual(missing('package.json', 'server.js', 'lib/a.js', 'docker/start.sh'), []);
  assert.deepEqual(missing('docker/package.json', 'docker/server.js', 'docker/start.sh', 'lib/a.js'), []);
  assert.deepEqual(missing('package.json', 'server.js', 'lib/a.js', 'docker/start.sh', 'strat.sh'), [
    'start.sh is not in the build context; strat.sh is.',
  ]);
  assert.deepEqual(missing('package.json', 'server.js', 'lib/a.js'), [
    'start.sh is not in the build context.',
  ]);
});

test('large files that nothing reads are told, and those that something names stay', () => {
  const file = (bytes: number): MeasuredNode => ({ files: 1, bytes, isFolder: false });
  const context: ContextMeasurement = {
    ...measured,
    clutter: [],
    sent: {
      files: 4,
      bytes: 12_000_000,
      isFolder: true,
      entries: new Map<string, MeasuredNode>([
        ['dump-2026.sql', file(4_000_000)],
        ['words.zip', file(3_000_000)],
        ['notes.psd', file(50_000)],
        [
          'seed',
          { files: 1, bytes: 5_000_000, isFolder: true, entries: new Map([['rows.sql', file(5_000_000)]]) },
        ],
      ]),
    },
  };
  const files = {
    'package.json': '{}',
    '.dockerignore': '.git\nnode_modules\n',
    'server.js': "require('./unpack')('words.zip');\n",
    'compose.yaml':
      'services: { db: { image: postgres, volumes: ["./seed:/docker-entrypoint-initdb.d"] } }\n',
  };
  const found = problem('dockerignore-incomplete', files, context);
  assert.equal(found?.message, '.dockerignore lets dump-2026.sql through: 4 MB of the 12 MB that are sent.');
});
