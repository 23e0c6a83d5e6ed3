import { type Dir, type Dirent, lstatSync, opendirSync } from 'node:fs';

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
 * Milliseconds of work before others get their turn. Measured on 200,000 files in 20,000 folders (2 cores, warm cache): 1.1 s in
 * slices of 4 ms, during which timers ran at most 5 ms late. A worker thread took 0.1 s more to start, made them 3 ms
 * late, and would be one more file to bundle; promises for every call took 3.4 s.
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
    const directory = open(`${root}/${folder.path}`);
    if (directory === undefined) {
      isComplete = false;
      continue;
    }
    try {
      for (let entry = next(directory); entry !== undefined; entry = next(directory)) {
        if (entry === 'unreadable') {
          isComplete = false;
          break;
        }
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
    } finally {
      close(directory);
    }
  }
  return isComplete;
}

function open(path: string): Dir | undefined {
  try {
    return opendirSync(path, { bufferSize: 256 });
  } catch {
    return undefined;
  }
}

function next(directory: Dir): Dirent | 'unreadable' | undefined {
  try {
    return directory.readSync() ?? undefined;
  } catch {
    return 'unreadable';
  }
}

function close(directory: Dir): void {
  try {
    directory.closeSync();
  } catch {
    // A folder that was removed meanwhile; there is nothing left to close.
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
