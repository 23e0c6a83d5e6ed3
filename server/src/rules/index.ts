import { addWhereCopyDoes } from './add-where-copy-does.ts';
import { aptInScript } from './apt-in-script.ts';
import { archiveLeftInLayer } from './archive-left-in-layer.ts';
import { argumentNotInScope } from './argument-not-in-scope.ts';
import { asKeywordCasingDiffers } from './as-keyword-casing-differs.ts';
import { automaticArgumentDefault } from './automatic-argument-default.ts';
import { baseImageEndOfLife } from './base-image-end-of-life.ts';
import { baseImageNotPinned } from './base-image-not-pinned.ts';
import { baseImageOfOtherPlatform } from './base-image-of-other-platform.ts';
import { blankLineInContinuation } from './blank-line-in-continuation.ts';
import { buildToolsInFinalStage } from './build-tools-in-final-stage.ts';
import { builtForOtherInterpreter } from './built-for-other-interpreter.ts';
import { builtForOtherLibc } from './built-for-other-libc.ts';
import { bundlerGroupsInstalled } from './bundler-groups-installed.ts';
import { cacheMountOfOtherUser } from './cache-mount-of-other-user.ts';
import { cdAsWholeRun } from './cd-as-whole-run.ts';
import { changingValueBeforeInstall } from './changing-value-before-install.ts';
import { commandLeftInBackground } from './command-left-in-background.ts';
import { constantPlatformInFrom } from './constant-platform-in-from.ts';
import { copiedPathIgnored } from './copied-path-ignored.ts';
import { copiedPathMissing } from './copied-path-missing.ts';
import { copyToRelativePath } from './copy-to-relative-path.ts';
import { cudaWithoutGpu } from './cuda-without-gpu.ts';
import { curlAndWget } from './curl-and-wget.ts';
import { deletedInLaterLayer } from './deleted-in-later-layer.ts';
import { descriptionWithoutName } from './description-without-name.ts';
import { devDependenciesInFinalStage } from './dev-dependencies-in-final-stage.ts';
import { developmentImageShipped } from './development-image-shipped.ts';
import { developmentServerStarted } from './development-server-started.ts';
import { dockerignoreIncomplete } from './dockerignore-incomplete.ts';
import { dockerignoreMissing } from './dockerignore-missing.ts';
import { downloadPipedToShell } from './download-piped-to-shell.ts';
import { duplicateStageName } from './duplicate-stage-name.ts';
import { dynamicBinaryInScratch } from './dynamic-binary-in-scratch.ts';
import { entrypointRepeatedInCommand } from './entrypoint-repeated-in-command.ts';
import { fromNeedsBuildArgument } from './from-needs-build-argument.ts';
import { gitHistoryLeftInLayer } from './git-history-left-in-layer.ts';
import { goInstallWithoutVersion } from './go-install-without-version.ts';
import { healthcheckMissing } from './healthcheck-missing.ts';
import { heavierBaseThanNeeded } from './heavier-base-than-needed.ts';
import { hostPortInExpose } from './host-port-in-expose.ts';
import { installAsksForConfirmation } from './install-asks-for-confirmation.ts';
import { installIgnoresLockFile } from './install-ignores-lock-file.ts';
import { installWithoutCacheMount } from './install-without-cache-mount.ts';
import { invalidLabelKey } from './invalid-label-key.ts';
import { labelBreaksSchema } from './label-breaks-schema.ts';
import { legacyKeyValueFormat } from './legacy-key-value-format.ts';
import { maintainerInstruction } from './maintainer-instruction.ts';
import { mixedInstructionCasing } from './mixed-instruction-casing.ts';
import { muslIncompatibleDependency } from './musl-incompatible-dependency.ts';
import { overriddenInstruction } from './overridden-instruction.ts';
import { packageCacheLeftInLayer } from './package-cache-left-in-layer.ts';
import { packageManagerInFinalStage } from './package-manager-in-final-stage.ts';
import { packageVersionNotPinned } from './package-version-not-pinned.ts';
import { pipeWithoutPipefail } from './pipe-without-pipefail.ts';
import { probeNeedsHeavierBase } from './probe-needs-heavier-base.ts';
import { probeNeverPasses } from './probe-never-passes.ts';
import { probeProgramAbsent } from './probe-program-absent.ts';
import { recommendedPackagesInstalled } from './recommended-packages-installed.ts';
import { recursiveChownLayer } from './recursive-chown-layer.ts';
import { redundantTargetPlatform } from './redundant-target-platform.ts';
import { relativeWorkdir } from './relative-workdir.ts';
import { reservedStageName } from './reserved-stage-name.ts';
import type { Rule } from './rule.ts';
import { runsAsRoot } from './runs-as-root.ts';
import { secretFileInImage } from './secret-file-in-image.ts';
import { secretInArgOrEnv } from './secret-in-arg-or-env.ts';
import { sharedLibraryMissing } from './shared-library-missing.ts';
import { shellFormStartCommand } from './shell-form-start-command.ts';
import { shellNeededButAbsent } from './shell-needed-but-absent.ts';
import { singleStageBuild } from './single-stage-build.ts';
import { sourcesCopiedBeforeInstall } from './sources-copied-before-install.ts';
import { sourcesCopiedTwice } from './sources-copied-twice.ts';
import { stageNameNotLowercase } from './stage-name-not-lowercase.ts';
import { startScriptInterpreterAbsent } from './start-script-interpreter-absent.ts';
import { startScriptNotExecutable } from './start-script-not-executable.ts';
import { startScriptNotOnPath } from './start-script-not-on-path.ts';
import { startScriptWithWindowsLineBreaks } from './start-script-with-windows-line-breaks.ts';
import { sudoInRun } from './sudo-in-run.ts';
import { undeclaredArgInFrom } from './undeclared-arg-in-from.ts';
import { undefinedVariable } from './undefined-variable.ts';
import { unstrippedBinary } from './unstripped-binary.ts';
import { untrustedRegistry } from './untrusted-registry.ts';
import { updateWithoutInstall } from './update-without-install.ts';
import { uppercaseProtocolInExpose } from './uppercase-protocol-in-expose.ts';
import { userByName } from './user-by-name.ts';
import { userCannotWrite } from './user-cannot-write.ts';
import { useraddFillsLogFiles } from './useradd-fills-log-files.ts';
import { wholeContextInFinalStage } from './whole-context-in-final-stage.ts';

