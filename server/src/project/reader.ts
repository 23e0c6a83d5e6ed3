import { memoize } from '../text/memoize.ts';
import type { ContextPath } from '../text/path-types.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

/**
 * The one way in which the engine looks at files. Paths use `/`, are relative to the root of the build context, and
 * never leave it. Implementations answer from memory or from small, bounded reads, and never throw.
 */
export interface ProjectReader {
  /** Text of a file; undefined when it is missing, unreadable, not text, or larger than the implementation's limit. */
  read(path: ContextPath): string | undefined;
  /** Entries of a directory (`''` is the root); undefined when it is missing or cannot be listed. */
  list(path: ContextPath): readonly DirectoryEntry[] | undefined;
  /** True where a file may be executed, as a build here would copy it; undefined where it is missing, or nothing tells. */
  isExecutable(path: ContextPath): boolean | undefined;
}

/**
 * A reader over files in memory: for tests, and for documents that have no folder. `files` maps path to text; of those
 * that `executable` does not speak of nobody knows whether they may be executed.
 */
export function memoryReader(
  files: Readonly<Record<string, string>>,
  executable: Readonly<Record<string, boolean>> = {},
): ProjectReader {
  return {
    isExecutable: (path) => (Object.hasOwn(executable, path) ? executable[path] : undefined),
    read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    // The same list each time, by which a view of the project knows that nothing has changed.
    list: memoize((path) => listOf(files, path), mostLists),
  };
}

const mostLists = 1000;

function listOf(
  files: Readonly<Record<string, string>>,
  path: string,
): readonly DirectoryEntry[] | undefined {
  const prefix = path === '' ? '' : `${path}/`;
  const entries = new Map<string, DirectoryEntry>();
  for (const file of Object.keys(files)) {
    if (file.startsWith(prefix)) {
      const [name = '', ...below] = file.slice(prefix.length).split('/');
      entries.set(name, { name, kind: below.length > 0 ? 'directory' : 'file' });
    }
  }
  return entries.size > 0 || path === '' ? [...entries.values()] : undefined;
}

/** A reader that answers the same for as long as it lives. */
export interface UnchangingReader extends ProjectReader {
  /** True where the reader behind it would still answer all that has been asked in the same way. */
  isCurrent(): boolean;
}

/**
 * The same reader, asking once for each path: for one analysis, in which many rules look at the same files and should
 * see the same state of them. What the list of its folder does not have is not asked for: most of what rules look for is
 * not there.
 */
export function memoizingReader(reader: ProjectReader): UnchangingReader {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly DirectoryEntry[] | undefined>();
  const modes = new Map<string, boolean | undefined>();
  const names = new Map<string, ReadonlySet<string> | undefined>();

  function list(path: ContextPath): readonly DirectoryEntry[] | undefined {
    if (!lists.has(path)) {
      lists.set(path, isMissing(path) ? undefined : reader.list(path));
    }
    return lists.get(path);
  }

  /** The names in a folder; undefined where they are not known. */
  function namesIn(folder: string): ReadonlySet<string> | undefined {
    if (!names.has(folder)) {
      const entries = list(folder);
      names.set(folder, entries === undefined ? undefined : new Set(entries.map(({ name }) => name)));
    }
    return names.get(folder);
  }

  /** True where the lists of the folders above say that there is nothing of that path. */
  function isMissing(path: string): boolean {
    if (path === '') {
      return false;
    }
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(slash, 0));
    const known = namesIn(folder);
    return known === undefined ? isMissing(folder) : !known.has(path.slice(slash + 1));
  }

  const memoizing: UnchangingReader = {
    isExecutable(path) {
      if (!modes.has(path)) {
        modes.set(path, reader.isExecutable(path));
      }
      return modes.get(path);
    },
    read(path) {
      if (!texts.has(path)) {
        texts.set(path, isMissing(path) ? undefined : reader.read(path));
      }
      return texts.get(path);
    },
    list,
    // The lists come first: as long as they hold, what they do not have is still missing.
    isCurrent: () =>
      everyEntry(lists, (path, entries) => isMissing(path) || reader.list(path) === entries) &&
      everyEntry(texts, (path, text) => isMissing(path) || reader.read(path) === text) &&
      everyEntry(modes, (path, mode) => reader.isExecutable(path) === mode),
  };
  unchanging.add(memoizing);
  return memoizing;
}

function everyEntry<T>(entries: ReadonlyMap<string, T>, holds: (path: string, value: T) => boolean): boolean {
  for (const [path, value] of entries) {
    if (!holds(path, value)) {
      return false;
    }
  }
  return true;
}

const unchanging = new WeakSet<ProjectReader>();

/** True for a reader that answers the same for as long as it lives, so that what was made of its answers may be kept with it. */
export function isUnchanging(reader: ProjectReader): boolean {
  return unchanging.has(reader);
}

/** The same reader, with paths relative to `folder` (`''` is its root). */
export function readerBelow(reader: ProjectReader, folder: string): ProjectReader {
  if (folder === '') {
    return reader;
  }
  return {
    isExecutable: (path) => reader.isExecutable(`${folder}/${path}`),
    read: (path) => reader.read(`${folder}/${path}`),
    list: (path) => reader.list(path === '' ? folder : `${folder}/${path}`),
  };
}
