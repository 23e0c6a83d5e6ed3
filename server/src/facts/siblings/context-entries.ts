import { type ClutterName, clutterOf } from '../../project/clutter.ts';
import type { MeasuredNode, Totals } from '../../project/context.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { literalPattern } from '../../project/ignore-pattern.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeForView } from '../../project/view.ts';
import type { ContextPath } from '../../text/path-types.ts';

/** An entry of the build context that is sent, with what its name or its content says of it. */
export interface ContextEntry {
  readonly path: ContextPath;
  readonly isFolder: boolean;
  readonly clutter: ClutterName;
  /** Undefined until the context has been measured. */
  readonly totals?: Totals;
}

/** Folders that are listed at most while the context has not been measured, and entries of each. */
const maxListed = 60;
const maxEntries = 1000;
const maxDepth = 3;

/**
 * Entries whose name tells something, and virtual environments under any name, as far as they are sent: what was measured,
 * else what a look at the first folders shows.
 */
export const contextEntries = memoizeForView((project: Project): readonly ContextEntry[] => {
  if (project.context === undefined) {
    return listedEntries(project);
  }
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  // A fix may have excluded some of it since it was measured.
  const isSent = (path: string) => matcher?.ignores(path) !== true || matcher.mayTakeInBelow(path);
  return project.context.clutter
    .filter(({ path }) => isSent(path))
    .flatMap(({ path, kind, isFolder, files, bytes }) => {
      const clutter = clutterOf(path, path.slice(path.lastIndexOf('/') + 1), isFolder) ?? {
        kind,
        pattern: literalPattern(path),
      };
      return [{ path, isFolder, clutter, totals: { files, bytes } }];
    });
});

function listedEntries(project: Project): ContextEntry[] {
  const found: ContextEntry[] = [];
  walk(project, ({ path, name, isFolder }) => {
    const clutter =
      clutterOf(path, name, isFolder) ??
      (isFolder && project.reader.read(`${path}/pyvenv.cfg`) !== undefined
        ? { kind: 'dependencies' as const, pattern: literalPattern(path) }
        : undefined);
    if (clutter !== undefined) {
      found.push({ path, isFolder, clutter });
    }
    return clutter === undefined;
  });
  return found;
}

/** A file of the build context. */
export interface ContextFile {
  readonly path: string;
  /** Undefined until the context has been measured. */
  readonly bytes?: number;
}

/** Files that are sent, the nearest to the root first, as far as they were measured or a look at the first folders shows them. */
export const sentFiles = memoizeForView((project: Project): readonly ContextFile[] => {
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  const files: ContextFile[] = [];
  if (project.context === undefined) {
    walk(project, ({ path, isFolder }) => {
      if (!isFolder) {
        files.push({ path });
      }
      return true;
    });
    return files;
  }
  const pending: { path: string; node: MeasuredNode }[] = [{ path: '', node: project.context.sent }];
  for (let at = 0; at < pending.length; at++) {
    const { path: folder, node } = pending[at] ?? { path: '', node: undefined };
    for (const [name, entry] of node?.entries ?? []) {
      const path = joinPath(folder, name);
      if (entry.isFolder) {
        pending.push({ path, node: entry });
      } else if (matcher?.ignores(path) !== true) {
        files.push({ path, bytes: entry.bytes });
      }
    }
  }
  return files;
});

interface Listed {
  readonly path: string;
  readonly name: string;
  readonly isFolder: boolean;
}

/** Shows the entries of the first folders that are sent; a folder is entered where the visitor says so. */
function walk(project: Project, visit: (entry: Listed) => boolean): void {
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  const pending = [{ folder: '', depth: 0 }];
  for (let at = 0; at < pending.length && at < maxListed; at++) {
    const { folder, depth } = pending[at] ?? { folder: '', depth: 0 };
    for (const { name, kind } of (project.reader.list(folder) ?? []).slice(0, maxEntries)) {
      const path = joinPath(folder, name);
      const isFolder = kind === 'directory';
      if (kind !== 'other' && matcher?.ignores(path) !== true && visit({ path, name, isFolder })) {
        if (isFolder && depth + 1 < maxDepth) {
          pending.push({ folder: path, depth: depth + 1 });
        }
      }
    }
  }
}
