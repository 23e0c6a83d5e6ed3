import type { ClutterKind } from '../../project/clutter.ts';
import type { Totals } from '../../project/context.ts';
import { nameOf } from '../../project/paths.ts';
import { formatBytes, type SizeAnswer } from '../../sizes/size.ts';
import type { AnalysisContext } from '../context.ts';
import { type ContextUse, ships } from './context-use.ts';

/** Something in the build context that is sent and that this build does not need. */
export interface NeedlessEntry {
  readonly path: string;
  readonly kind: ClutterKind;
  /** What excludes it in the ignore file, and nothing that the Dockerfile names. */
  readonly pattern: string;
  /** The Dockerfile of another build of the same context that needs it; undefined where none does. */
  readonly neededBy?: string;
  /** Undefined until the context has been measured. */
  readonly totals?: Totals;
}

/** A folder that weighs less holds no more than a `.gitkeep`, and a figure below is no news, in bytes. */
export const leastBytes = 1000;

/** What is worth a warning, in the order of what it mostly weighs. */
export const heavyKinds: readonly ClutterKind[] = [
  'dependencies',
  'version-control',
  'output',
  'cache',
  'coverage',
  'logs',
  'large',
];
const heaviestFirst: readonly ClutterKind[] = [...heavyKinds, 'environment', 'secret'];

/** Names of entries for a message, the largest first: `node_modules, .git and 3 more`. */
export function listNames(entries: readonly NeedlessEntry[]): string {
  const bySize = [...entries].sort(
    (a, b) =>
      (b.totals?.bytes ?? 0) - (a.totals?.bytes ?? 0) ||
      heaviestFirst.indexOf(a.kind) - heaviestFirst.indexOf(b.kind),
  );
  const unique = [...new Set(bySize.map((entry) => nameOf(entry.path)))];
  const shown = unique.length > 3 ? [...unique.slice(0, 2), `${unique.length - 2} more`] : unique;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}

/** What is sent less without the entries, for the end of a fix's title; empty where that is no news. */
export function lessSent(bytes: number | undefined): string {
  return bytes === undefined || bytes < leastBytes ? '' : ` (sends ${formatBytes(bytes)} less)`;
}

/** The bytes of entries; undefined where the context has not been measured. */
export function bytesOf(entries: readonly NeedlessEntry[]): number | undefined {
  return entries.some((entry) => entry.totals === undefined)
    ? undefined
    : entries.reduce((sum, entry) => sum + (entry.totals?.bytes ?? 0), 0);
}

/** What the image sheds with entries of the context: known where they were measured and a use puts them into what ships. */
export function savingOf(
  context: AnalysisContext,
  use: ContextUse,
  entries: readonly NeedlessEntry[],
): SizeAnswer | undefined {
  const bytes = bytesOf(entries.filter((entry) => ships(context.dockerfile, use, entry.path)));
  const measured = context.project.context;
  if (bytes === undefined || bytes < leastBytes || measured === undefined) {
    return undefined;
  }
  return {
    kind: 'known',
    low: bytes,
    high: bytes,
    atLeast: !measured.isComplete,
    measure: 'disk',
    basis: 'measured',
    source: 'files of the build context',
    date: measured.date.slice(0, 10),
  };
}
