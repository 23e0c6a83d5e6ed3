import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { repositoryOf } from './gitignore.ts';
import { FileError, type Files } from './host.ts';

/**
 * Refuses a file whose links lead out of the repository, out of the working directory and out of its own folder: what a
 * project may have printed or written must not depend on where its links point.
 * @throws FileError
 */
export function refuseOutside(files: Files, workingDirectory: string, path: string): void {
  const folder = dirname(path);
  const places = [repositoryOf(files, folder) ?? folder, workingDirectory, folder];
  const real = realPathOf(files, path);
  if (!places.some((place) => liesIn(files.realPath(place), real))) {
    throw new FileError('is a link that leads out of the project; name the file itself');
  }
}

/**
 * Refuses to write what a link takes out of a folder.
 * @throws FileError
 */
export function refuseToWriteOutside(files: Files, root: string, path: string): void {
  if (!liesIn(files.realPath(root), realPathOf(files, path))) {
    throw new FileError(`will not write ${basename(path)}: a link leads out of the build context`);
  }
}

/**
 * Refuses to write to a file of the project that a link takes out of it; what was named elsewhere is meant as it stands.
 * @throws FileError
 */
export function refuseToLeaveProject(files: Files, workingDirectory: string, path: string): void {
  const places = [repositoryOf(files, workingDirectory) ?? workingDirectory, workingDirectory];
  const real = realPathOf(files, path);
  if (
    places.some((place) => liesIn(place, path)) &&
    !places.some((place) => liesIn(files.realPath(place), real))
  ) {
    throw new FileError('will not be written: a link leads out of the project; name the file itself');
  }
}

/** The path without links, of a file that may not be there yet. */
function realPathOf(files: Files, path: string): string {
  return files.kindOf(path) === 'missing'
    ? join(files.realPath(dirname(path)), basename(path))
    : files.realPath(path);
}

/** True for a folder, and for what lies below it; links are not looked at. */
export function liesIn(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
