/** The module that VS Code loads in its extension host: runs the Mocha files that are bundled beside it. */
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { runMocha } from './counts.ts';

/** Rejects when a test failed; VS Code makes that the exit code 1. */
export async function run(): Promise<void> {
  reportTo(environment('BALLAST_TEST_REPORT'));
  const mocha = new Mocha({ ui: 'tdd', timeout: 90_000, color: false });
  mocha.fgrep(environment('BALLAST_TEST_GREP'));
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.cjs')) {
      mocha.addFile(join(__dirname, file));
    }
  }
  const counts = await runMocha(mocha);
  writeFileSync(environment('BALLAST_TEST_COUNTS'), JSON.stringify(counts));
  if (counts.failed > 0) {
    throw new Error(`${counts.failed} tests failed.`);
  }
}

/** Writes Mocha's report into a file: VS Code mixes what the console shows with its own messages. */
function reportTo(file: string): void {
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(file, `${format(...args)}\n`);
}

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`The environment variable ${name} is missing: start the tests by test/vscode/run.ts.`);
  }
  return value;
}
