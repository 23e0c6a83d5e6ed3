import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { downloadPackage } from './apt.ts';
import { testCache } from './test-cache.ts';

const folder = (): string => testCache('shellcheck');

/**
 * The ShellCheck that tests name by a setting; undefined where there is none. It lies outside of PATH, so that no other
 * test runs beside it. BALLAST_TEST_SHELLCHECK names another one.
 */
export function testShellCheck(): string | undefined {
  const path = process.env['BALLAST_TEST_SHELLCHECK'] ?? join(folder(), 'usr/bin/shellcheck');
  return existsSync(path) ? path : undefined;
}

/** Why tests of ShellCheck are skipped; with CI=true they are not. */
export function whyNoShellCheck(): string | false {
  const isSkipped = testShellCheck() === undefined && process.env['CI'] !== 'true';
  return isSkipped && 'ShellCheck is missing: npm run setup installs what tests need';
}

/**
 * Unpacks Debian's package of it where it is missing; installed, it would stand on PATH. Says what it cannot do; returns
 * whether it is there afterwards.
 */
export function installShellCheck(): boolean {
  if (testShellCheck() !== undefined) {
    return true;
  }
  const failure = downloadPackage('shellcheck', folder());
  const archive = readdirSync(folder()).find((name) => name.endsWith('.deb'));
  if (archive !== undefined) {
    spawnSync('dpkg-deb', ['-x', join(folder(), archive), folder()]);
  }
  if (testShellCheck() === undefined) {
    console.error(`ShellCheck could not be unpacked: ${failure ?? 'its package holds no program'}`);
    return false;
  }
  return true;
}
