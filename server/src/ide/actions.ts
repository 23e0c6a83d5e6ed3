import type { Report } from '../engine/report.ts';
import { ignoreEdit } from '../engine/suppress.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Problem, Severity } from '../rules/rule.ts';
import type { DockerfileSyntax } from '../syntax/tree.ts';
import { overlaps, type Span, touches } from '../text/span.ts';

/** One entry of the quick-fix menu. */
export interface Action {
  readonly problem: Problem;
  readonly fix: Fix;
  /** True for what an "auto fix" command may take: only the first fix of a problem, and only when it is safe. */
  readonly isPreferred: boolean;
}

const severityOrder: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/**
 * What can be done about the problems at a place, the gravest problem first: their fixes in order of preference, then,
 * last of all, ways to silence them.
 */
export function actionsAt(syntax: DockerfileSyntax, report: Report, place: Span): readonly Action[] {
  const problems = report.problems
    .filter(({ span }) => overlaps(span, place) || touches(span, place.start))
    .sort((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity));
  return [...problems.flatMap(fixesOf), ...problems.flatMap((problem) => silence(syntax, problem))];
}

function fixesOf(problem: Problem): Action[] {
  return problem.fixes.map((fix, i) => ({
    problem,
    fix,
    isPreferred: i === 0 && fix.applicability === 'safe',
  }));
}

function silence(syntax: DockerfileSyntax, problem: Problem): Action[] {
  const edit = ignoreEdit(syntax, problem);
  if (edit === undefined) {
    return [];
  }
  const title = `Ignore ${problem.rule} for this instruction`;
  // A comment changes no build, so there is nothing to look at first.
  return [{ problem, fix: { title, applicability: 'safe', edits: [edit] }, isPreferred: false }];
}
