import { isRecord } from '../project/build-file.ts';
import { directoryOf } from '../project/paths.ts';
import type { ProjectReader } from '../project/reader.ts';

/**
 * Finds for a node_modules folder which packages are for development only, from the nearest `package-lock.json` above
 * it, else from npm's own record inside it. Answers the path of every package folder with its mark. Undefined where no npm
 * lock file of version 2 or later tells (Yarn and pnpm do not write it down).
 */
export function npmLockOf(
  reader: ProjectReader,
): (nodeModules: string) => ReadonlyMap<string, boolean> | undefined {
  const known = new Map<string, ReadonlyMap<string, boolean> | undefined>();
  const readOnce = (folder: string, name: string) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (!known.has(path)) {
      known.set(path, readLock(reader.read(path), folder));
    }
    return known.get(path);
  };
  return (nodeModules) => {
    for (let folder = directoryOf(nodeModules); ; folder = directoryOf(folder)) {
      const packages = readOnce(folder, 'package-lock.json');
      if (packages !== undefined) {
        return packages;
      }
      if (folder === '') {
        return readLock(reader.read(`${nodeModules}/.package-lock.json`), directoryOf(nodeModules));
      }
    }
  };
}

function readLock(text: string | undefined, folder: string): ReadonlyMap<string, boolean> | undefined {
  const content = text === undefined ? undefined : parse(text);
  const packages = isRecord(content) ? content['packages'] : undefined;
  if (!isRecord(packages)) {
    return undefined;
  }
  const marks = new Map<string, boolean>();
  for (const [path, description] of Object.entries(packages)) {
    if (path !== '') {
      marks.set(
        folder === '' ? path : `${folder}/${path}`,
        isRecord(description) && description['dev'] === true,
      );
    }
  }
  return marks;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
