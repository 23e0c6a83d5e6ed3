import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Counts, noCounts } from './counts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const closingLine = /^(\d+) passed, (\d+) failed, (\d+) skipped$/gm;

/**
 * Runs a script that does its own testing and ends with a line `N passed, N failed, N skipped`. One that ends well
 * without such a line could not run and counts as skipped.
 */
export async function runScript(script: string): Promise<Counts> {
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output += text;
  });
  const code = await new Promise<number>((done, fail) => {
    child.on('error', fail).on('close', (status) => done(status ?? 1));
  });
  const last = [...output.matchAll(closingLine)].at(-1);
  if (last === undefined) {
    return code === 0 ? { ...noCounts, skipped: 1 } : { ...noCounts, failed: 1 };
  }
  const [passed = 0, failed = 0, skipped = 0] = last.slice(1).map(Number);
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1), skipped };
}
