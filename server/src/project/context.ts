import { formatBytes } from '../sizes/size.ts';
import type { ClutterKind } from './clutter.ts';
import { cleanPath, compilePattern } from './ignore-pattern.ts';

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

/** One package of a folder with installed packages, with what lies within it. */
export interface MeasuredPackage extends Totals {
  readonly name: string;
  /** True where the lock file calls it development-only. */
  readonly isDevelopment: boolean;
}

/** A folder with installed packages, sent or not. */
export interface DependencyFolder extends MeasuredEntry {
  readonly ecosystem: 'node' | 'python';
  /** False where .dockerignore keeps it out. */
  readonly isSent: boolean;
  /** The part that the lock file calls development-only; undefined where no npm lock file tells. */
  readonly development?: Totals;
  /** Largest first; at most 20. */
  readonly packages: readonly MeasuredPackage[];
}

/** A file or folder of the context with what is sent of it. */
export interface MeasuredNode extends Totals {
  /** What lies in a folder; undefined for a file, and for a folder of which only the sum is kept. */
  readonly entries?: ReadonlyMap<string, MeasuredNode>;
  readonly isFolder: boolean;
}

/**
 * What a `COPY . .` sends, after .dockerignore. Where `isComplete` is false, every figure means "at least":
 * the measurement ran into its limits or into folders that it may not read.
 */
export interface ContextMeasurement {
  /** The root of the context. Of folders such as node_modules and .git it knows the sum alone. */
  readonly sent: MeasuredNode;
  readonly isComplete: boolean;
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
  /** Index of the pattern that has the last word about what this one matches; undefined where there is none. */
  readonly overruledBy?: number | 'several';
}

/** What all patterns of a .dockerignore file do, in their order. Where `isComplete` is false, the figures mean "at least". */
export interface PatternMeasurement {
  readonly usages: readonly PatternUsage[];
  /** All that is there, excluded or not. Of folders such as node_modules and .git it knows the sum alone. */
  readonly found: MeasuredNode;
  /** What is left to send. */
  readonly sent: Totals;
  readonly isComplete: boolean;
}

/** True where a Dockerfile may read its build context; for others it need not be measured. */
export function mayReadContext(text: string): boolean {
  return /^[ \t]*(?:ONBUILD\s+)?(?:COPY|ADD)\b|--mount=/im.test(text);
}

/**
 * What a COPY or ADD of sources brings: paths relative to the context, `''` for all of it, with `*`, `?` and `[…]` as
 * Docker reads them there. Each file counts once; what is not sent counts nothing. Undefined where a source lies in a folder
 * of which only the sum is known.
 */
export function copiedTotals(measured: ContextMeasurement, sources: readonly string[]): Totals | undefined {
  const nodes = copiedNodes(measured, sources);
  if (nodes === undefined) {
    return undefined;
  }
  const sum = { files: 0, bytes: 0 };
  for (const { files, bytes } of nodes.values()) {
    sum.files += files;
    sum.bytes += bytes;
  }
  return sum;
}

/**
 * The files and folders that a COPY or ADD of sources names, by their path with `/` in front (`''` for the root); none
 * lies within another. Undefined where a source lies in a folder of which only the sum is known.
 */
export function copiedNodes(
  measured: ContextMeasurement,
  sources: readonly string[],
): ReadonlyMap<string, MeasuredNode> | undefined {
  const found = new Map<string, MeasuredNode>();
  for (const source of sources) {
    const parts = cleanPath(`/${source}`)
      .split('/')
      .filter((part) => part !== '');
    if (!collect(measured.sent, '', parts, found)) {
      return undefined;
    }
  }
  return new Map([...found].filter(([path]) => !foldersAbove(path).some((folder) => found.has(folder))));
}

/** Puts what a path matches into `found`; false where that is not known. */
function collect(
  node: MeasuredNode,
  path: string,
  [part, ...below]: readonly string[],
  found: Map<string, MeasuredNode>,
): boolean {
  if (part === undefined) {
    found.set(path, node);
    return true;
  }
  if (!node.isFolder) {
    return true;
  }
  const { entries } = node;
  if (entries === undefined) {
    return false;
  }
  const pattern = /[*?[\\]/.test(part) ? compilePattern(part) : undefined;
  const names =
    typeof pattern === 'object' ? [...entries.keys()].filter((name) => pattern.matches(name)) : [part];
  return names.every((name) => {
    const entry = entries.get(name);
    return entry === undefined || collect(entry, `${path}/${name}`, below, found);
  });
}

/** The paths above one that starts with `/`, `''` for the root first. */
function foldersAbove(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}

/** What was measured at a path, `''` for the root; undefined where nothing is known of it. */
export function measuredAt(root: MeasuredNode, path: string): MeasuredNode | undefined {
  return path
    .split('/')
    .filter((part) => part !== '')
    .reduce<MeasuredNode | undefined>((node, part) => node?.entries?.get(part), root);
}

/** Totals in words: `51 MB in 170,000 files`, `at least 2 kB in 1 file`. */
export function formatTotals(totals: Totals, isComplete: boolean): string {
  const files = totals.files === 1 ? '1 file' : `${totals.files.toLocaleString('en')} files`;
  return `${isComplete ? '' : 'at least '}${formatBytes(totals.bytes)} in ${files}`;
}
