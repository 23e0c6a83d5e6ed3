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
  /** Where in the text after all fixes the first of them begins; undefined where they change other files alone. */
  readonly at: number | undefined;
  /** Paths in the build context of other files that they change. */
  readonly files: readonly string[];
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
  const rules = [...new Set(applied.map(({ problem }) => problem.rule))];
  return {
    items: rules.map((rule) => {
      const own = applied.filter(({ problem }) => problem.rule === rule);
      return {
        rule,
        titles: [...new Set(own.map(({ fix }) => fix.title))],
        reason: own[0]?.problem.message ?? '',
        assumptions: [...new Set(own.flatMap(({ fix }) => fix.assumptions ?? []))],
        at: own.find(({ at }) => at !== undefined)?.at,
        files: [...new Set(own.flatMap(({ fix }) => (fix.files ?? []).map(({ path }) => path)))],
      };
    }),
    left: left.filter(
      ({ severity, fixes }) =>
        (severity === 'warning' || severity === 'error') &&
        (fixes[0] === undefined || fixes[0].applicability === 'manual'),
    ),
  };
}
