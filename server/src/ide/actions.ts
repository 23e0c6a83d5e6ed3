import { type Report, savedBytes } from '../engine/report.ts';
import { ignoreEdit, ignoreInFileEdit } from '../engine/suppress.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Problem, Severity } from '../rules/rule.ts';
import type { DockerfileSyntax } from '../syntax/tree.ts';
import { overlaps, type Span, touches } from '../text/span.ts';

/** One entry of the quick-fix menu that edits the text. */
export interface Action {
  /** Plain text, with a mark where the fix wants a look. */
  readonly title: string;
  readonly problem: Problem;
  readonly fix: Fix;
  /** True for what an "auto fix" command may take: only the first fix of a problem, and only when it is safe. */
  readonly isPreferred: boolean;
}

const severityOrder: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/**
 * The problems that a place is about, what is worth most first: errors, then by the bytes that are saved, then by severity.
 * Those that only name the place as related come behind.
 */
export function problemsAt(report: Report, place: Span): readonly Problem[] {
  const isAt = (span: Span): boolean => overlaps(span, place) || touches(span, place.start);
  const own = report.problems.filter(({ span }) => isAt(span));
  const related = report.problems.filter(
    (problem) => !own.includes(problem) && problem.related.some(({ span }) => isAt(span)),
  );
  return [...own.sort(byBenefit), ...related.sort(byBenefit)];
}

function byBenefit(a: Problem, b: Problem): number {
  return (
    Number(b.severity === 'error') - Number(a.severity === 'error') ||
    savedBytes(b) - savedBytes(a) ||
    severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity)
  );
}

/** The fixes of a problem in order of preference. */
export function fixActions(problem: Problem): Action[] {
  return problem.fixes.map((fix, i) => ({
    title: `${plainWords(fix.title)}${fix.applicability === 'safe' ? '' : ' (review)'}`,
    problem,
    fix,
    isPreferred: i === 0 && fix.applicability === 'safe',
  }));
}

/** Ways to silence a problem by a comment. A comment changes no build, so there is nothing to look at first. */
export function silencingActions(syntax: DockerfileSyntax, problem: Problem): Action[] {
  const here = ignoreEdit(syntax, problem);
  const { rule } = problem;
  const choices = [
    ...(here === undefined ? [] : [{ title: `Ignore ${rule} for this instruction`, edit: here }]),
    { title: `Ignore ${rule} in this file`, edit: ignoreInFileEdit(syntax, rule) },
  ];
  return choices.map(({ title, edit }) => ({
    title,
    problem,
    fix: { title, applicability: 'safe', edits: [edit] },
    isPreferred: false,
  }));
}

/** Words for a place in which backticks would be shown as they are. */
export function plainWords(text: string): string {
  return text.replaceAll('`', '');
}
