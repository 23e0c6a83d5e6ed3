import { parseDockerfile } from '../syntax/parse.ts';
import { findFlag } from '../syntax/tree.ts';
import { cleanPath } from './ignore-pattern.ts';
import { directoryOf, nameOf } from './paths.ts';
import type { ProjectReader } from './reader.ts';

/**
 * The folder that holds everything a Dockerfile copies by name: its own, or the nearest one above it (people who keep
 * `docker/Dockerfile` mostly build it from the root). Undefined where none does, or nothing is named.
 */
export function folderWithNamedPaths(reader: ProjectReader, dockerfile: string): string | undefined {
  const paths = namedPaths(reader.read(dockerfile) ?? '');
  if (paths.length === 0) {
    return undefined;
  }
  for (let folder = directoryOf(dockerfile); ; folder = directoryOf(folder)) {
    if (paths.every((path) => exists(reader, folder, path))) {
      return folder;
    }
    if (folder === '') {
      return undefined;
    }
  }
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
