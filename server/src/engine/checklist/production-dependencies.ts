import type { InstallCommand } from '../../ecosystems/ecosystem.ts';
import { readInstall } from '../../ecosystems/index.ts';
import type { AnalysisContext } from '../../facts/context.ts';
import { buildFolderOf } from '../../facts/installs/install-order.ts';
import { installsPackages } from '../../facts/installs/installs.ts';
import { baseTraits } from '../../facts/stage.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { type Copy, readCopy } from '../../model/copy.ts';
import { lineage, rootBase, type Stage } from '../../model/dockerfile.ts';
import { joinPath } from '../../project/paths.ts';
import { placeOf, unclearCommand, words } from './build-items.ts';
import { done, notApplicable, open, unknown, type Verdict } from './verdict.ts';

interface Install {
  readonly at: CommandStep;
  /** Undefined for packages that are named on the command line. */
  readonly install: InstallCommand | undefined;
  readonly stage: Stage;
}

/** Done where what ships is known to hold no dependencies that serve development alone. */
export function productionDependencies(stage: Stage, context: AnalysisContext): Verdict {
  const own = lineage(stage).flatMap(installsOf);
  const taken = own.length > 0 ? undefined : takenInstalls(stage, context);
  const installs = taken === undefined ? own : taken.installs;
  const [first] = installs;
  if (first === undefined) {
    return withoutInstall(stage, context, taken?.copy);
  }
  // What a later layer removes, the layer of the install keeps; of another stage only what is left is copied.
  const prune = installs
    .flatMap(({ stage: one, at }) =>
      commandSteps(one).filter((other) => own.length === 0 || other.step === at.step),
    )
    .find((at) => /\bprune\b|--omit[= ]dev|--production\b(?!=false)|--prod\b(?!=false)/.test(words(at)));
  if (prune !== undefined) {
    return done(`${words(prune)} leaves development dependencies out.`, placeOf(prune));
  }
  const mixed = installs.find((one) => one.install?.omitsDev === false && mayBringDevelopment(one, context));
  if (mixed !== undefined) {
    return knowsManifest(mixed, context)
      ? open(`${words(mixed.at)} installs development dependencies into what ships.`, placeOf(mixed.at))
      : unknown(
          `Whether ${words(mixed.at)} brings development dependencies is not known.`,
          placeOf(mixed.at),
        );
  }
  const named = installs.find(({ install }) => install === undefined);
  return named === undefined
    ? done(`${words(first.at)} installs no development dependencies.`, placeOf(first.at))
    : done(`${words(named.at)} installs the packages that it names.`, placeOf(named.at));
}

function installsOf(stage: Stage): Install[] {
  return commandSteps(stage).flatMap((at) =>
    installsPackages(at.command) ? [{ at, install: readInstall(at.command), stage }] : [],
  );
}

/** The installs of the stages that the final one copies from, where it takes the folder that they fill. */
function takenInstalls(
  stage: Stage,
  { dockerfile }: AnalysisContext,
): { readonly copy: Copy | undefined; readonly installs: readonly Install[] } {
  const copies = lineage(stage)
    .flatMap((one) => one.steps)
    .flatMap((step) => readCopy(step, dockerfile) ?? [])
    .filter((copy) => typeof copy.from === 'object');
  const holding = copies.filter((copy) =>
    copy.sources.some((source) =>
      /(?:^|\/)(?:node_modules|vendor|\.?venv|site-packages)(?:\/|$)/.test(source.value),
    ),
  );
  const installs = holding.flatMap(({ from }) =>
    typeof from === 'object' ? lineage(from).flatMap(installsOf) : [],
  );
  return { copy: copies[0], installs };
}

function withoutInstall(stage: Stage, context: AnalysisContext, copy: Copy | undefined): Verdict {
  if (baseTraits(stage, context.images) === undefined && rootBase(stage).kind !== 'scratch') {
    return unknown('What the base image holds is not known.', stage.imageSpan);
  }
  const hidden = lineage(stage)
    .flatMap((one) => one.steps)
    .find((step) => step.instruction.keyword === 'RUN' && step.script?.isUnderstood !== true);
  if (hidden !== undefined) {
    return unknown(
      'Whether this command installs dependencies is not known.',
      hidden.instruction.keywordSpan,
    );
  }
  const unclear = unclearCommand(lineage(stage), context);
  if (unclear !== undefined) {
    return unknown(`Whether ${words(unclear)} installs dependencies is not known.`, placeOf(unclear));
  }
  return copy === undefined
    ? notApplicable('No command of the stage that ships installs dependencies.', stage.from.keywordSpan)
    : done(
        'The stage that ships takes what another one built, and installs nothing.',
        copy.step.instruction.keywordSpan,
      );
}

/** False where the manifest, or the environment of an install, says that it brings nothing for development alone. */
function mayBringDevelopment(one: Install, context: AnalysisContext): boolean {
  const { at, install, stage } = one;
  const folder = folderOf(one, context);
  return (
    install !== undefined &&
    (folder === undefined ||
      !knowsManifest(one, context) ||
      install.ecosystem.development?.(at, install, context.project, folder, stage.end.environment) !==
        undefined)
  );
}

/** True where a manifest of the install is there to read. */
function knowsManifest(one: Install, context: AnalysisContext): boolean {
  const { project } = context;
  const folder = folderOf(one, context);
  return (
    one.install?.ecosystem.development !== undefined &&
    folder !== undefined &&
    project.isKnown &&
    one.install.ecosystem
      .manifests(one.install, project, folder)
      .files.some((file) => project.reader.read(joinPath(folder, file)) !== undefined)
  );
}

function folderOf({ at, stage }: Install, { dockerfile }: AnalysisContext): string | undefined {
  return at.directory === undefined ? undefined : buildFolderOf(dockerfile, stage, at.directory);
}
