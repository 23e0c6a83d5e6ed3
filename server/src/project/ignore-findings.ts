import type { Span } from '../text/span.ts';
import { clutterOf } from './clutter.ts';
import { formatTotals, type PatternUsage } from './context.ts';
import type { Dockerignore, IgnorePattern } from './dockerignore.ts';
import type { PatternProblem } from './ignore-pattern.ts';
import { nameOf } from './paths.ts';

/** What there is to say about a line of a .dockerignore file. */
export interface IgnoreFinding {
  /** `invalid`: no build can be run. `undone`, `redundant`: the line does nothing. `unused`: it does nothing at present. */
  readonly kind: 'invalid' | 'undone' | 'redundant' | 'unused';
  readonly span: Span;
  readonly message: string;
  /** The line that makes this one do nothing. */
  readonly related?: { readonly span: Span; readonly message: string };
}

const problems: Readonly<Record<PatternProblem, string>> = {
  'nothing-after-exclamation-mark': 'Nothing follows the `!`: Docker refuses the file and does not build.',
  malformed: 'The pattern is malformed: Docker refuses it and does not build.',
  'too-long': 'The pattern is longer than 1,024 characters; Ballast does not read it.',
};

/**
 * Says which patterns are malformed and which do nothing. `usages` are the counts of `measurePatterns` for the same
 * text; without them, or where they are not complete, nothing is said about what a pattern matches.
 */
export function findIgnoreProblems(
  file: Dockerignore,
  usages: readonly PatternUsage[] | undefined,
): IgnoreFinding[] {
  const findings: IgnoreFinding[] = [];
  file.patterns.forEach((pattern, i) => {
    const usage = usages?.[i];
    if (pattern.problem !== undefined) {
      findings.push({ kind: 'invalid', span: pattern.span, message: problems[pattern.problem] });
    } else if (usage !== undefined && usage.files === 0) {
      const finding = findIdle(file, pattern, usage);
      if (finding !== undefined) {
        findings.push(finding);
      }
    }
  });
  return findings;
}

function findIdle(
  file: Dockerignore,
  pattern: IgnorePattern,
  usage: PatternUsage,
): IgnoreFinding | undefined {
  const { span } = pattern;
  if (!usage.matches) {
    return isExpected(pattern)
      ? undefined
      : { kind: 'unused', span, message: 'Nothing in the build context matches this pattern at present.' };
  }
  if (usage.overruledBy === 'several') {
    return { kind: 'redundant', span, message: 'Other lines decide about all that this one matches.' };
  }
  const winner = usage.overruledBy === undefined ? undefined : file.patterns[usage.overruledBy];
  if (winner === undefined) {
    return pattern.isNegated
      ? { kind: 'redundant', span, message: 'No line above excludes what this one takes in again.' }
      : undefined;
  }
  const related = { span: winner.span, message: 'this line has the last word' };
  if (winner.isNegated === pattern.isNegated) {
    const message = `Line ${winner.line + 1} already ${pattern.isNegated ? 'takes in' : 'excludes'} all that this one matches.`;
    return { kind: 'redundant', span, message, related };
  }
  const message = winner.isNegated
    ? `Line ${winner.line + 1} takes in again all that this one excludes.`
    : `Line ${winner.line + 1} excludes again all that this one takes in.`;
  return { kind: 'undone', span, message, related };
}

/** True for what is excluded before it comes to lie there: packages, caches, local settings. */
function isExpected({ pattern }: IgnorePattern): boolean {
  const name = nameOf(pattern.replace(/\/\*{1,2}$/, '')).replace(/(?<=\w)\*$/, '');
  return [true, false].some((isFolder) => clutterOf(name, name, isFolder) !== undefined);
}

/** What a pattern does, for a hover: `Excludes 51 MB in 170,000 files.` */
export function describeUsage(pattern: IgnorePattern, usage: PatternUsage, isComplete: boolean): string {
  const verb = pattern.isNegated ? 'Takes in again' : 'Excludes';
  return usage.files === 0
    ? `${verb} nothing${isComplete ? ' at present' : ' of what was looked at'}.`
    : `${verb} ${formatTotals(usage, isComplete)}.`;
}
