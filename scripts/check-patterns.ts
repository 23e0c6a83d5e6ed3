/**
 * Every pattern of the server takes time in proportion to the text: texts come from anybody, and a pattern that tries the
 * same characters again and again hangs whoever reads them. The verdicts are those of `scslre`, which ESLint uses as well.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSlowPatterns } from './check-patterns/slow-patterns.ts';

const root = fileURLToPath(new URL('../server/src', import.meta.url));

const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) =>
    findSlowPatterns(readFileSync(join(root, name), 'utf8')).map(
      ({ line, pattern, why }) => `server/src/${name}:${line}: ${pattern}\n  ${why}`,
    ),
  );
for (const one of found) {
  console.error(one);
}
console.log(found.length === 0 ? 'Every pattern takes linear time.' : `${found.length} slow patterns`);
process.exitCode = found.length === 0 ? 0 : 1;
