import type { Report } from '../engine/report.ts';
import type { ImageFacts } from '../images/knowledge.ts';
import type { Project } from '../project/project.ts';
import type { Problem, RuleMeta, Severity } from '../rules/rule.ts';
import type { SizeAnswer } from '../sizes/size.ts';
import type { LineIndex } from '../text/lines.ts';

/** Ways of printing what was found. */
export type CheckFormat =
  | 'pretty'
  | 'tty'
  | 'json'
  | 'sarif'
  | 'github'
  | 'gitlab'
  | 'junit'
  | 'checkstyle'
  | 'markdown';

/** The lowest severity that fails a run. */
export type Threshold = Severity | 'never';

/** What was found in one Dockerfile. */
export interface FileResult {
  /** As people see it: relative to the working directory, with `/`; `<stdin>` for standard input. */
  readonly path: string;
  /** Build context relative to the working directory; undefined where it is not known. Files of fixes lie in it. */
  readonly root?: string;
  readonly lines: LineIndex;
  /** Without the estimate of the image, which holds on to the whole Dockerfile: what is printed of it stands beside it. */
  readonly report: Report;
  readonly size: SizeAnswer;
  /** The size in words, with what comes on top of it. */
  readonly sizeText: string;
  /** What the image takes after slimming, where that was asked for. */
  readonly sizeAfter?: SizeAnswer;
  /** Findings that a baseline knows, and that are not in the report. */
  readonly known?: number;
}

/** A file that was asked for and could not be used. */
export interface FileFailure {
  readonly path: string;
  readonly message: string;
}

/** Everything one run of `check` has to say. */
export interface CheckResult {
  readonly version: string;
  readonly rules: ReadonlyMap<string, RuleMeta>;
  readonly files: readonly FileResult[];
  readonly failures: readonly FileFailure[];
}

/** Rule id under which text that BuildKit refuses is reported. It is no rule: it can be neither ignored nor switched off. */
export const syntaxId = 'syntax';

export const standardInputName = '<stdin>';

const severityOrder: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Problems and syntax errors of a report as one list, sorted by position. */
export function findingsOf(report: Report): readonly Problem[] {
  const syntax = report.syntax.map(
    (problem): Problem => ({
      rule: syntaxId,
      severity: 'error',
      message: problem.message,
      span: problem.span,
      related: [],
      fixes: [],
    }),
  );
  return [...syntax, ...report.problems].sort(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end,
  );
}

/** True when `severity` is as grave as `threshold`, or graver. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severityOrder.indexOf(severity) <= severityOrder.indexOf(threshold);
}

/** What one Dockerfile makes of its image, now and after everything worth changing. */
export interface ImageReport {
  readonly path: string;
  readonly lines: LineIndex;
  readonly project: Project;
  readonly before: Report;
  readonly after: Report;
  /** The text and the project after the changes. */
  readonly linesAfter: LineIndex;
  readonly projectAfter: Project;
}

/** An image with its smaller variants, as far as they are known. */
export interface SizedImage {
  readonly facts: ImageFacts;
  readonly smaller: readonly ImageFacts[];
}