/** Every rule, in the order of the alphabet. */
export const rules: readonly Rule[] = [
  addWhereCopyDoes,
  aptInScript,
  archiveLeftInLayer,
  argumentNotInScope,
  asKeywordCasingDiffers,
  automaticArgumentDefault,
  baseImageEndOfLife,
  baseImageNotPinned,
  baseImageOfOtherPlatform,
  blankLineInContinuation,
  buildToolsInFinalStage,
  builtForOtherInterpreter,
  builtForOtherLibc,
  bundlerGroupsInstalled,
  cacheMountOfOtherUser,
  cdAsWholeRun,
  changingValueBeforeInstall,
  commandLeftInBackground,
  constantPlatformInFrom,
  copiedPathIgnored,
  copiedPathMissing,
  copyToRelativePath,
  cudaWithoutGpu,
  curlAndWget,
  deletedInLaterLayer,
  descriptionWithoutName,
  devDependenciesInFinalStage,
  developmentImageShipped,
  developmentServerStarted,
  dockerignoreIncomplete,
  dockerignoreMissing,
  downloadPipedToShell,
  duplicateStageName,
  dynamicBinaryInScratch,
  entrypointRepeatedInCommand,
  fromNeedsBuildArgument,
  gitHistoryLeftInLayer,
  goInstallWithoutVersion,
  healthcheckMissing,
  heavierBaseThanNeeded,
  hostPortInExpose,
  installAsksForConfirmation,
  installIgnoresLockFile,
  installWithoutCacheMount,
  invalidLabelKey,
  labelBreaksSchema,
  legacyKeyValueFormat,
  maintainerInstruction,
  mixedInstructionCasing,
  muslIncompatibleDependency,
  overriddenInstruction,
  packageCacheLeftInLayer,
  packageManagerInFinalStage,
  packageVersionNotPinned,
  pipeWithoutPipefail,
  probeNeedsHeavierBase,
  probeNeverPasses,
  probeProgramAbsent,
  recommendedPackagesInstalled,
  recursiveChownLayer,
  redundantTargetPlatform,
  relativeWorkdir,
  reservedStageName,
  runsAsRoot,
  secretFileInImage,
  secretInArgOrEnv,
  sharedLibraryMissing,
  shellFormStartCommand,
  shellNeededButAbsent,
  singleStageBuild,
  sourcesCopiedBeforeInstall,
  sourcesCopiedTwice,
  stageNameNotLowercase,
  startScriptInterpreterAbsent,
  startScriptNotExecutable,
  startScriptNotOnPath,
  startScriptWithWindowsLineBreaks,
  sudoInRun,
  undeclaredArgInFrom,
  undefinedVariable,
  unstrippedBinary,
  untrustedRegistry,
  updateWithoutInstall,
  uppercaseProtocolInExpose,
  userByName,
  userCannotWrite,
  useraddFillsLogFiles,
  wholeContextInFinalStage,
];

const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
