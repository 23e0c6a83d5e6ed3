import type { Problem, RuleContext } from '../rules/rule.ts';
import type { ChecklistItem } from './report.ts';

/** One item: the rules that keep it open, and what to say when none of them does. */
interface ItemDefinition {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  /** Evidence for "done", or the reason why the item does not apply or is not known. */
  readonly otherwise: (context: RuleContext) => Pick<ChecklistItem, 'state' | 'evidence'>;
}

const items: readonly ItemDefinition[] = [];

/** The eight items of the checklist for a file, from the problems that were found in it (silenced ones included). */
export function checklistOf(context: RuleContext, problems: readonly Problem[]): ChecklistItem[] {
  return items.map((item) => {
    const open = problems.find((problem) => item.rules.includes(problem.rule));
    if (open !== undefined) {
      return {
        id: item.id,
        title: item.title,
        rules: item.rules,
        state: 'open',
        evidence: open.message,
        span: open.span,
      };
    }
    return { id: item.id, title: item.title, rules: item.rules, ...item.otherwise(context) };
  });
}
