import { dirname, relative, sep } from 'node:path';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import type { Project } from '../../project/project.ts';
import { projectFileName } from '../project-file.ts';

/**
 * True where a change touches what a Dockerfile's image is made of: the Dockerfile, its ignore and project files, or a file
 * that the build context sends.
 * @param changed absolute paths
 * @param root absolute path of the build context; undefined where it is not known
 */
export function isTouched(
  changed: readonly string[],
  dockerfile: string,
  project: Project,
  root: string | undefined,
): boolean {
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  return changed.some((path) => {
    const name = path.slice(path.lastIndexOf(sep) + 1);
    if (path === dockerfile || (name === projectFileName && dockerfile.startsWith(dirname(path) + sep))) {
      return true;
    }
    if (root === undefined) {
      return false;
    }
    const below = relative(root, path).split(sep).join('/');
    if (below.startsWith('../') || below === '..') {
      return path === `${dockerfile}.dockerignore`;
    }
    return /(?:^|\.)(?:docker|container)ignore$/.test(name) || matcher?.ignores(below) !== true;
  });
}
