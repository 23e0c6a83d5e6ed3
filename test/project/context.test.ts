import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  type ContextCache,
  createContextCache,
  measureProject,
  withContext,
} from '../../server/src/host/context-cache.ts';
import { measureContext, measurePatterns } from '../../server/src/host/context-measure.ts';
import { createProjectReader } from '../../server/src/host/project-reader.ts';
import { type ContextMeasurement, copiedTotals, type Totals } from '../../server/src/project/context.ts';
import { parseDockerignore } from '../../server/src/project/dockerignore.ts';

const base = mkdtempSync(join(tmpdir(), 'ballast-context-'));
after(() => rmSync(base, { recursive: true, force: true }));

let count = 0;
/** A folder with files of so many bytes. */
function folder(files: Readonly<Record<string, number | string>>): string {
  const root = join(base, String(count++));
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : Buffer.alloc(content, 'x'));
  }
  return root;
}

const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': {},
    'node_modules/express': {},
    'node_modules/typescript': { dev: true },
    'node_modules/typescript/node_modules/inner': { dev: true },
    'node_modules/express/node_modules/nested': {},
    'packages/app/node_modules/jest': { dev: true },
  },
});

const project = {
  'package.json': 2,
  'package-lock.json': lock,
  'src/main.ts': 100,
  'node_modules/express/index.js': 1000,
  'node_modules/express/node_modules/nested/index.js': 100,
  'node_modules/typescript/lib/tsc.js': 5000,
  'node_modules/typescript/node_modules/inner/a.js': 50,
  'node_modules/.bin/tsc': 3,
  'packages/app/node_modules/jest/index.js': 700,
  'packages/app/dist/main.js': 40,
  '.venv/lib/python3/site.py': 30,
  '.git/objects/pack': 300,
  '.env': 7,
  'keys/server.pem': 9,
};

function totals({ files, bytes }: Totals): Totals {
  return { files, bytes };
}

/** What lies at the root and is sent, the largest first. */
function atRoot({ sent }: ContextMeasurement): [name: string, files: number, bytes: number][] {
  const entries = [...(sent.entries ?? [])].map(([name, { files, bytes }]) => [name, files, bytes] as const);
  return entries
    .filter(([, files]) => files > 0)
    .map(([...entry]): [string, number, number] => [...entry])
    .sort(([, , a], [, , b]) => b - a);
}

test('without .dockerignore everything is sent, and dependencies are split by the lock file', async () => {
  const measured = await measureContext({ root: folder(project) });
  const bytes = 2 + lock.length + 100 + 6153 + 700 + 40 + 30 + 300 + 7 + 9;
  assert.deepEqual(totals(measured.sent), { files: 14, bytes });
  assert.equal(measured.isComplete, true);
  assert.deepEqual(atRoot(measured).slice(0, 2), [
    ['node_modules', 5, 6153],
    ['packages', 2, 740],
  ]);
  assert.deepEqual(measured.dependencies, [
    {
      path: 'node_modules',
      files: 5,
      bytes: 6153,
      ecosystem: 'node',
      isSent: true,
      development: { files: 2, bytes: 5050 },
      packages: [
        { name: 'typescript', isDevelopment: true, files: 2, bytes: 5050 },
        { name: 'express', isDevelopment: false, files: 2, bytes: 1100 },
      ],
    },
    {
      path: 'packages/app/node_modules',
      files: 1,
      bytes: 700,
      ecosystem: 'node',
      isSent: true,
      development: { files: 1, bytes: 700 },
      packages: [{ name: 'jest', isDevelopment: true, files: 1, bytes: 700 }],
    },
    { path: '.venv', files: 1, bytes: 30, ecosystem: 'python', isSent: true, packages: [] },
  ]);
  assert.deepEqual(
    measured.clutter.map(({ path, kind, bytes: size }) => [path, kind, size]),
    [
      ['keys/server.pem', 'secret', 9],
      ['.env', 'environment', 7],
      ['node_modules', 'dependencies', 6153],
      ['packages/app/node_modules', 'dependencies', 700],
      ['.git', 'version-control', 300],
      ['packages/app/dist', 'output', 40],
      ['.venv', 'dependencies', 30],
    ],
  );
});

