/** The pictures that texts name are there, and small enough to be looked at. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packagedReadme } from '../../scripts/package.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the README has a moving picture at its top, below 2 MB', () => {
  const text = readFileSync(`${root}README.md`, 'utf8');
  const names = [...text.matchAll(/"(docs\/images\/[^"]+)"/g)].map(([, name = '']) => name);
  assert.match(names[0] ?? '', /\.webp$/);
  assert.ok(text.indexOf(names[0] ?? '') < text.indexOf('\n- '), 'before the list of what it does');
  for (const name of names) {
    assert.ok(statSync(root + name).size < 2_000_000, name);
  }
  const moving = names.filter((name) => name.endsWith('.webp')).map((name) => readFileSync(root + name));
  // The chunk of a WebP file that says that it is animated.
  assert.ok(moving.every((bytes) => bytes.includes('ANIM')));
});

test('what is packaged names no picture of this folder for dark windows', () => {
  const addresses = [...packagedReadme().matchAll(/srcset="([^"]*)"/g)].map(([, address = '']) => address);
  assert.ok(addresses.length > 0 && addresses.every((address) => address.startsWith('https://')));
});
