import type { ImagePath } from '../text/path-types.ts';
/** Resolves `.`, `..` and doubled slashes of an absolute path; no slash at the end but for the root itself. */
export function normalizePath(path: string): ImagePath {
  // Most are written as they stay.
  if (path.startsWith('/') && !/\/\.{0,2}(?:\/|$)/.test(path)) {
    return path;
  }
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return `/${parts.join('/')}`;
}

/** The same for a path that grows with each step; undefined where it is longer than Linux allows. */
export function boundedPath(path: string): ImagePath | undefined {
  return path.length > longestPath ? undefined : normalizePath(path);
}

/** PATH_MAX of Linux. */
const longestPath = 4096;

/** Joins a folder of an image and a path below it. */
export function joinImage(folder: ImagePath, path: string): ImagePath {
  return folder === '/' ? `/${path}` : `${folder}/${path}`;
}
