import type { Problem } from '../rules/rule.ts';
import type { SyntaxProblem } from '../syntax/tree.ts';
import type { Span } from '../text/span.ts';

/** A rule that threw. The others went on; the caller logs it. */
export interface RuleFailure {
  readonly rule: string;
  readonly error: unknown;
}

/** Everything the engine has to say about one text. Sorted by position. */
export interface Report {
  readonly problems: readonly Problem[];
  readonly syntax: readonly SyntaxProblem[];
  /** Problems that a comment in the file silences. */
  readonly suppressed: readonly Problem[];
  readonly checklist: readonly ChecklistItem[];
  readonly failures: readonly RuleFailure[];
}

/** One of the eight items of the checklist. */
export interface ChecklistItem {
  readonly id: string;
  readonly title: string;
  /** `unknown` where the file does not tell; `not-applicable` where the item makes no sense for this image. */
  readonly state: 'done' | 'open' | 'unknown' | 'not-applicable';
  /** What speaks for the state, in one sentence. */
  readonly evidence: string;
  /** Where to look, when there is a place. */
  readonly span?: Span;
  /** Rules whose problems make up this item. */
  readonly rules: readonly string[];
}