test('packages are named as their managers lay them out', async () => {
  const { dependencies } = await measureContext({
    root: folder({
      '.dockerignore': 'node_modules',
      'node_modules/@babel/core/index.js': 400,
      'node_modules/@babel/types/index.js': 300,
      'node_modules/.cache/a': 50,
      'node_modules/plain/lib/deep/index.js': 200,
      'web/node_modules/.pnpm/@vue+core@3.0.0/node_modules/@vue/core/index.js': 20,
      'web/node_modules/.pnpm/vue@3.0.0/node_modules/vue/index.js': 30,
      '.venv/lib/python3.13/site-packages/numpy/core/a.so': 10,
      '.venv/lib/python3.13/site-packages/six.py': 5,
      '.venv/bin/python': 3,
    }),
    ignore: parseDockerignore('node_modules'),
  });
  assert.deepEqual(
    dependencies.map(({ path, packages }) => [
      path,
      ...packages.map(({ name, bytes }) => `${name} ${bytes}`),
    ]),
    [
      ['node_modules', '@babel/core 400', '@babel/types 300', 'plain 200'],
      ['web/node_modules', 'vue@3.0.0 30', '@vue+core@3.0.0 20'],
      ['.venv', 'numpy 10'],
    ],
  );
});

test('what .dockerignore excludes is not sent, but dependencies are still weighed', async () => {
  const ignore = parseDockerignore('**/node_modules\n.git\n.env\n**/dist\n**/*.pem\n.venv\n');
  const measured = await measureContext({ root: folder(project), ignore });
  assert.deepEqual(totals(measured.sent), { files: 3, bytes: 2 + lock.length + 100 });
  assert.deepEqual(measured.clutter, []);
  assert.deepEqual(
    measured.dependencies.map(({ path, bytes, isSent }) => [path, bytes, isSent]),
    [
      ['node_modules', 6153, false],
      ['packages/app/node_modules', 700, false],
      ['.venv', 30, false],
    ],
  );
});

test('a negation brings files of an excluded folder back', async () => {
  const root = folder(project);
  const ignore = parseDockerignore('*\n!src\n!node_modules/express\n');
  const measured = await measureContext({ root, ignore });
  assert.deepEqual(atRoot(measured), [
    ['node_modules', 2, 1100],
    ['src', 1, 100],
  ]);
  assert.deepEqual(measured.dependencies[0]?.isSent, true);
  assert.deepEqual(measured.dependencies[0]?.bytes, 6153);
});

test('what a COPY of single paths brings', async () => {
  const root = folder(project);
  const measured = await measureContext({ root, ignore: parseDockerignore('.env\n**/dist\n') });
  const bytesOf = (...sources: string[]) => copiedTotals(measured, sources)?.bytes;
  assert.deepEqual(copiedTotals(measured, ['']), totals(measured.sent));
  assert.deepEqual(copiedTotals(measured, ['src', './src/main.ts', '/src/']), { files: 1, bytes: 100 });
  assert.equal(bytesOf('package*.json'), 2 + lock.length);
  assert.equal(bytesOf('s*/main.ts', 'keys/*.pem'), 109);
  assert.equal(bytesOf('node_modules'), 6153);
  assert.equal(bytesOf('packages'), 700);
  // Excluded, and not there at all.
  assert.deepEqual(copiedTotals(measured, ['.env', 'packages/app/dist', 'missing']), { files: 0, bytes: 0 });
  // Of node_modules only the sum is kept.
  assert.equal(bytesOf('src', 'node_modules/express'), undefined);
  assert.equal(bytesOf('*/index.js'), undefined);
});

test('of folders beyond the limit only the sum is kept', async () => {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`many/f${i}`, 1]));
  const measured = await measureContext({ root: folder({ ...files, 'first/a': 3 }), maxNodes: 10 });
  assert.deepEqual(totals(measured.sent), { files: 21, bytes: 23 });
  assert.deepEqual(copiedTotals(measured, ['many']), { files: 20, bytes: 20 });
  assert.equal(copiedTotals(measured, ['many/f1']), undefined);
});

test('links are not followed, and loops of them end', { skip: process.platform === 'win32' }, async () => {
  const root = folder({ 'a/file': 10 });
  symlinkSync('.', join(root, 'a', 'loop'));
  symlinkSync('/etc', join(root, 'etc'));
  const measured = await measureContext({ root });
  assert.equal(measured.sent.files, 3);
  assert.ok(measured.sent.bytes < 20);
});

