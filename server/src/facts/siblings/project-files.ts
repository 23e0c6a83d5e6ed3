import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { isUnchanging, type ProjectReader } from '../../project/reader.ts';

/** Folders that hold nothing a project itself has written. */
const skipped =
  /^(?:\.git|\.svn|\.hg|node_modules|bower_components|\.venv|venv|__pycache__|\.next|\.nuxt|\.gradle|\.terraform|\.tox|\.nox|\.cache)$/;

const maxFolders = 250;
const maxDepth = 6;
const maxEntries = 1000;
const maxTracked = 30_000;

/** The files of a project, as far as they can be listed. */
export interface ProjectFiles {
  /** Relative to the build context. */
  readonly paths: readonly string[];
  /** False where there are more than are listed. */
  readonly isComplete: boolean;
}

const known = new WeakMap<ProjectReader, ProjectFiles>();

/** What Git tracks and what lies beside it at the root of the context; without a repository, what a bounded look finds. */
export function projectFiles(project: Project): ProjectFiles {
  const old = known.get(project.reader);
  if (old !== undefined) {
    return old;
  }
  const found = listFiles(project);
  if (isUnchanging(project.reader)) {
    known.set(project.reader, found);
  }
  return found;
}

function listFiles({ reader, tracked }: Project): ProjectFiles {
  const paths = tracked?.below('').filter((path) => !path.endsWith('/'));
  if (paths !== undefined && paths.length > 0 && paths.length <= maxTracked) {
    const top = (reader.list('') ?? []).filter(({ kind }) => kind === 'file').map(({ name }) => name);
    return { paths: [...new Set([...paths, ...top])], isComplete: true };
  }
  const found: string[] = [];
  const pending = [{ folder: '', depth: 0 }];
  let isComplete = true;
  for (let at = 0; at < pending.length; at++) {
    const { folder, depth } = pending[at] ?? { folder: '', depth: 0 };
    if (at >= maxFolders || depth > maxDepth) {
      return { paths: found, isComplete: false };
    }
    const entries = reader.list(folder) ?? [];
    isComplete &&= entries.length <= maxEntries;
    for (const { name, kind } of entries.slice(0, maxEntries)) {
      const path = joinPath(folder, name);
      if (kind === 'file') {
        found.push(path);
      } else if (kind === 'directory' && !skipped.test(name)) {
        pending.push({ folder: path, depth: depth + 1 });
      }
    }
  }
  return { paths: found, isComplete };
}
