import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readGitIndex } from '../project/git-index.ts';
import { type TrackedFiles, trackedFiles } from '../project/tracked.ts';

/** An index of this size lists about half a million files; a larger one is not read. */
const maxIndexBytes = 64_000_000;
const maxKept = 16;

interface Kept {
  readonly modified: number;
  readonly size: number;
  readonly tracked: TrackedFiles | undefined;
}

const kept = new Map<string, Kept>();

/**
 * What Git tracks in the working tree at an absolute path, whose `.git` is a folder, or a file that names one (a worktree,
 * a submodule). Undefined where it has none, or its index cannot be read. Kept until the index changes.
 */
export function readTracked(top: string): TrackedFiles | undefined {
  try {
    const path = join(gitFolder(join(top, '.git')), 'index');
    const { mtimeMs: modified, size } = statSync(path);
    const known = kept.get(path);
    if (known !== undefined && known.modified === modified && known.size === size) {
      return known.tracked;
    }
    const paths = size > maxIndexBytes ? undefined : readGitIndex(readFileSync(path));
    const tracked = paths === undefined ? undefined : trackedFiles(paths);
    if (kept.size >= maxKept) {
      kept.clear();
    }
    kept.set(path, { modified, size, tracked });
    return tracked;
  } catch {
    return undefined;
  }
}

/** @throws where it is missing, or names no folder. */
function gitFolder(path: string): string {
  if (statSync(path).isDirectory()) {
    return path;
  }
  const named = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8').slice(0, 5000))?.[1];
  if (named === undefined) {
    throw new Error('.git names no folder');
  }
  return resolve(path, '..', named.trim());
}
