import type { AnalysisContext } from '../facts/context.ts';
import type { Stage } from '../model/dockerfile.ts';
import type { Problem } from '../rules/rule.ts';
import { cacheMounts, dependenciesFirst, multiStage } from './checklist/build-items.ts';
import { dockerignore, healthCheck, nonRoot, smallBase } from './checklist/image-items.ts';
import { productionDependencies } from './checklist/production-dependencies.ts';
import { notApplicable, type Verdict } from './checklist/verdict.ts';
import type { ChecklistItem } from './report.ts';

/** One item: the rules that keep it open, and the verdict where none of them does. */
interface ItemDefinition {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  /** A rule whose fix closes the item as well, for where its own rules offer none. */
  readonly closedBy?: string;
  readonly otherwise: (stage: Stage, context: AnalysisContext) => Verdict;
}

const items: readonly ItemDefinition[] = [
  { id: 'multi-stage', title: 'Multi-stage build', rules: ['single-stage-build'], otherwise: multiStage },
  {
    id: 'small-base',
    title: 'Small base image',
    rules: ['heavier-base-than-needed'],
    closedBy: 'single-stage-build',
    otherwise: smallBase,
  },
  {
    id: 'dependencies-first',
    title: 'Dependencies before sources',
    rules: ['sources-copied-before-install'],
    otherwise: dependenciesFirst,
  },
  {
    id: 'dockerignore',
    title: '.dockerignore',
    rules: ['dockerignore-missing', 'dockerignore-incomplete', 'secret-file-in-image'],
    otherwise: dockerignore,
  },
  { id: 'non-root', title: 'Non-root user', rules: ['runs-as-root'], otherwise: nonRoot },
  { id: 'health-check', title: 'Health check', rules: ['healthcheck-missing'], otherwise: healthCheck },
  {
    id: 'production-dependencies',
    title: 'Production dependencies only',
    rules: ['dev-dependencies-in-final-stage', 'bundler-groups-installed'],
    closedBy: 'single-stage-build',
    otherwise: productionDependencies,
  },
  {
    id: 'cache-mounts',
    title: 'Cache mounts',
    rules: ['install-without-cache-mount'],
    otherwise: cacheMounts,
  },
];

/**
 * The eight items of the checklist for a file, from the problems that were found in it; silenced ones count as well,
 * because they are true. An item that no rule looks at any more does not count. Empty for a file without a stage.
 */
export function checklistOf(
  context: AnalysisContext,
  problems: readonly Problem[],
  isOff: (rule: string) => boolean,
  silenced: readonly Problem[] = [],
): ChecklistItem[] {
  const stage = context.dockerfile.final;
  if (stage === undefined) {
    return [];
  }
  return items.map(({ id, title, rules, closedBy, otherwise }) => {
    const open = problems.find((problem) => rules.includes(problem.rule));
    const verdict: Verdict = rules.every(isOff)
      ? notApplicable('Its rules are switched off.')
      : open === undefined
        ? otherwise(stage, context)
        : { state: 'open', evidence: open.message, span: open.span };
    const other = problems.find((problem) => problem.rule === closedBy);
    const fix = verdict.state === 'open' ? (open?.fixes[0] ?? other?.fixes[0]) : undefined;
    const isIgnored = open !== undefined && verdict.state === 'open' && silenced.includes(open);
    return {
      id,
      title,
      rules,
      ...verdict,
      ...(isIgnored ? { isIgnored } : {}),
      ...(fix === undefined ? {} : { fix }),
    };
  });
}
