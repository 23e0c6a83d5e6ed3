/**
 * Shows what Ballast does, on the example project or the path given: the findings, what the image consists of with the
 * checklist, and everything worth changing as a diff. Builds first, and changes nothing.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
const given = process.argv[2];
const path = given === undefined ? 'examples/node-service' : resolve(process.env['INIT_CWD'] ?? root, given);

run(['--import', 'tsx', 'scripts/build.ts'], 'ignore');
for (const [command, ...flags] of [['check', '--all', '--fail-on', 'never'], ['report'], ['slim']] as const) {
  console.log(`\n$ ballast ${[command, ...flags, path].join(' ')}\n`);
  run([cli, command, ...flags, path], 'inherit');
}
const next = [
  [`npx ballast slim --write ${path}`, 'write all of it'],
  [`npx ballast fix ${path}`, 'write what is safe alone'],
  [
    given === undefined ? 'npm run editor' : `npm run editor -- ${path}`,
    'this project in a VS Code with Ballast, in your browser',
  ],
] as const;
const width = Math.max(...next.map(([command]) => command.length));
console.log(`\nNext\n${next.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`).join('\n')}`);

/** Runs Node.js; a failure ends this script too. What is said about a diff goes where the diff goes. */
function run(args: readonly string[], stdout: 'ignore' | 'inherit'): void {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', stdout, stdout === 'inherit' ? process.stdout : 'inherit'],
  });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
