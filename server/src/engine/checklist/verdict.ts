import type { Span } from '../../text/span.ts';
import type { ChecklistItem } from '../report.ts';

/** The state of an item, with the sentence and the place that speak for it. */
export type Verdict = Pick<ChecklistItem, 'state' | 'evidence' | 'span'>;

/** The item is done. A verdict without a place speaks of something beside the Dockerfile. */
export function done(evidence: string, span?: Span): Verdict {
  return { state: 'done', evidence, ...(span === undefined ? {} : { span }) };
}

export function open(evidence: string, span?: Span): Verdict {
  return { state: 'open', evidence, ...(span === undefined ? {} : { span }) };
}

/** The item makes no sense for this image, and the sentence says why. */
export function notApplicable(evidence: string, span?: Span): Verdict {
  return { state: 'not-applicable', evidence, ...(span === undefined ? {} : { span }) };
}

/** Nobody knows, and the sentence says what could not be read. */
export function unknown(evidence: string, span?: Span): Verdict {
  return { state: 'unknown', evidence, ...(span === undefined ? {} : { span }) };
}
