import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { FileError, type Files } from '../cli/host.ts';
import { table } from '../text/table.ts';
import { readRegularFile } from './regular-file.ts';
import { readTracked } from './tracked.ts';

/** The files of this machine. */
export const diskFiles: Files = {
  kindOf(path) {
    try {
      const stats = statSync(path);
      return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
    } catch (error) {
      // Only what is surely absent counts as missing; reading the rest says what is wrong with it.
      const code = codeOf(error);
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'other';
    }
  },
  list(path) {
    return withFileError('cannot be read', () =>
      readdirSync(path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other',
      })),
    );
  },
  read(path, most) {
    return withFileError('cannot be read', () => readRegularFile(path, most));
  },
  tracked: readTracked,
  realPath(path) {
    try {
      return realpathSync.native(path);
    } catch {
      return path;
    }
  },
  replace(path, before, after) {
    withFileError('cannot be written', () => replaceFile(path, before, after));
  },
  write(path, bytes) {
    withFileError('cannot be written', () => writeWhole(path, bytes));
  },
};

/** Replaces the file, whatever it held; a pipe or a device takes the bytes as they come. */
function writeWhole(path: string, bytes: Uint8Array): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) {
    writeInOneStep(stats === undefined ? path : realpathSync.native(path), stats, bytes);
  } else {
    writeFileSync(path, bytes);
  }
}

/** Replaces a file that is still what it was when it was read. A symbolic link stays a link: what it leads to is replaced. */
function replaceFile(path: string, before: Uint8Array | undefined, after: Uint8Array): void {
  const target = before === undefined ? path : realpathSync.native(path);
  const stats = before === undefined ? undefined : statSync(target);
  writeInOneStep(target, stats, after, () => refuseIfChanged(target, before));
}

/** Writes a file beside the target and renames it over it, so that no reader ever sees half a file. */
function writeInOneStep(
  target: string,
  stats: Stats | undefined,
  bytes: Uint8Array,
  checkAgain: () => void = () => {},
): void {
  if (stats !== undefined) {
    // A rename would replace a file that may not be written.
    accessSync(target, constants.W_OK);
  }
  const temporary = join(dirname(target), `.ballast-${randomUUID()}`);
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', flush: true });
    if (stats !== undefined) {
      keepModeAndOwner(temporary, stats);
    }
    checkAgain();
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function keepModeAndOwner(path: string, stats: Stats): void {
  try {
    chownSync(path, stats.uid, stats.gid);
  } catch {
    // Only root may give files away; for everybody else the owner is the same already.
  }
  chmodSync(path, stats.mode);
}

function refuseIfChanged(path: string, before: Uint8Array | undefined): void {
  if (before === undefined) {
    if (existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw new FileError('was created meanwhile; nothing was written');
    }
  } else if (!readRegularFile(path).equals(before)) {
    throw new FileError('changed meanwhile; nothing was written');
  }
}

const reasons: Readonly<Record<string, string>> = table({
  EACCES: 'permission denied',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the file system is read-only',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB',
});

function withFileError<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileError) {
      throw error.message.startsWith('it is ') ? new FileError(`${what}: ${error.message}`) : error;
    }
    const code = codeOf(error);
    const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
    throw new FileError(`${what}: ${reason}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
