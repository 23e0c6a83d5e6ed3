import { dirname, join, relative, sep } from 'node:path';
import { type GitIgnore, readGitIgnore } from '../project/gitignore.ts';
import type { Files } from './host.ts';

/** The .gitignore files that hold for a folder, the outermost first. */
export type GitIgnores = readonly FolderIgnore[];

interface FolderIgnore {
  /** Absolute path of the folder that holds the .gitignore. */
  readonly folder: string;
  readonly lines: GitIgnore;
}

/** The nearest folder that holds `.git`: the folder itself, or one above it; undefined where there is none. */
export function repositoryOf(files: Files, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (files.kindOf(join(at, '.git')) !== 'missing') {
      return at;
    }
    if (dirname(at) === at) {
      return undefined;
    }
  }
}

/**
 * The .gitignore files above a folder, up to the root of its repository. None when the folder lies in no
 * repository, or when the repository ignores the folder itself: who names it wants it read.
 */
export function gitIgnoresAbove(files: Files, folder: string): GitIgnores {
  const root = repositoryOf(files, folder);
  const above: string[] = [];
  for (let at = folder; root !== undefined && at !== root; at = dirname(at)) {
    above.unshift(dirname(at));
  }
  const ignores = above.reduce<GitIgnores>((found, parent) => withGitIgnoreOf(files, parent, found), []);
  return pathIsIgnored(ignores, folder) ? [] : ignores;
}

/** Adds the .gitignore of a folder, where it has one that can be read, to those that hold for its parent. */
export function withGitIgnoreOf(files: Files, folder: string, outer: GitIgnores): GitIgnores {
  const path = join(folder, '.gitignore');
  if (files.kindOf(path) !== 'file') {
    return outer;
  }
  try {
    const text = new TextDecoder().decode(files.read(path));
    return [...outer, { folder, lines: readGitIgnore(text) }];
  } catch {
    return outer;
  }
}

/** True when Git would ignore the entry. Its parent folders must have been asked before, as a walk downwards does. */
export function isIgnored(ignores: GitIgnores, path: string, kind: 'file' | 'directory'): boolean {
  for (const { folder, lines } of ignores.toReversed()) {
    const verdict = lines.verdictOn(relativePath(folder, path), kind === 'directory');
    if (verdict !== undefined) {
      return verdict === 'ignored';
    }
  }
  return false;
}

function pathIsIgnored(ignores: GitIgnores, folder: string): boolean {
  const root = ignores[0]?.folder;
  for (let at = folder; root !== undefined && at !== root && at !== dirname(at); at = dirname(at)) {
    const holding = ignores.filter((one) => at.startsWith(one.folder + sep));
    if (isIgnored(holding, at, 'directory')) {
      return true;
    }
  }
  return false;
}

function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join('/');
}
