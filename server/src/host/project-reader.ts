import { closeSync, type Dirent, readdirSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { DirectoryEntry, ProjectReader } from '../project/reader.ts';
import { openRegularFile } from './regular-file.ts';

/** Larger files are not read: manifests and lock files stay far below. */
const maxFileBytes = 8_000_000;
/** Texts kept in memory; beyond it all are dropped and read again. */
const maxCachedCharacters = 64_000_000;
/** Paths of which is kept what the disk last said; beyond it all are dropped and looked at again. */
const maxLooks = 50_000;
/** A folder with more entries is not listed. */
const maxEntries = 100_000;

/** A reader over a folder on disk, which can be told to forget what it has read. */
export interface FolderReader extends ProjectReader {
  /** Forgets one path, or everything. Only needed where a file system does not keep modification times. */
  invalidate(path?: string): void;
  /** Something has changed: nothing is trusted any longer. */
  lookAgain(): void;
}

interface Stamp {
  readonly modified: number;
  readonly changed: number;
  readonly size: number;
}

interface CachedText extends Stamp {
  readonly text: string | undefined;
}

interface CachedList extends Stamp {
  readonly entries: readonly DirectoryEntry[] | undefined;
}

/** What the disk said of a path, and when. */
interface Look {
  readonly at: number;
  /** The real path and what it is; undefined where it is missing or leads out. */
  readonly found: { readonly real: string; readonly stats: Stats } | undefined;
}

/**
 * Reads below `root` (an absolute path). Answers are memoized until size or times of the file change; they are looked at
 * again after so many milliseconds at the earliest, so that not every letter that is typed asks the disk for every file.
 * A symbolic link is followed only where its target lies below `root`: what a project may read must not depend on where
 * its links point. Never throws: what cannot be read is undefined.
 */
export function createProjectReader(root: string, trustOf: () => number = () => 0): FolderReader {
  const looks = new Map<string, Look>();
  const texts = new Map<string, CachedText>();
  const lists = new Map<string, CachedList>();
  let cachedCharacters = 0;
  const realRoot = attempt(() => realpathSync.native(root));

  /** The real path of something below the root; undefined where it is missing or leads out. */
  function locate(path: string): string | undefined {
    if (realRoot === undefined || !isInside(path)) {
      return undefined;
    }
    const real = attempt(() => realpathSync.native(path === '' ? realRoot : join(realRoot, path)));
    return real !== undefined && isBelow(realRoot, real) ? real : undefined;
  }

  function look(path: string): Look['found'] {
    const trust = trustOf();
    const now = trust === 0 ? 0 : performance.now();
    const known = looks.get(path);
    if (known !== undefined && now - known.at < trust) {
      return known.found;
    }
    const real = locate(path);
    const stats = real === undefined ? undefined : attempt(() => statSync(real));
    const found = real === undefined || stats === undefined ? undefined : { real, stats };
    if (trust > 0) {
      if (looks.size >= maxLooks) {
        looks.clear();
      }
      looks.set(path, { at: now, found });
    }
    return found;
  }

  /** A folder that a link leads to is one as long as no link led here: in a circle of links nobody would come to an end. */
  function kindOf(directory: string, entry: Dirent, isBehindLink: boolean): DirectoryEntry['kind'] {
    if (!entry.isSymbolicLink()) {
      return entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other';
    }
    const target = attempt(() => realpathSync.native(join(directory, entry.name)));
    if (realRoot === undefined || target === undefined || !isBelow(realRoot, target)) {
      return 'other';
    }
    const stats = attempt(() => statSync(target));
    return stats?.isFile() ? 'file' : stats?.isDirectory() && !isBehindLink ? 'directory' : 'other';
  }

  return {
    read(path) {
      const found = look(path);
      if (!found?.stats.isFile()) {
        return undefined;
      }
      const { real, stats } = found;
      const stamp = { modified: stats.mtimeMs, changed: stats.ctimeMs, size: stats.size };
      const cached = texts.get(real);
      if (cached !== undefined && isSame(cached, stamp)) {
        return cached.text;
      }
      const text = attempt(() => readText(real));
      if (cachedCharacters > maxCachedCharacters) {
        texts.clear();
        cachedCharacters = 0;
      }
      texts.set(real, { ...stamp, text });
      cachedCharacters += text?.length ?? 0;
      return text;
    },
    list(path) {
      const seen = look(path);
      if (!seen?.stats.isDirectory()) {
        return undefined;
      }
      const { real, stats } = seen;
      const stamp = { modified: stats.mtimeMs, changed: stats.ctimeMs, size: stats.size };
      const isBehindLink = realRoot === undefined || real !== join(realRoot, path);
      const key = isBehindLink ? `${real}/` : real;
      const cached = lists.get(key);
      if (cached !== undefined && isSame(cached, stamp)) {
        return cached.entries;
      }
      const found = attempt(() => readdirSync(real, { withFileTypes: true }));
      const entries =
        found === undefined || found.length > maxEntries
          ? undefined
          : found.map((entry) => ({ name: entry.name, kind: kindOf(real, entry, isBehindLink) }));
      lists.set(key, { ...stamp, entries });
      return entries;
    },
    isExecutable(path) {
      // Windows keeps no such bit: a build there makes every file executable.
      if (sep === '\\') {
        return undefined;
      }
      const stats = look(path)?.stats;
      return stats?.isFile() === true ? (stats.mode & 0o111) !== 0 : undefined;
    },
    lookAgain: () => looks.clear(),
    invalidate(path) {
      looks.clear();
      const real = path === undefined ? undefined : locate(path);
      if (real === undefined) {
        texts.clear();
        lists.clear();
        cachedCharacters = 0;
      } else {
        texts.delete(real);
        lists.delete(real);
        lists.delete(`${real}/`);
      }
    },
  };
}

/** True for a relative path whose parts all lead downwards. */
function isInside(path: string): boolean {
  if (path === '') {
    return true;
  }
  if (path.includes('\0') || (sep === '\\' && /[\\:]/.test(path))) {
    return false;
  }
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || /^[a-zA-Z]:|^[\\/]/.test(way));
}

