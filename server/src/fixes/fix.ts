import type { TextEdit } from '../text/edits.ts';

/**
 * How far a fix may be trusted. `safe`: the container behaves the same and every comment survives; runs on save and
 * in fix-all. `review`: probably wanted, but may change the build or the container; offered with a preview.
 * `manual`: needs a value that is not known, or is a sketch.
 */
export type Applicability = 'safe' | 'review' | 'manual';

/** A whole file beside the Dockerfile that a fix creates or rewrites. */
export interface FileChange {
  /** Path relative to the root of the build context. */
  readonly path: string;
  /** The text before; undefined where the file does not exist yet. */
  readonly before?: string;
  /** The whole text after. */
  readonly after: string;
}

/** A change that resolves a problem. */
export interface Fix {
  /** Imperative, names the thing, carries the saving where it is known. */
  readonly title: string;
  readonly applicability: Applicability;
  /** Sorted, not overlapping, made for the text that was analysed. */
  readonly edits: readonly TextEdit[];
  readonly files?: readonly FileChange[];
  /** What the fix took for granted, one sentence each; shown in the preview. */
  readonly assumptions?: readonly string[];
}
