import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { readIgnoreFile } from '../project/ignore-file.ts';
import { openProject as openProjectBelow, type Project } from '../project/project.ts';
import { measureContext } from './context-measure.ts';
import { createProjectReader, type FolderReader } from './project-reader.ts';

/** The folder that a Dockerfile is built in, with its place on the disk. */
export interface OpenProject {
  readonly project: Project;
  /** Absolute path of the build context; undefined where no folder is known. */
  readonly root?: string;
  /** The same project, or one in which files were changed, with what its build context weighs. Missing where no folder is known. */
  readonly measured?: (project: Project) => Promise<Project>;
}

/** How many folders keep what was read from them; beyond it all are forgotten and read again. */
const maxReaders = 16;

const readers = new Map<string, FolderReader>();

/**
 * The project of the Dockerfile at an absolute path. Compose and Bake files that say how it is built are looked for up
 * to the repository (the nearest folder with `.git`), else up to the one of `folders` that holds it, else only beside
 * the Dockerfile.
 */
export function openProject(dockerfile: string, folders: readonly string[]): OpenProject {
  const folder = dirname(dockerfile);
  const top = repositoryOf(folder) ?? folders.find((candidate) => isIn(candidate, dockerfile)) ?? folder;
  const { project, location } = openProjectBelow({
    dockerfile: relative(top, dockerfile).split(sep).join('/'),
    reader: readerOf(top),
  });
  return location.contextRoot === undefined
    ? { project }
    : {
        project,
        root: join(top, location.contextRoot),
        measured: (changed) => measure(changed, join(top, location.contextRoot ?? '')),
      };
}

async function measure(project: Project, root: string): Promise<Project> {
  const ignore = readIgnoreFile(project)?.dockerignore;
  return { ...project, context: await measureContext({ root, ...(ignore === undefined ? {} : { ignore }) }) };
}

function readerOf(root: string): FolderReader {
  let reader = readers.get(root);
  if (reader === undefined) {
    if (readers.size >= maxReaders) {
      readers.clear();
    }
    reader = createProjectReader(root);
    readers.set(root, reader);
  }
  return reader;
}

function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) {
      return at;
    }
    if (dirname(at) === at) {
      return undefined;
    }
  }
}

function isIn(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
