import { resolve } from 'node:path';
import { messageOf } from './discover.ts';
import { UsageError } from './exit.ts';
import type { CliHost } from './host.ts';

/** Writes what was printed to a file instead. @throws UsageError when it cannot be written. */
export function writeOutput(host: CliHost, file: string, text: string): void {
  const path = resolve(host.workingDirectory, file);
  try {
    const before = host.files.kindOf(path) === 'missing' ? undefined : host.files.read(path);
    host.files.replace(path, before, new TextEncoder().encode(text));
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}`);
  }
}
