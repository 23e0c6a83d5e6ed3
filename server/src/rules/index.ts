import { addWhereCopyDoes } from './add-where-copy-does.ts';
import { baseImageEndOfLife } from './base-image-end-of-life.ts';
import { baseImageNotPinned } from './base-image-not-pinned.ts';
import { changingValueBeforeInstall } from './changing-value-before-install.ts';
import { copiedPathIgnored } from './copied-path-ignored.ts';
import { copiedPathMissing } from './copied-path-missing.ts';
import { deletedInLaterLayer } from './deleted-in-later-layer.ts';
import { devDependenciesInFinalStage } from './dev-dependencies-in-final-stage.ts';
import { dockerignoreIncomplete } from './dockerignore-incomplete.ts';
import { dockerignoreMissing } from './dockerignore-missing.ts';
import { downloadPipedToShell } from './download-piped-to-shell.ts';
import { healthcheckMissing } from './healthcheck-missing.ts';
import { heavierBaseThanNeeded } from './heavier-base-than-needed.ts';
import { installIgnoresLockFile } from './install-ignores-lock-file.ts';
import { installWithoutCacheMount } from './install-without-cache-mount.ts';
import { muslIncompatibleDependency } from './musl-incompatible-dependency.ts';
import { packageCacheLeftInLayer } from './package-cache-left-in-layer.ts';
import { recommendedPackagesInstalled } from './recommended-packages-installed.ts';
import { recursiveChownLayer } from './recursive-chown-layer.ts';
import type { Rule } from './rule.ts';
import { runsAsRoot } from './runs-as-root.ts';
import { secretFileInImage } from './secret-file-in-image.ts';
import { secretInArgOrEnv } from './secret-in-arg-or-env.ts';
import { shellFormStartCommand } from './shell-form-start-command.ts';
import { shellNeededButAbsent } from './shell-needed-but-absent.ts';
import { singleStageBuild } from './single-stage-build.ts';
import { sourcesCopiedBeforeInstall } from './sources-copied-before-install.ts';
import { sudoInRun } from './sudo-in-run.ts';
import { updateWithoutInstall } from './update-without-install.ts';

/** Every rule, in the order of the alphabet. */
export const rules: readonly Rule[] = [
  addWhereCopyDoes,
  baseImageEndOfLife,
  baseImageNotPinned,
  changingValueBeforeInstall,
  copiedPathIgnored,
  copiedPathMissing,
  deletedInLaterLayer,
  devDependenciesInFinalStage,
  dockerignoreIncomplete,
  dockerignoreMissing,
  downloadPipedToShell,
  healthcheckMissing,
  heavierBaseThanNeeded,
  installIgnoresLockFile,
  installWithoutCacheMount,
  muslIncompatibleDependency,
  packageCacheLeftInLayer,
  recommendedPackagesInstalled,
  recursiveChownLayer,
  runsAsRoot,
  secretFileInImage,
  secretInArgOrEnv,
  shellFormStartCommand,
  shellNeededButAbsent,
  singleStageBuild,
  sourcesCopiedBeforeInstall,
  sudoInRun,
  updateWithoutInstall,
];

const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
