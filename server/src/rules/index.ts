import { healthcheckMissing } from './healthcheck-missing.ts';
import { packageCacheLeftInLayer } from './package-cache-left-in-layer.ts';
import type { Rule } from './rule.ts';
import { runsAsRoot } from './runs-as-root.ts';
import { singleStageBuild } from './single-stage-build.ts';
import { sourcesCopiedBeforeInstall } from './sources-copied-before-install.ts';

/** Every rule, in the order of the alphabet. */
export const rules: readonly Rule[] = [
  healthcheckMissing,
  packageCacheLeftInLayer,
  runsAsRoot,
  singleStageBuild,
  sourcesCopiedBeforeInstall,
];

const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
