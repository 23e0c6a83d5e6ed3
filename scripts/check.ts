/** Everything a change has to pass: format and lint, types, generated files, patterns, tests. Stops at the first that fails. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const resolve = createRequire(import.meta.url).resolve;
const typescript = dirname(resolve('typescript/package.json'));

const steps: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: 'format and lint', args: [resolve('@biomejs/biome/bin/biome'), 'check'] },
  { name: 'types', args: [join(typescript, 'bin/tsc')] },
  { name: 'generated files', args: ['--import', 'tsx', 'scripts/generate.ts', '--check'] },
  { name: 'patterns', args: ['--import', 'tsx', 'scripts/check-patterns.ts'] },
  { name: 'tests', args: ['--import', 'tsx', 'scripts/test.ts'] },
];

for (const { name, args } of steps) {
  console.log(`\n=== ${name} ===\n`);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\nFailed: ${name}`);
    process.exit(status ?? 1);
  }
}