test('limits make the figures "at least"', async () => {
  const root = folder(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, 1])));
  const few = await measureContext({ root, maxEntries: 10 });
  assert.deepEqual([few.isComplete, few.sent.files], [false, 10]);
  assert.equal((await measureContext({ root, maxDuration: -1 })).isComplete, false);
  assert.equal((await measureContext({ root, maxEntries: 50 })).isComplete, true);
});

test('a folder that is missing or closed makes them so too', async () => {
  assert.deepEqual((await measureContext({ root: join(base, 'nowhere') })).isComplete, false);
  if (process.platform !== 'win32' && process.getuid?.() !== 0) {
    const root = folder({ 'closed/file': 1, open: 1 });
    chmodSync(join(root, 'closed'), 0);
    const measured = await measureContext({ root });
    chmodSync(join(root, 'closed'), 0o700);
    assert.deepEqual([measured.isComplete, measured.sent.files], [false, 1]);
  }
});

test('names of every kind are counted', { skip: process.platform === 'win32' }, async () => {
  const names = [
    'new\nline',
    'back\\slash',
    ' ',
    '-',
    '__proto__',
    'constructor',
    '*',
    '!a',
    'é',
    '😀',
    '#',
    '...',
  ];
  const measured = await measureContext({
    root: folder(Object.fromEntries(names.map((name) => [`${name}/f`, 1]))),
  });
  assert.deepEqual(
    atRoot(measured)
      .map(([name]) => name)
      .sort(),
    [...names].sort(),
  );
  const raw = folder({ a: 1 });
  writeFileSync(Buffer.concat([Buffer.from(`${raw}/`), Buffer.from([0xff, 0xfe])]), 'x');
  assert.equal((await measureContext({ root: raw })).sent.files, 2);
});

test('an abort stops the walk', async () => {
  const root = folder(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`${i % 50}/f${i}`, 0])));
  const controller = new AbortController();
  const running = measureContext({ root, signal: controller.signal, maxDuration: 60_000 });
  controller.abort(new Error('stopped'));
  await assert.rejects(running, /stopped/);
});

test('patterns that several others overrule', async () => {
  const root = folder({ 'docs/a.md': 1, 'docs/b.md': 1 });
  const ignore = parseDockerignore('docs\n!docs\ndocs/a.md\n');
  const { usages, sent } = await measurePatterns({ root, ignore });
  assert.deepEqual(
    usages.map(({ overruledBy }) => overruledBy),
    ['several', 2, undefined],
  );
  assert.deepEqual(sent, { files: 1, bytes: 1 });
});

test('patterns: what each one does', async () => {
  const root = folder({
    'a.log': 5,
    'b.log': 6,
    'logs/c.log': 7,
    'keep.md': 1,
    'docs/x.md': 2,
    'src/main.ts': 3,
  });
  const ignore = parseDockerignore('*.log\nlogs\nlogs/c.log\n*.md\n!keep.md\nnothing\n!src\n');
  const { usages, isComplete } = await measurePatterns({ root, ignore });
  assert.equal(isComplete, true);
  assert.deepEqual(usages, [
    { files: 2, bytes: 11, matches: true },
    { files: 1, bytes: 7, matches: true },
    { files: 0, bytes: 0, matches: true, overruledBy: 1 },
    { files: 0, bytes: 0, matches: true, overruledBy: 4 },
    { files: 1, bytes: 1, matches: true },
    { files: 0, bytes: 0, matches: false },
    { files: 0, bytes: 0, matches: true },
  ]);
});

interface Call {
  readonly signal: AbortSignal | undefined;
  finish(measured: ContextMeasurement): void;
}

/** A cache over measurements that the test ends by hand. */
function heldCache(): { cache: ContextCache; calls: Call[] } {
  const calls: Call[] = [];
  const cache = createContextCache(
    (input) => new Promise((resolve) => calls.push({ signal: input.signal, finish: resolve })),
  );
  return { cache, calls };
}

async function untilCalled(calls: readonly Call[], count: number): Promise<void> {
  while (calls.length < count) {
    await setTimeout(1);
  }
}

