import type { FileChange, Fix } from '../fixes/fix.ts';
import type { AnalysisInput } from './analyze.ts';

/** A fix that was applied, with the rule it belongs to. */
export interface AppliedFix {
  readonly rule: string;
  readonly fix: Fix;
}

export interface FixAllResult {
  readonly text: string;
  readonly files: readonly FileChange[];
  readonly applied: readonly AppliedFix[];
}

/** Applies every fix that is at least as trustworthy as `level`, again and again until nothing changes. */
export function fixAll(input: AnalysisInput, _level: 'safe' | 'review'): FixAllResult {
  return { text: input.text, files: [], applied: [] };
}
