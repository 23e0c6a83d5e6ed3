import type { Exclusion } from '../facts/siblings/exclusion.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Problem } from '../rules/rule.ts';
import type { SyntaxProblem } from '../syntax/tree.ts';
import type { Span } from '../text/span.ts';
import type { ImageEstimate } from './estimate/estimate.ts';

/** A rule that threw. The others went on; the caller logs it. */
export interface RuleFailure {
  readonly rule: string;
  readonly error: unknown;
}

/** Everything the engine has to say about one text. Sorted by position. What nobody looks at is never worked out. */
export interface Report {
  readonly problems: readonly Problem[];
  readonly syntax: readonly SyntaxProblem[];
  /** Problems that a comment in the file silences. */
  readonly suppressed: readonly Problem[];
  /** Worked out when first asked for. */
  readonly checklist: readonly ChecklistItem[];
  /** Worked out when first asked for. */
  readonly image: ImageEstimate;
  /** Whether paths of the build context may be left out of it; none are told where that takes too long. */
  readonly exclusionsOf: (paths: readonly string[]) => readonly Exclusion[];
  /** Of the rules, and of what has been asked for since. */
  readonly failures: readonly RuleFailure[];
  /**
   * Does work that asks for much of the report under one watch, in place of one for each part of it, which cost more than
   * most parts. Where that takes too long, it is done again, with a watch for each part.
   */
  readonly atOnce: (work: () => void) => void;
}

/** The report of a file that nothing is said about. */
export const emptyReport: Report = {
  problems: [],
  syntax: [],
  suppressed: [],
  checklist: [],
  image: { stages: [], final: undefined },
  exclusionsOf: () => [],
  failures: [],
  atOnce: (work) => work(),
};

/**
 * The same report with everything worked out, so that it holds plain data alone and no longer the Dockerfile that it was
 * made of: for those who keep the reports of many files.
 */
export function settled(report: Report): Report {
  const plain = (problems: readonly Problem[]): Problem[] => problems.map((problem) => ({ ...problem }));
  let result = emptyReport;
  report.atOnce(() => {
    result = {
      ...report,
      problems: plain(report.problems),
      suppressed: plain(report.suppressed),
      exclusionsOf: emptyReport.exclusionsOf,
      atOnce: emptyReport.atOnce,
    };
  });
  return result;
}

/** What was found alone, as plain data: no fix, checklist or estimate is worked out for those who do not show them. */
export function findingsAlone({ problems, syntax, failures }: Report): Report {
  return {
    ...emptyReport,
    problems: problems.map(({ rule, severity, message, span, related, saving }) => ({
      rule,
      severity,
      message,
      span,
      related,
      fixes: [],
      ...(saving === undefined ? {} : { saving }),
    })),
    syntax,
    failures,
  };
}

/** The bytes that fixing a problem saves for certain; none where no figure is known. */
export function savedBytes({ saving }: Problem): number {
  return saving?.kind === 'known' ? saving.low : 0;
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
  /** True for an open item whose problem a comment in the file silences. */
  readonly isIgnored?: true;
  /** What closes the item, or takes the next step towards it; undefined where nothing is offered. */
  readonly fix?: Fix;
}

/** How many items of a checklist are done, of those that make sense for the image. */
export function countDone(items: readonly ChecklistItem[]): { readonly done: number; readonly of: number } {
  const asked = items.filter((item) => item.state !== 'not-applicable');
  return { done: asked.filter((item) => item.state === 'done').length, of: asked.length };
}

/** How much of a checklist is done before and after a change: `checklist 4 → 6 of 7`. */
export function formatProgress(before: readonly ChecklistItem[], after: readonly ChecklistItem[]): string {
  const [was, is] = [countDone(before), countDone(after)];
  return was.of === is.of
    ? `checklist ${was.done === is.done ? was.done : `${was.done} → ${is.done}`} of ${is.of}`
    : `checklist ${was.done} of ${was.of} → ${is.done} of ${is.of}`;
}
