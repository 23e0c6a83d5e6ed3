import { formatBytes } from '../sizes/size.ts';
import type { ClutterKind } from './clutter.ts';

export interface Totals {
  /** Files and symbolic links; folders do not count. */
  readonly files: number;
  /** Sum of the file sizes, which is about what a COPY adds to a layer. */
  readonly bytes: number;
}

export interface MeasuredEntry extends Totals {
  /** Relative to the build context, with `/`. */
  readonly path: string;
}

/** Something that is sent although a build seldom needs it, by its name. */
export interface MeasuredClutter extends MeasuredEntry {
  readonly kind: ClutterKind;
  readonly isFolder: boolean;
}

/** A folder with installed packages, sent or not. */
export interface DependencyFolder extends MeasuredEntry {
  readonly ecosystem: 'node' | 'python';
  /** False where .dockerignore keeps it out. */
  readonly isSent: boolean;
  /** The part that the lock file calls development-only; undefined where no npm lock file tells. */
  readonly development?: Totals;
}

/**
 * What a `COPY . .` sends, after .dockerignore. Where `isComplete` is false, every figure means "at least":
 * the measurement ran into its limits or into folders that it may not read.
 */
export interface ContextMeasurement {
  readonly sent: Totals;
  readonly isComplete: boolean;
  /** What lies at the root of the context and is sent, largest first; at most 50. */
  readonly entries: readonly MeasuredEntry[];
  /** Largest first; at most 200. What lies in a folder of the list is not listed itself. */
  readonly clutter: readonly MeasuredClutter[];
  /** Largest first; at most 50. */
  readonly dependencies: readonly DependencyFolder[];
  /** ISO date and time of the measurement. */
  readonly date: string;
}

/** What one pattern of a .dockerignore file does to the files that are there. */
export interface PatternUsage extends Totals {
  /** True where the pattern matches anything at all; `files` and `bytes` count only where it has the last word. */
  readonly matches: boolean;
  /** Index of a pattern that has the last word about what this one matches; undefined where there is none. */
  readonly overruledBy?: number;
}

/** Totals in words: `51 MB in 170,000 files`, `at least 2 kB in 1 file`. */
export function formatTotals(totals: Totals, isComplete: boolean): string {
  const files = totals.files === 1 ? '1 file' : `${totals.files.toLocaleString('en')} files`;
  return `${isComplete ? '' : 'at least '}${formatBytes(totals.bytes)} in ${files}`;
}
