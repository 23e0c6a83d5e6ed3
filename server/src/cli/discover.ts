import { join, resolve } from 'node:path';
import { type GitIgnores, gitIgnoresAbove, isIgnored, withGitIgnoreOf } from './gitignore.ts';
import { FileError, type Files } from './host.ts';
import { isDockerfileName } from './names.ts';

/** A path that could not be looked at, and why. */
export interface PathFailure {
  readonly path: string;
  readonly message: string;
}

export interface Discovery {
  /** Absolute paths, each file once, in the order of the paths given and sorted within a folder. */
  readonly dockerfiles: readonly string[];
  readonly failures: readonly PathFailure[];
}

const skippedFolders = new Set(['node_modules', '.git']);

/**
 * Finds Dockerfiles. A file that is named is taken whatever it is called; folders are searched by name, leaving out
 * what Git ignores.
 */
export function findDockerfiles(files: Files, workingDirectory: string, paths: readonly string[]): Discovery {
  const dockerfiles = new Map<string, string>();
  const failures: PathFailure[] = [];
  const add = (path: string): void => {
    const real = files.realPath(path);
    if (!dockerfiles.has(real)) {
      dockerfiles.set(real, path);
    }
  };
  for (const path of paths) {
    const absolute = resolve(workingDirectory, path);
    const kind = files.kindOf(absolute);
    if (kind === 'directory') {
      search(files, absolute, gitIgnoresAbove(files, absolute), add, failures);
    } else if (kind === 'missing') {
      failures.push({ path: absolute, message: 'no such file or folder' });
    } else {
      add(absolute);
    }
  }
  return { dockerfiles: [...dockerfiles.values()], failures };
}

function search(
  files: Files,
  folder: string,
  outer: GitIgnores,
  add: (path: string) => void,
  failures: PathFailure[],
): void {
  const ignores = withGitIgnoreOf(files, folder, outer);
  let entries: ReturnType<Files['list']>;
  try {
    entries = files.list(folder);
  } catch (error) {
    failures.push({ path: folder, message: messageOf(error) });
    return;
  }
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.kind === 'directory') {
      if (!skippedFolders.has(entry.name) && !isIgnored(ignores, path, 'directory')) {
        search(files, path, ignores, add, failures);
      }
    } else if (isDockerfileName(entry.name) && !isIgnored(ignores, path, 'file')) {
      // A symbolic link counts as what it leads to; a link to a folder is not followed, so that no walk is endless.
      if (files.kindOf(path) === 'file') {
        add(path);
      }
    }
  }
}

/** Text of an error that belongs to a path; anything but a FileError is a mistake of Ballast and goes on. */
export function messageOf(error: unknown): string {
  if (error instanceof FileError) {
    return error.message;
  }
  throw error;
}
