import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readGitIndex } from '../project/git-index.ts';
import { type TrackedFiles, trackedFiles } from '../project/tracked.ts';
import { readRegularFile } from './regular-file.ts';

/** An index of this size lists about half a million files; a larger one is not read. */
const maxIndexBytes = 64_000_000;
/** A `.git` that is a file holds one path. */
const maxLinkBytes = 5000;
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
    const paths = size > maxIndexBytes ? undefined : readGitIndex(readRegularFile(path, maxIndexBytes));
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
  const text = readRegularFile(path, maxLinkBytes).toString();
  const named = /^gitdir: (.+)$/m.exec(text)?.[1]?.trim();
  // Windows logs in to the machine that a path with two slashes names.
  if (named === undefined || /^[\\/]{2}/.test(named)) {
    throw new Error('.git names no folder of this machine');
  }
  return resolve(path, '..', named);
}
