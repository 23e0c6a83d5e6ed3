import { resolve } from 'node:path';
import { messageOf } from './discover.ts';
import { UsageError } from './exit.ts';
import type { CliHost } from './host.ts';
import { refuseToLeaveProject } from './inside.ts';

/** Writes a file that is not there yet. @throws UsageError where it is, or cannot be written. */
export function createFile({ files, workingDirectory }: CliHost, name: string, text: string): void {
  const path = resolve(workingDirectory, name);
  if (files.kindOf(path) !== 'missing') {
    throw new UsageError(`${name} is there already; nothing was written`);
  }
  try {
    files.replace(path, undefined, new TextEncoder().encode(text));
  } catch (error) {
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}

/**
 * Writes what was printed to a file instead: in one step, or into the pipe or device that is there.
 * @throws UsageError when it cannot be written.
 */
export function writeOutput(host: CliHost, file: string, text: string): void {
  const { files, workingDirectory } = host;
  const path = resolve(workingDirectory, file);
  try {
    refuseToLeaveProject(files, workingDirectory, path);
    files.write(path, new TextEncoder().encode(text));
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}`);
  }
}
