import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { FileError } from '../cli/host.ts';

/** Larger files are none that people write. */
const largest = 16 * 1024 * 1024;

/**
 * Reads a regular file, and not more than a bounded part of memory: no pipe that never ends is waited for, no device is
 * read.
 * @throws FileError, and what the file system throws
 */
export function readRegularFile(path: string, most: number = largest): Buffer {
  // Without blocking, or opening a pipe would wait for its writer.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(descriptor).isFile()) {
      throw new FileError(fstatSync(descriptor).isDirectory() ? 'it is a folder' : 'it is no regular file');
    }
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
        throw new FileError(`it is larger than ${most / 1024 / 1024} MB`);
      }
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}
