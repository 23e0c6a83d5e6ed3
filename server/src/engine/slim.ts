import { ruleById } from '../rules/index.ts';
import type { Problem } from '../rules/rule.ts';
import type { FixAllResult } from './apply.ts';

/** What was done for one rule, as somebody who decides about it reads it. */
export interface SlimItem {
  readonly rule: string;
  /** Titles of the fixes, each once, in the order in which they were made. */
  readonly titles: readonly string[];
  /** Why: what was found. */
  readonly reason: string;
  /** What the fixes took for granted, a sentence each. */
  readonly assumptions: readonly string[];
}

/** What a slimmed Dockerfile consists of, in words. */
export interface SlimSummary {
  readonly items: readonly SlimItem[];
  /** Warnings and errors that are left because there is no fix for them that could be made without asking. */
  readonly left: readonly Problem[];
}

/** True for a rule whose fixes change how a file is written and nothing of what is built. */
export function isTidying(rule: string): boolean {
  const meta = ruleById(rule)?.meta;
  return meta?.category === 'correctness' && meta.severity === 'hint';
}

/** Groups applied fixes by rule: what belongs together is decided together. */
export function summarizeFixes({ applied, left }: FixAllResult): SlimSummary {
  const items = new Map<string, { titles: Set<string>; assumptions: Set<string>; reason: string }>();
  for (const { problem, fix } of applied) {
    const item = items.get(problem.rule) ?? {
      titles: new Set(),
      assumptions: new Set(),
      reason: problem.message,
    };
    item.titles.add(fix.title);
    for (const assumption of fix.assumptions ?? []) {
      item.assumptions.add(assumption);
    }
    items.set(problem.rule, item);
  }
  return {
    items: [...items].map(([rule, { titles, assumptions, reason }]) => ({
      rule,
      titles: [...titles],
      reason,
      assumptions: [...assumptions],
    })),
    left: left.filter(
      ({ severity, fixes }) =>
        (severity === 'warning' || severity === 'error') &&
        (fixes[0] === undefined || fixes[0].applicability === 'manual'),
    ),
  };
}
