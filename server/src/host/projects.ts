import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { cleanPath, compilePattern } from '../project/ignore-pattern.ts';
import type { BuildContexts, LocateInput } from '../project/locate.ts';
import { openProject as openProjectBelow, type Project, unknownProject } from '../project/project.ts';
import type { ProjectReader } from '../project/reader.ts';
import { type ContextCache, measureProject, withContext } from './context-cache.ts';
import type { MeasureInput } from './context-measure.ts';
import { createProjectReader, type FolderReader } from './project-reader.ts';
import { readTracked } from './tracked.ts';

/** The folder that a Dockerfile is built in, with its place on the disk. */
export interface OpenProject {
  readonly project: Project;
  /** Absolute path of the build context; undefined where no folder is known. */
  readonly root?: string;
  /** The same project, or one in which files were changed, with what its build context weighs. Missing where no folder is known. */
  readonly measured?: (project: Project, onProgress?: MeasureInput['onProgress']) => Promise<Project>;
}

/** How many folders keep what was read from them; beyond it all are forgotten and read again. */
const maxReaders = 16;

const readers = new Map<string, FolderReader>();

let trust = 0;

/**
 * Lets readers take files as they were that many milliseconds ago, for a process that is told of changes by
 * `lookAgain`. Without it every question goes to the disk.
 */
export function trustFilesFor(milliseconds: number): void {
  trust = milliseconds;
}

/** Something in the folders has changed: their files are looked at again. */
export function lookAgain(): void {
  for (const reader of readers.values()) {
    reader.lookAgain();
  }
}

/**
 * The project of the Dockerfile at an absolute path. Compose and Bake files that say how it is built are looked for up
 * to the repository (the nearest folder with `.git`), else up to the one of `folders` that holds it, else only beside
 * the Dockerfile. Measurements are kept in `contexts`.
 */
export function openProject(
  dockerfile: string,
  folders: readonly string[],
  contexts: ContextCache,
  settings: readonly BuildContexts[] = [],
): OpenProject {
  const folder = dirname(dockerfile);
  const repository = repositoryOf(folder);
  const top = repository ?? folders.find((candidate) => isIn(candidate, dockerfile)) ?? folder;
  const tracked = repository === undefined ? undefined : readTracked(repository);
  const { project, location } = openProjectBelow({
    dockerfile: slashed(relative(top, dockerfile)),
    reader: readerOf(top),
    ...(tracked === undefined ? {} : { tracked }),
    ...settingFor(dockerfile, top, settings),
  });
  if (location.contextRoot === undefined) {
    return { project };
  }
  const root = join(top, location.contextRoot);
  if (dirname(root) === root) {
    // A whole machine is no project: its sources are those of other programs, and some of its files never end.
    return { project: unknownProject };
  }
  if (!isIn(realPathOf(top), realPathOf(root))) {
    // A link leads out of the repository: nothing is read or written there.
    return { project };
  }
  return {
    project,
    root,
    async measured(changed, onProgress) {
      await measureProject(changed, root, contexts, onProgress);
      return withContext(changed, root, contexts);
    },
  };
}

/** What the first of the settings says that knows the Dockerfile, relative to the folder `top`. */
function settingFor(
  dockerfile: string,
  top: string,
  settings: readonly BuildContexts[],
): Pick<LocateInput, 'setting'> {
  for (const { folder, contexts } of settings) {
    const path = slashed(relative(folder, dockerfile));
    for (const [pattern, context] of Object.entries(contexts)) {
      const compiled = compilePattern(cleanPath(pattern));
      if (typeof compiled === 'object' && compiled.matches(path)) {
        return { setting: { context: slashed(relative(top, resolve(folder, context))) } };
      }
    }
  }
  return {};
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}

/**
 * The build context that the ignore file at an absolute path applies to: the one of the Dockerfile after which it is
 * named, else its folder.
 */
export function openIgnoredFolder(
  ignoreFile: string,
  folders: readonly string[],
  contexts: ContextCache,
  settings: readonly BuildContexts[],
): { readonly root: string; readonly reader: ProjectReader } {
  const isNamed = !basename(ignoreFile).startsWith('.');
  const dockerfile = ignoreFile.slice(0, -extname(ignoreFile).length);
  const root = isNamed ? openProject(dockerfile, folders, contexts, settings).root : undefined;
  const folder = root ?? dirname(ignoreFile);
  return { root: folder, reader: readerOf(folder) };
}

function readerOf(root: string): FolderReader {
  let reader = readers.get(root);
  if (reader === undefined) {
    if (readers.size >= maxReaders) {
      readers.clear();
    }
    reader = createProjectReader(root, () => trust);
    readers.set(root, reader);
  }
  return reader;
}

/** The nearest folder with `.git`: the folder itself, or one above it; undefined where there is none. */
export function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) {
      return at;
    }
    if (dirname(at) === at) {
      return undefined;
    }
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** True where a path lies in a folder. */
export function isIn(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
