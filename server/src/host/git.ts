import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { UsageError } from '../cli/exit.ts';
import type { Checkout } from '../cli/host.ts';

/** More than the list of files of a large repository takes. */
const mostOutput = 256 * 1024 * 1024;

/** Absolute paths of what differs from a revision, and of what Git does not know yet. @throws UsageError */
export function changedSince(workingDirectory: string, revision: string): string[] {
  const root = git(workingDirectory, ['rev-parse', '--show-toplevel']).trimEnd();
  const commit = commitOf(root, revision);
  const differing = git(root, ['diff', '--name-only', '-z', '--no-ext-diff', commit, '--']);
  const added = git(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  return [...differing.split('\0'), ...added.split('\0')]
    .filter((path) => path !== '')
    .map((path) => resolve(root, path));
}

/** The files of a revision in a folder of their own. @throws UsageError */
export function checkOut(workingDirectory: string, revision: string): Checkout {
  const root = git(workingDirectory, ['rev-parse', '--show-toplevel']).trimEnd();
  const commit = commitOf(root, revision);
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'ballast-revision-')));
  const dispose = (): void => rmSync(place, { recursive: true, force: true });
  const folder = join(place, 'files');
  mkdirSync(folder);
  // With an index of its own: an archive would leave out what `export-ignore` names.
  const index = { GIT_INDEX_FILE: join(place, 'index') };
  const isRead = run(root, ['read-tree', commit], index).status === 0;
  if (!isRead || run(root, ['checkout-index', '--all', `--prefix=${folder}/`], index).status !== 0) {
    dispose();
    throw new UsageError(`the files of ${revision} cannot be read`);
  }
  const below = relative(root, realpathSync(workingDirectory));
  return { workingDirectory: join(folder, below), root: folder, dispose };
}

/** The id of a commit. What starts with a dash is never taken for an option. */
function commitOf(root: string, revision: string): string {
  const result = run(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (result.status !== 0) {
    throw new UsageError(`${revision} is no revision of this repository`);
  }
  return result.stdout.trim();
}

function git(cwd: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = run(cwd, args);
  if (error !== undefined) {
    throw new UsageError('git is not there');
  }
  if (status !== 0) {
    // There may be no repository, or one of another user, which containers in pipelines have: Git says which.
    throw new UsageError(`Git does not answer: ${stderr.split('\n')[0]?.replace(/^fatal: /, '')}`);
  }
  return stdout;
}

/** Runs Git without the program that a repository may name to watch its files. */
function run(cwd: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return spawnSync('git', ['-c', 'core.fsmonitor=false', ...args], {
    cwd,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: mostOutput,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
