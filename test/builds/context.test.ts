import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createContextCache } from '../../server/src/host/context-cache.ts';
import { openProject } from '../../server/src/host/projects.ts';
import type { ContextMeasurement, MeasuredNode } from '../../server/src/project/context.ts';
import { mustBuild } from './support/build.ts';
import { imageFiles } from './support/files.ts';
import { applyFixes } from './support/fixers.ts';
import { withStorage } from './support/lock.ts';
import { removeImages } from './support/prove.ts';
import { whyNoBuilds } from './support/tools.ts';

// What Ballast measures of a build context is what a real build finds in it.

const skip = whyNoBuilds() ?? false;

/** The stage that ships needs no base image, and the other is not built. */
const dockerfile = `FROM node:22-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci

FROM scratch
COPY . /app/
CMD ["/app/server"]
`;

const project = {
  Dockerfile: dockerfile,
  'package.json': '{"name":"service"}',
  'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
  'server.js': 'x'.repeat(1000),
  'src/a.js': 'x'.repeat(100),
  'src/deep/b.js': 'x'.repeat(10),
  'node_modules/a/index.js': 'x'.repeat(300_000),
  'node_modules/.bin/a': 'x',
  'packages/one/node_modules/b/index.js': 'x'.repeat(2000),
  'packages/one/index.js': 'x'.repeat(20),
  '.git/HEAD': 'ref: refs/heads/main',
  '.git/objects/00/aa': 'x'.repeat(5000),
  '.env': 'DATABASE_PASSWORD=hunter2\n',
  'coverage/report.html': 'x'.repeat(7700),
  '.gitignore': 'coverage\n',
  'debug.log': 'x'.repeat(30),
};

/** Ignore files that are easily misread, each with what it is about. */
const ignoreFiles: Readonly<Record<string, string>> = {
  'no pattern': '# nothing\n',
  'names, wildcards and two stars': 'node_modules\n*.log\n**/*.html\n.git/objects\n',
  'a later line takes in again': '*\n!src\n!package.json\nsrc/deep\n',
  'something in an excluded folder': 'node_modules\n!node_modules/a\npackages/**\n!packages/one/index.js\n',
  'slashes, dots, spaces and brackets': '/src/./deep/../a.js\n  .env  \n[dc]*\nserver.?s\n',
  'folders at every depth': '**/node_modules\n**/deep/**\n',
};

function makeProject(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-build-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync('src/a.js', join(folder, 'link.js'));
  return folder;
}

interface Arrived {
  readonly files: number;
  readonly bytes: number;
  readonly paths: readonly string[];
}

/** What a build of the folder leaves below /app. */
async function build(folder: string, image: string): Promise<Arrived> {
  await mustBuild({ folder, write: () => {}, remove: () => {} }, image);
  const found = [...(await imageFiles(image))].filter(
    ([path, { kind }]) => path.startsWith('/app/') && kind !== 'directory',
  );
  return {
    files: found.length,
    // The size of a link is the length of what it leads to.
    bytes: found.reduce((sum, [, file]) => sum + (file.kind === 'link' ? file.content.length : file.size), 0),
    paths: found.map(([path]) => path.slice('/app/'.length)).sort(),
  };
}

async function measure(folder: string): Promise<ContextMeasurement> {
  const { project: opened, measured } = openProject(join(folder, 'Dockerfile'), [], createContextCache());
  const { context } = (await measured?.(opened)) ?? {};
  assert.ok(context);
  return context;
}

/** Paths of the tree, as far as it keeps names; of other folders the folder. */
function pathsOf(node: MeasuredNode, path = ''): string[] {
  return node.entries === undefined
    ? node.files > 0
      ? [path]
      : []
    : [...node.entries].flatMap(([name, below]) => pathsOf(below, path === '' ? name : `${path}/${name}`));
}

function assertSame(context: ContextMeasurement, arrived: Arrived): void {
  const { files, bytes } = context.sent;
  assert.deepEqual({ files, bytes }, { files: arrived.files, bytes: arrived.bytes });
  const known = pathsOf(context.sent);
  const shortened = arrived.paths.map(
    (path) => known.find((one) => path === one || path.startsWith(`${one}/`)) ?? path,
  );
  assert.deepEqual(known.sort(), [...new Set(shortened)].sort());
}

for (const [name, text] of Object.entries(ignoreFiles)) {
  test(`what arrives in an image is what was measured: ${name}`, { skip }, async () => {
    const folder = makeProject({ ...project, '.dockerignore': text });
    const image = 'localhost/context:tricky';
    try {
      await withStorage(async () => assertSame(await measure(folder), await build(folder, image)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await withStorage(() => removeImages([image]));
    }
  });
}

test('one fix leaves a context of only what the build needs', { skip }, async () => {
  const folder = makeProject(project);
  const images = ['localhost/context:before', 'localhost/context:after'] as const;
  const write = (path: string, content: string): void => writeFileSync(join(folder, path), content);
  try {
    await withStorage(async () => {
      const before = await build(folder, images[0]);
      assertSame(await measure(folder), before);
      assert.ok(before.paths.includes('.env') && before.paths.includes('node_modules/a/index.js'));
      const done = await applyFixes({ folder, write, remove: () => {} }, 'review', 'dockerignore-missing');
      assert.deepEqual(done.length, 1);
      const after = await build(folder, images[1]);
      assertSame(await measure(folder), after);
      assert.deepEqual(after.paths, [
        // Builds read it: Tailwind and Hatch leave out what it names.
        '.gitignore',
        'link.js',
        'package-lock.json',
        'package.json',
        'packages/one/index.js',
        'server.js',
        'src/a.js',
        'src/deep/b.js',
      ]);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await withStorage(() => removeImages(images));
  }
});
