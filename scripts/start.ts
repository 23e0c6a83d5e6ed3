/**
 * Shows what Ballast does, on the example project or the path given: the findings, the fixes it offers for them, and
 * the checklist. Builds first.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonReport } from '../server/src/cli/format/json-schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
const example = 'examples/node-service';
const marks = { done: '✓', open: '✗', unknown: '?', 'not-applicable': '-' } as const;
const given = process.argv[2];
const path = given === undefined ? example : resolve(process.env['INIT_CWD'] ?? root, given);

build();
console.log(`\n$ ballast check --all ${path}\n`);
const { status } = ballast('inherit', '--all', '--fail-on', 'never');
if (status !== 0) {
  process.exit(status ?? 1);
}
for (const file of (JSON.parse(ballast('pipe', '--format', 'json').stdout) as JsonReport).files) {
  printFixes(file);
  printChecklist(file);
}
const next = [
  [`npx ballast fix --diff ${path}`, 'the safe fixes as a diff'],
  [`npx ballast fix --review --diff ${path}`, 'all fixes as a diff'],
  [
    given === undefined ? 'npm run editor' : `npm run editor -- ${path}`,
    'this project in a VS Code with Ballast, in your browser',
  ],
] as const;
const width = Math.max(...next.map(([command]) => command.length));
console.log(`\nNext\n${next.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`).join('\n')}`);

function build(): void {
  const args = ['--import', 'tsx', 'scripts/build.ts'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    process.stderr.write(stderr);
    process.exit(status ?? 1);
  }
}

function ballast(
  stdout: 'inherit' | 'pipe',
  ...args: string[]
): ReturnType<typeof spawnSync> & { stdout: string } {
  const all = [cli, 'check', ...args, path];
  return spawnSync(process.execPath, all, {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
}

function printFixes(file: JsonReport['files'][number]): void {
  console.log(`\nFixes for ${file.path}`);
  for (const finding of file.findings) {
    for (const fix of finding.fixes) {
      console.log(
        `  ${`line ${finding.span.start.line}`.padEnd(8)}  ${fix.applicability.padEnd(6)}  ${fix.title}`,
      );
    }
  }
}

function printChecklist(file: JsonReport['files'][number]): void {
  console.log(`\nChecklist for ${file.path}`);
  for (const item of file.checklist) {
    console.log(`  ${marks[item.state]}  ${item.title}: ${item.evidence}`);
  }
}
