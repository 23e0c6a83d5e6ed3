import { baseImageEndOfLife } from './base-image-end-of-life.ts';
import { baseImageNotPinned } from './base-image-not-pinned.ts';
import { copiedPathIgnored } from './copied-path-ignored.ts';
import { copiedPathMissing } from './copied-path-missing.ts';
import { dockerignoreIncomplete } from './dockerignore-incomplete.ts';
import { dockerignoreMissing } from './dockerignore-missing.ts';
import { healthcheckMissing } from './healthcheck-missing.ts';
import { heavierBaseThanNeeded } from './heavier-base-than-needed.ts';
import { muslIncompatibleDependency } from './musl-incompatible-dependency.ts';
import { packageCacheLeftInLayer } from './package-cache-left-in-layer.ts';
import type { Rule } from './rule.ts';
import { runsAsRoot } from './runs-as-root.ts';
import { secretFileInImage } from './secret-file-in-image.ts';
import { shellNeededButAbsent } from './shell-needed-but-absent.ts';
import { singleStageBuild } from './single-stage-build.ts';
import { sourcesCopiedBeforeInstall } from './sources-copied-before-install.ts';

/** Every rule, in the order of the alphabet. */
export const rules: readonly Rule[] = [
  baseImageEndOfLife,
  baseImageNotPinned,
  copiedPathIgnored,
  copiedPathMissing,
  dockerignoreIncomplete,
  dockerignoreMissing,
  healthcheckMissing,
  heavierBaseThanNeeded,
  muslIncompatibleDependency,
  packageCacheLeftInLayer,
  runsAsRoot,
  secretFileInImage,
  shellNeededButAbsent,
  singleStageBuild,
  sourcesCopiedBeforeInstall,
];

const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