function isSame(a: Stamp, b: Stamp): boolean {
  return a.modified === b.modified && a.changed === b.changed && a.size === b.size;
}

/** The text of a file without a byte order mark; undefined where it is too large or holds a NUL, as no text does. */
function readText(path: string): string | undefined {
  // The size is not trusted: a file may grow while it is read, and some of /proc say 0.
  const descriptor = openRegularFile(path);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    let encoding: string | undefined = 'utf-8';
    for (;;) {
      const chunk = Buffer.allocUnsafe(65_536);
      const count = readSync(descriptor, chunk);
      if (count === 0) {
        break;
      }
      length += count;
      if (length > maxFileBytes) {
        return undefined;
      }
      if (chunks.length === 0) {
        encoding = encodingOf(chunk.subarray(0, count));
      }
      if (encoding === undefined) {
        return undefined;
      }
      chunks.push(chunk.subarray(0, count));
    }
    return new TextDecoder(encoding).decode(Buffer.concat(chunks));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * How the text of a file is encoded, by its first bytes; undefined for what is no text. PowerShell writes what a command prints,
 * as `pip freeze > requirements.txt`, in UTF-16 with a mark in front; pip reads such files as well.
 */
function encodingOf(start: Buffer): string | undefined {
  const mark = start.length < 2 ? 0 : start.readUInt16BE(0);
  return mark === 0xfffe
    ? 'utf-16le'
    : mark === 0xfeff
      ? 'utf-16be'
      : start.includes(0)
        ? undefined
        : 'utf-8';
}

/** What the call returns, or undefined where it throws, as every file system call may. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
