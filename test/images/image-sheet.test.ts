import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeImage } from '../../server/src/ide/image-hover.ts';
import { type ImageSheet, imageSheet, type SheetOptions } from '../../server/src/ide/image-sheet.ts';
import { parseImageReference } from '../../server/src/images/reference.ts';
import { images, projectOf } from '../support/engine.ts';

function sheetOf(name: string, options: Partial<SheetOptions> = {}): ImageSheet {
  const reference = parseImageReference(name);
  assert.ok(reference);
  const variants = images.smallerVariants(reference);
  return imageSheet(images.peek(reference), variants, { today: '2026-11-24', ...options });
}

const npmLock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    'node_modules/better-sqlite3': { version: '12.2.0' },
    'node_modules/puppeteer': { version: '24.0.0' },
    'node_modules/cypress': { version: '13.0.0', dev: true },
  },
});

test('a smaller image on musl names the packages of this project that suffer', () => {
  const project = projectOf({ 'package-lock.json': npmLock, 'requirements.txt': 'torch==2.5.0\n' });
  const differences = new Map(
    sheetOf('node:22', { project }).smaller.map(({ name, differences }) => [name, differences]),
  );
  assert.equal(
    differences.get('node:22-alpine'),
    'musl: `puppeteer` has no build, `better-sqlite3` may compile at install; no curl, git, compilers',
  );
  assert.equal(differences.get('node:22-slim'), 'no curl, git, compilers');
  const python = sheetOf('python:3.12', { project }).smaller.find(({ name }) => name.endsWith('-alpine'));
  assert.match(python?.differences ?? '', /^musl: `torch` /);
  assert.doesNotMatch(python?.differences ?? '', /puppeteer|sqlite/);
});

test('without a lock file it says what is true of musl for everybody', () => {
  const { smaller, notes } = sheetOf('node:22');
  assert.match(smaller.find(({ name }) => name === 'node:22-alpine')?.differences ?? '', /^musl; no curl/);
  assert.match(notes.join('\n'), /^Alpine 3\.24: DNS asks all name servers at once/m);
  assert.doesNotMatch(notes.join('\n'), /512 bytes/);
});

test('an image on musl itself says so, and what old versions of Alpine cannot do', () => {
  const project = projectOf({ 'package-lock.json': npmLock });
  const { notes } = sheetOf('node:18-alpine3.17', { project });
  assert.match(notes.join('\n'), /^On musl, `puppeteer` has no build\.$/m);
  assert.match(notes.join('\n'), /^Alpine 3\.17: DNS answers over 512 bytes fail/m);
  assert.deepEqual(sheetOf('debian:12-slim').notes, []);
});

test('an image without a shell says so', () => {
  const distroless = sheetOf('node:22').smaller.find(({ name }) => name.startsWith('gcr.io/distroless/'));
  assert.equal(distroless?.differences, 'no shell: exec form only');
  assert.match(distroless.disk, /^≈ /);
});

test('what is over is said with the date, and what lives with its end', () => {
  assert.ok(sheetOf('node:20').facts.some((fact) => /^\*\*not supported since 2026-04-30\*\*/.test(fact)));
  assert.ok(sheetOf('node:24').facts.some((fact) => /^supported until 2028-04-30/.test(fact)));
});

test('age, layers and the answer that is missing come from what was learned', () => {
  const reference = parseImageReference('example.com/team/app:1');
  assert.ok(reference);
  const facts = {
    ...images.peek(reference),
    layers: 7,
    created: '2026-11-14',
    lookupProblem: 'Registry example.com cannot be reached: host not found.',
    pull: {
      kind: 'known',
      low: 5e6,
      high: 5e6,
      atLeast: false,
      measure: 'pull',
      basis: 'measured',
      source: 'registry example.com',
      date: '2026-11-20',
    },
  } as const;
  const text = describeImage(facts, [], { today: '2026-11-24' });
  assert.equal(
    text,
    [
      '**example.com/team/app:1** · linux/amd64 · pull 5 MB · on disk not known · 7 layers',
      'built 2026-11-14, 10 days ago',
      'Registry example.com cannot be reached: host not found.',
      '_pull: registry example.com, 2026-11-20_',
    ].join('\n\n'),
  );
});

test('text of a registry is no markdown', () => {
  const reference = parseImageReference('example.org/app:1');
  assert.ok(reference);
  const facts = images.peek(reference);
  const traits = {
    ...images.peek(parseImageReference('node:22') ?? reference).traits,
    defaultUser: '![x](https://example.org/?who)\n`<b>',
  };
  const sheet = imageSheet({ ...facts, traits, created: '](https://example.org)' } as typeof facts, [], {
    today: '2026-11-24',
  });
  const text = describeImage({ ...facts, traits, created: '](https://example.org)' } as typeof facts, [], {
    today: '2026-11-24',
  });
  assert.match(sheet.facts.join(), /user `!\[x\]\(https:\/\/example.org\/\?who\)<b>`/);
  assert.equal(text.split('https://example.org').length, 2);
});
