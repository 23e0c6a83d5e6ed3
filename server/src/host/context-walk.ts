import { type Dirent, lstatSync, readdirSync } from 'node:fs';

export interface WalkVisitor<State> {
  /** Called for a folder before what is in it; the answer is handed on, undefined passes the folder over. */
  enterFolder(path: string, name: string, state: State): State | undefined;
  /** Called for a file or a symbolic link, which is not followed. */
  visitFile(path: string, name: string, bytes: number, state: State): void;
}

export interface WalkLimits {
  /** Files and folders after which the walk stops. */
  readonly maxEntries: number;
  /** Milliseconds after which it stops. */
  readonly maxDuration: number;
  readonly signal?: AbortSignal;
  /** Called now and then with how many files and folders have been seen. */
  readonly onProgress?: (entries: number) => void;
}

/**
 * Milliseconds of work before others get their turn: a request takes several turns. Measured on 200,000 files in 20,000
 * folders (2 cores, warm cache), nearly all of it in the kernel: 1.8 s, and a letter typed meanwhile waits 22 ms for its
 * diagnostics where it otherwise waits 19; in slices of 4 ms it waits 41. Promises for every call took 3.4 s, and reading
 * folders piece by piece 0.7 s more.
 */
const sliceDuration = 1;

/**
 * Walks through everything below `root` (an absolute path), never through symbolic links. Answers whether everything
 * was seen: false where a limit was reached or a folder or file could not be read.
 * @throws the signal's reason when it is aborted.
 */
export async function walkFolder<State>(
  root: string,
  state: State,
  visitor: WalkVisitor<State>,
  limits: WalkLimits,
): Promise<boolean> {
  const start = performance.now();
  const pending: { path: string; state: State }[] = [{ path: '', state }];
  let sliceEnd = 0;
  let entries = 0;
  let isComplete = true;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const found = entriesOf(`${root}/${folder.path}`);
    if (found === undefined) {
      isComplete = false;
      continue;
    }
    for (const entry of found) {
      entries++;
      if (performance.now() >= sliceEnd) {
        await new Promise((resolve) => setImmediate(resolve));
        limits.signal?.throwIfAborted();
        limits.onProgress?.(entries);
        sliceEnd = performance.now() + sliceDuration;
      }
      if (entries > limits.maxEntries || performance.now() - start > limits.maxDuration) {
        return false;
      }
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      if (entry.isDirectory()) {
        const below = visitor.enterFolder(path, entry.name, folder.state);
        if (below !== undefined) {
          pending.push({ path, state: below });
        }
      } else if (entry.isFile() || entry.isSymbolicLink()) {
        const bytes = sizeOf(`${root}/${path}`);
        isComplete &&= bytes !== undefined;
        visitor.visitFile(path, entry.name, bytes ?? 0, folder.state);
      }
    }
  }
  return isComplete;
}

/** Undefined for a folder that is gone or may not be read. */
function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

/** Undefined for a file that is gone or may not be looked at. */
function sizeOf(path: string): number | undefined {
  try {
    return lstatSync(path).size;
  } catch {
    return undefined;
  }
}
