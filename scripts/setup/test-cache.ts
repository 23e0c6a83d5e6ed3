import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where tests keep what takes minutes to make: base images and the served VS Code. It lies in the user's cache, so that
 * all clones of the repository and every run of continuous integration share it; BALLAST_TEST_CACHE names another folder.
 */
const root =
  process.env['BALLAST_TEST_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ballast-tests');

/** A folder of the cache, made when it is not there. */
export function testCache(...names: readonly string[]): string {
  const folder = join(root, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}
