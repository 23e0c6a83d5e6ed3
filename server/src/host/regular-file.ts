import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { FileError } from '../cli/host.ts';

/** Larger texts are none that people write. */
export const largest = 16 * 1024 * 1024;

/**
 * Opens a regular file for reading, without blocking: opening a pipe would wait for its writer, and some files of Linux that say
 * they are regular (`/proc/kmsg`) are read like one.
 * @throws FileError, and what the file system throws
 */
export function openRegularFile(path: string): number {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) {
    closeSync(descriptor);
    throw new FileError(stats.isDirectory() ? 'it is a folder' : 'it is no regular file');
  }
  return descriptor;
}

/** What is said of more than so many bytes. */
export function tooLarge(most: number): FileError {
  return new FileError(`it is larger than ${most / 1024 / 1024} MB`);
}

/**
 * Reads a regular file, and not more than a bounded part of memory: no pipe that never ends is waited for, no device is
 * read.
 * @throws FileError, and what the file system throws
 */
export function readRegularFile(path: string, most: number = largest): Buffer {
  const descriptor = openRegularFile(path);
  try {
    const chunks: Buffer[] = [];
    // The size is not trusted: a file may grow while it is read, and some of /proc say 0.
    for (let length = 0; ; ) {
      const chunk = Buffer.allocUnsafe(65_536);
      const count = readSync(descriptor, chunk);
      if (count === 0) {
        return Buffer.concat(chunks);
      }
      length += count;
      if (length > most) {
        throw tooLarge(most);
      }
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}
