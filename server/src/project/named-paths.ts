import { parseDockerfile } from '../syntax/parse.ts';
import { findFlag } from '../syntax/tree.ts';
import { cleanPath } from './ignore-pattern.ts';
import { directoryOf, nameOf } from './paths.ts';
import type { ProjectReader } from './reader.ts';

/** The folder that a Dockerfile is probably built in, by what it copies. */
export interface Holder {
  readonly folder: string;
  /** `all` of what is copied by name lies in it; or `most`, and the rest nowhere or in another folder (`split`). */
  readonly holds: 'all' | 'most' | 'split';
}

/**
 * The folder that holds what a Dockerfile copies by name: its own, or the nearest one above it (people who keep
 * `docker/Dockerfile` mostly build it from the root). Where none holds everything, the one that holds the most, if that is
 * more than half. Undefined where there is none, or nothing is named.
 */
export function folderWithNamedPaths(reader: ProjectReader, dockerfile: string): Holder | undefined {
  const paths = namedPaths(reader.read(dockerfile) ?? '');
  if (paths.length === 0) {
    return undefined;
  }
  const held = foldersFrom(directoryOf(dockerfile)).map((folder) => ({
    folder,
    paths: paths.filter((path) => exists(reader, folder, path)),
  }));
  const most = Math.max(...held.map((one) => one.paths.length));
  const best = held.find((one) => one.paths.length === most);
  if (best === undefined || most <= paths.length / 2) {
    return undefined;
  }
  const isSplit = held.some((one) => one.paths.some((path) => !best.paths.includes(path)));
  return { folder: best.folder, holds: most === paths.length ? 'all' : isSplit ? 'split' : 'most' };
}

/** A folder and those above it, up to the root. */
function foldersFrom(folder: string): string[] {
  return folder === '' ? [''] : [folder, ...foldersFrom(directoryOf(folder))];
}

/** Sources of COPY and ADD in the build context that are plain paths. */
function namedPaths(text: string): string[] {
  return parseDockerfile(text).instructions.flatMap((instruction) => {
    const isCopy = instruction.keyword === 'COPY' || instruction.keyword === 'ADD';
    if (!isCopy || findFlag(instruction, 'from') !== undefined || instruction.heredocs.length > 0) {
      return [];
    }
    return instruction.words
      .slice(0, -1)
      .map((word) => word.value)
      .filter((source) => !/[$*?[\\"']|^[a-z][a-z0-9+.-]*:\/\/|^git@|^\.?\/?$/i.test(source));
  });
}

function exists(reader: ProjectReader, folder: string, path: string): boolean {
  // Docker does not let `..` out of the context: it stays at its root.
  const inside = cleanPath(`/${path}`).slice(1);
  const full = folder === '' ? inside : `${folder}/${inside}`;
  return (
    inside === '' || reader.list(directoryOf(full))?.some((entry) => entry.name === nameOf(full)) === true
  );
}
