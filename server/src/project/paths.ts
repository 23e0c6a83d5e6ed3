import type { ContextPath } from '../text/path-types.ts';
/** Folder of a path with `/`; `''` for what lies at the root. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** A folder of the build context (`''` is its root) and those above it, the nearest first. */
export function foldersUp(folder: ContextPath): ContextPath[] {
  const folders = [folder];
  for (let at = folder; at !== ''; ) {
    at = directoryOf(at);
    folders.push(at);
  }
  return folders;
}

/** Last part of a path with `/`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Resolves `path` as seen from the folder `from`, both relative to one root. Undefined where the way leads out of
 * the root, or is absolute (with `/`, a drive letter or `~`).
 */
export function resolvePath(from: ContextPath, path: string): ContextPath | undefined {
  if (/^(?:[\\/~]|[a-zA-Z]:)/.test(path)) {
    return undefined;
  }
  const parts = from === '' ? [] : from.split('/');
  for (const part of path.split(/[\\/]/)) {
    if (part === '..') {
      if (parts.pop() === undefined) {
        return undefined;
      }
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/');
}

/** `path` as seen from `folder`; undefined where it does not lie in it. */
export function pathBelow(folder: string, path: string): string | undefined {
  if (folder === '') {
    return path;
  }
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

/** Joins a folder of the build context (`''` is its root) and a path below it. */
export function joinPath(directory: ContextPath, path: string): ContextPath {
  return directory === '' ? path : `${directory}/${path}`;
}
