import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFixtures } from '../support/fixture.ts';
import type { Sample } from './examine.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'rules');

/** Every fixture, and every file of the folder that is given. */
export function readSamples(folder?: string): Sample[] {
  const own = readdirSync(fixtures).flatMap((name) =>
    readFixtures(readFileSync(join(fixtures, name), 'utf8')).map(
      ({ text, files }): Sample => (files === undefined ? { text } : { text, files }),
    ),
  );
  const others =
    folder === undefined
      ? []
      : readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry): Sample => ({ text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));
  return [...own, ...others];
}
