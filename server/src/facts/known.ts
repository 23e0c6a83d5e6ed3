import type { Span } from '../text/span.ts';

/** What a fact rests on: a sentence, and the place that it was read from. */
export interface Evidence {
  /** One sentence without a stop, as it is shown to people: `app.py opens logs/app.log`. */
  readonly says: string;
  readonly at: EvidencePlace;
}

export type EvidencePlace =
  | { readonly kind: 'dockerfile'; readonly span: Span }
  /** A file of the build context; `line` counts from 1. */
  | { readonly kind: 'file'; readonly path: string; readonly line?: number }
  /** An image, with where the data about it comes from. */
  | { readonly kind: 'image'; readonly image: string; readonly source: string };

/**
 * A fact with what it rests on. "Not found" is no answer: who has looked everywhere and understood all of it says
 * `known` with a value that says so; who has not says `unknown`, why, and what was looked at.
 */
export type Known<T> =
  | { readonly state: 'known'; readonly value: T; readonly evidence: readonly Evidence[] }
  | { readonly state: 'unknown'; readonly why: string; readonly looked: readonly Evidence[] };

/** A fact that is known. */
export function known<T>(value: T, ...evidence: readonly Evidence[]): Known<T> {
  return { state: 'known', value, evidence };
}

/** A fact that nobody knows. `why` is a sentence without a stop that says what could not be read or understood. */
export function unknown<T>(why: string, ...looked: readonly Evidence[]): Known<T> {
  return { state: 'unknown', why, looked };
}
