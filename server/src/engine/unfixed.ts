import { ruleById } from '../rules/index.ts';
import type { Problem, Unfixed } from '../rules/rule.ts';

/** Why what is found by no rule has no fix. */
const others: ReadonlyMap<string, string> = new Map([
  ['syntax', 'Which text is meant is known to its author alone.'],
  ['shellcheck', 'ShellCheck offers no change for it, or one that does not fit the file as it stands.'],
  ['over-budget', 'What makes the image smaller is said by the other findings.'],
]);

/**
 * Why a problem has no fix, by the rule that found it, or by what holds for that rule in general. Undefined where there is
 * a fix. The fixes are worked out for it.
 */
export function unfixedOf(problem: Problem): Unfixed | undefined {
  if (problem.fixes.length > 0) {
    return undefined;
  }
  const { rule, unfixed } = problem;
  const reason = ruleById(rule)?.meta.unfixed ?? others.get(rule);
  return unfixed ?? (reason === undefined ? undefined : { code: rule, reason });
}