test('the cache shares what runs and answers at once afterwards', async () => {
  const { cache, calls } = heldCache();
  const measured = await measureContext({ root: folder({ a: 1 }) });
  const answers = [cache.measure('/a', undefined), cache.measure('/a', undefined)];
  assert.equal(calls.length, 1);
  assert.equal(cache.peek('/a', undefined), undefined);
  calls[0]?.finish(measured);
  assert.deepEqual(await Promise.all(answers), [true, true]);
  assert.equal(cache.peek('/a', undefined), measured);
  assert.equal(await cache.measure('/a', undefined), false);
  assert.equal(calls.length, 1);
});

test('the cache measures anew what has expired, and keeps the last answer until then', async () => {
  const { cache, calls } = heldCache();
  const measured = await measureContext({ root: folder({ a: 1 }) });
  const ignore = parseDockerignore('x');
  const first = cache.measure('/a', ignore);
  calls[0]?.finish(measured);
  assert.equal(await first, true);
  assert.equal(await cache.measure('/a', ignore), false);

  cache.expire();
  const second = cache.measure('/a', ignore);
  await untilCalled(calls, 2);
  assert.equal(cache.peek('/a', ignore), measured);
  // What changes while it runs is not seen by it: it comes to its end, and is measured once more.
  cache.expire();
  const newer = { ...measured, date: '2030-01-01T00:00:00.000Z' };
  calls[1]?.finish(newer);
  assert.equal(await second, true);
  assert.equal(cache.peek('/a', ignore), newer);
  void cache.measure('/a', ignore);
  await untilCalled(calls, 3);
});

test('the cache stops what nobody waits for, and takes it up again when asked', async () => {
  const { cache, calls } = heldCache();
  const ignore = parseDockerignore('x');
  const first = cache.measure('/a', ignore);
  const second = cache.measure('/a', parseDockerignore('y'));
  cache.stop('/a', ignore);
  assert.equal(calls[0]?.signal?.aborted, true);
  cache.stop('/b');
  assert.equal(calls[1]?.signal?.aborted, false);
  cache.stop('/a');
  assert.equal(calls[1]?.signal?.aborted, true);
  const measured = await measureContext({ root: folder({ a: 1 }) });
  const third = cache.measure('/a', ignore);
  for (const call of calls) {
    call.finish(measured);
  }
  assert.deepEqual(await Promise.all([first, second, third]), [false, false, true]);
  assert.equal(cache.peek('/a', parseDockerignore('y')), undefined);
});

test('a folder in which files come and go all the time is not measured all the time', async () => {
  let calls = 0;
  const measured = await measureContext({ root: folder({ a: 1 }) });
  const cache = createContextCache(async () => {
    calls++;
    await setTimeout(50);
    return measured;
  });
  assert.equal(await cache.measure('/a', undefined), true);
  cache.expire();
  const start = performance.now();
  assert.equal(await cache.measure('/a', undefined), true);
  assert.ok(performance.now() - start > 200);
  assert.equal(calls, 2);
});

test('a project has its measurement as soon as the cache has it', async () => {
  const root = folder({ 'a.txt': 5, '.dockerignore': 'b\n' });
  const cache = createContextCache();
  const project = withContext({ reader: createProjectReader(root), isKnown: true }, root, cache);
  const sentFiles = () => project.context?.sent.files;
  assert.equal(sentFiles(), undefined);
  assert.equal(await measureProject(project, root, cache), true);
  assert.equal(sentFiles(), 2);
  writeFileSync(join(root, '.dockerignore'), 'a.txt\nb\n');
  assert.equal(sentFiles(), undefined);
  assert.equal(await measureProject(project, root, cache), true);
  assert.equal(sentFiles(), 1);
});

test('a virtual environment is known by its settings, whatever it is called', async () => {
  const root = folder({
    'app.py': 10,
    'py/env312/pyvenv.cfg': 20,
    'py/env312/lib/site-packages/a/__pycache__/a.pyc': 300,
    'py/env312/lib/site-packages/a/a.py': 700,
    '__pycache__/app.pyc': 5,
  });
  const { clutter } = await measureContext({ root });
  assert.deepEqual(clutter, [
    { path: 'py/env312', kind: 'dependencies', isFolder: true, files: 3, bytes: 1020 },
    { path: '__pycache__', kind: 'cache', isFolder: true, files: 1, bytes: 5 },
  ]);
});
