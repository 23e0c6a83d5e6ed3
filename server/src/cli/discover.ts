import { join, relative, resolve, sep } from 'node:path';
import { dockerfileNameKind, isDockerfileText } from '../project/dockerfile-name.ts';
import type { TrackedFiles } from '../project/tracked.ts';
import { type GitIgnores, gitIgnoresAbove, isIgnored, repositoryOf, withGitIgnoreOf } from './gitignore.ts';
import { FileError, type Files } from './host.ts';

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

/** The lists that Go and Composer keep in a folder of copied dependencies: what lies there belongs to other people. */
const vendorLists = ['modules.txt', 'autoload.php'];

/** The Git working tree that a folder lies in. */
interface Repository {
  /** Absolute path. */
  readonly root: string;
  readonly tracked: TrackedFiles | undefined;
}

/**
 * Finds Dockerfiles. A file that is named is taken whatever it is called; folders are searched by name, leaving out
 * what Git ignores and does not track, and dependencies.
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
      const root = repositoryOf(files, absolute);
      const repository = root === undefined ? undefined : { root, tracked: files.tracked(root) };
      search(files, absolute, { ignores: gitIgnoresAbove(files, absolute), repository }, add, failures);
    } else if (kind === 'missing') {
      failures.push({ path: absolute, message: 'no such file or folder' });
    } else {
      add(absolute);
    }
  }
  return { dockerfiles: [...dockerfiles.values()], failures };
}

/** What Git says of the entries of a folder. */
interface GitRules {
  readonly ignores: GitIgnores;
  readonly repository: Repository | undefined;
}

function search(
  files: Files,
  folder: string,
  outer: GitRules,
  add: (path: string) => void,
  failures: PathFailure[],
): void {
  let entries: ReturnType<Files['list']>;
  try {
    entries = files.list(folder);
  } catch (error) {
    failures.push({ path: folder, message: messageOf(error) });
    return;
  }
  const isRoot = entries.some((entry) => entry.name === '.git') && folder !== outer.repository?.root;
  const rules: GitRules = {
    ignores: withGitIgnoreOf(files, folder, outer.ignores),
    repository: isRoot ? { root: folder, tracked: files.tracked(folder) } : outer.repository,
  };
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.kind === 'directory') {
      if (!isDependency(files, path, entry.name) && !isLeftOut(rules, path, 'directory')) {
        search(files, path, rules, add, failures);
      }
    } else if (isDockerfileAt(files, path, entry.name) && !isLeftOut(rules, path, 'file')) {
      // A symbolic link counts as what it leads to; a link to a folder is not followed, so that no walk is endless.
      if (files.kindOf(path) === 'file') {
        add(path);
      }
    }
  }
}

/** True for a folder that a package manager fills with the files of other people. */
function isDependency(files: Files, path: string, name: string): boolean {
  return (
    skippedFolders.has(name) ||
    (name === 'vendor' && vendorLists.some((list) => files.kindOf(join(path, list)) === 'file'))
  );
}

/** True for what Git ignores; what it tracks belongs to the project whatever .gitignore says. */
function isLeftOut({ ignores, repository }: GitRules, path: string, kind: 'file' | 'directory'): boolean {
  const isTracked = (): boolean =>
    repository?.tracked?.holds(relative(repository.root, path).split(sep).join('/')) === true;
  return isIgnored(ignores, path, kind) && !isTracked();
}

function isDockerfileAt(files: Files, path: string, name: string): boolean {
  const kind = dockerfileNameKind(name);
  if (kind !== 'by-text' || files.kindOf(path) !== 'file') {
    return kind === 'yes';
  }
  try {
    return isDockerfileText(name, new TextDecoder().decode(files.read(path)));
  } catch {
    return false;
  }
}

/** Text of an error that belongs to a path; anything but a FileError is a mistake of Ballast and goes on. */
export function messageOf(error: unknown): string {
  if (error instanceof FileError) {
    return error.message;
  }
  throw error;
}
