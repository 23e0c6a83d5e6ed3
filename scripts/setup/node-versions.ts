import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { testCache } from './test-cache.ts';

/** The versions of Node.js that tests run the command line with, beside their own: those that are maintained. */
export const otherNodeVersions = ['22', '24', '26'];

/**
 * The program of a version of Node.js, from npm's package of it; installed into the cache for tests where it is missing. Why
 * it is not there, where this machine has no such package or npm does not answer.
 */
export function installNode(version: string): { readonly path: string } | { readonly failure: string } {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = testCache('node', version);
  const path = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(path)) {
    return { path };
  }
  const args = ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${version}`];
  const { stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  return existsSync(path)
    ? { path }
    : { failure: `Node.js ${version} could not be installed with npm: ${stderr.trim().slice(0, 300)}` };
}
