import { packageName, packagesOf, takenAway } from '../../distros/build-packages.ts';
import type { Ecosystem } from '../../ecosystems/ecosystem.ts';
import { builderOf, ecosystems, readInstall } from '../../ecosystems/index.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { findStage } from '../../model/copy.ts';
import type { Dockerfile, Stage } from '../../model/dockerfile.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { findFlag } from '../../syntax/tree.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { AnalysisContext } from '../context.ts';
import { baseTraits } from '../stage.ts';

/** True for a stage that builds what it ships, and takes nothing from another one. */
export function isSingleStage(context: AnalysisContext, stage: Stage): boolean {
  return !takesFromOtherStage(context.dockerfile, stage) && findBuilds(context, stage).length > 0;
}

/** A command of a stage that builds, and what it builds with. */
export interface Build {
  readonly ecosystem: Ecosystem;
  readonly at: CommandStep;
}

/** True where a stage copies from another one of the file. */
export function takesFromOtherStage(dockerfile: Dockerfile, stage: Stage): boolean {
  return (
    dockerfile.stages.length > 1 &&
    stage.steps.some((step) => {
      const from = ['COPY', 'ADD'].includes(step.instruction.keyword)
        ? findFlag(step.instruction, 'from')
        : undefined;
      return from?.value !== undefined && findStage(from.value, dockerfile) !== undefined;
    })
  );
}

/**
 * The build commands of a stage, in order; for interpreted languages the installs, where the image has what only they need
 * or another ecosystem builds a part of the project.
 */
export function findBuilds(context: AnalysisContext, stage: Stage): Build[] {
  const builds: Build[] = [];
  const compiling: Build[] = [];
  for (const at of commandSteps(stage)) {
    if (!at.command.isUnconditional) {
      continue;
    }
    const ecosystem = builderOf(context.project, at.command);
    if (ecosystem !== undefined) {
      builds.push({ ecosystem, at });
      continue;
    }
    const compiler = dependencyCompilerOf(at.command);
    if (compiler !== undefined) {
      compiling.push({ ecosystem: compiler, at });
    }
  }
  const installing = compiling.find(({ at }) => readInstall(at.command) !== undefined)?.ecosystem;
  if (installing === undefined) {
    return builds;
  }
  if (builds.length === 0) {
    return carriesTools(context, stage, installing) ? compiling : [];
  }
  const isHelped = builds.every(
    ({ ecosystem }) => ecosystem === installing || installing.helpers?.includes(ecosystem.id) === true,
  );
  const position = ({ at }: Build): number => at.script.sourceSpan(at.command.span).start;
  return isHelped ? [...builds, ...compiling].sort((a, b) => position(a) - position(b)) : builds;
}

/** The ecosystem of a command on a project whose dependencies are compiled as they are installed. */
const dependencyCompilerOf = memoizeFor((command: ShellCommand): Ecosystem | undefined =>
  ecosystems.find((one) => one.compilesDependencies === true && one.isProjectCommand(command)),
);

/** True when the stage starts from the full variant of its image, or installs what only serves to build. */
function carriesTools(context: AnalysisContext, stage: Stage, ecosystem: Ecosystem): boolean {
  const traits = baseTraits(stage, context.images);
  return (
    traits?.variant === 'full' ||
    commandSteps(stage).some(
      ({ command, script }) =>
        ['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum'].includes(command.name ?? '') &&
        packagesOf(command).some(
          ({ word }) =>
            takenAway(script.commands)?.has(packageName(word)) === false &&
            (/^(?:build-essential|build-base|gcc|g\+\+|musl-dev|.*-dev)$/.test(word.text) ||
              ecosystem.isBuildPackage?.(word.text, context.project, '') === true),
        ),
    )
  );
}
