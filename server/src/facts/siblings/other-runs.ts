import { runsProject } from '../../ecosystems/project-commands.ts';
import { familyNameOf } from '../../images/families/index.ts';
import { parseImageReference } from '../../images/reference.ts';
import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { type Dockerfile, lineage, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ImagePath } from '../../text/path-types.ts';
import type { AnalysisContext } from '../context.ts';
import { serviceCommands, workloadCommands } from '../deployment/deployment.ts';
import { contextBuilds } from './builds.ts';
import { calledBy, calledByText } from './called.ts';
import { type ProjectScripts, projectScripts } from './project-scripts.ts';

/** A command that runs in what a stage makes, beside the start of the stage that ships. */
export interface OtherRun {
  /** Name of the program without its folder, and its words. */
  readonly words: readonly string[];
  /** Who starts it, in words: `stage test`, `service worker of compose.yaml`, `Makefile`. */
  readonly by: string;
  /** True for a RUN of another stage, which may need whatever the project declares. */
  readonly isBuild: boolean;
  /** True for what only looks whether a container is well. */
  readonly isProbe: boolean;
  /** Folders of the host or of volumes that lie over those of the image. */
  readonly mounts: readonly { readonly target: string; readonly kind: 'volume' | 'bind' | 'tmpfs' }[];
}

/**
 * What else runs in a stage, or in a container of it: other stages that start from it or copy from it, services of Compose
 * files and workloads with a command of their own, and what pipelines, Makefiles and scripts start by `docker run`. Scripts
 * of the project are followed. An empty list means that none was found, not that there is none.
 */
export function otherRuns(context: AnalysisContext, stage: Stage): readonly OtherRun[] {
  return runsIn(context)(stage);
}

const runsIn = memoizeFor((context: AnalysisContext) =>
  memoizeFor((stage: Stage): readonly OtherRun[] => {
    const scripts = projectScripts(context.project);
    return [
      ...stagesOf(context, stage, scripts),
      ...containersOf(context, stage).flatMap(({ command, by, mounts, isProbe }) =>
        calledByText(command, scripts, context.shell).commands.map(({ words }) => ({
          words,
          by,
          isBuild: false,
          isProbe,
          mounts,
        })),
      ),
    ];
  }),
);

/** What stages that do not ship run in what this one makes. */
function stagesOf(
  { dockerfile, shell }: AnalysisContext,
  stage: Stage,
  scripts: ProjectScripts,
): readonly OtherRun[] {
  const shipped = dockerfile.final === undefined ? [] : lineage(dockerfile.final);
  return dockerfile.stages
    .filter((one) => one !== stage && !shipped.includes(one) && takesFrom(dockerfile, one, stage))
    .flatMap((one): OtherRun[] => {
      const by = `stage ${one.name ?? one.index}`;
      const own = commandSteps(one)
        .filter(runsProject)
        .map(({ command }) => ({
          words: [command.name ?? '', ...command.args.map((word) => word.value ?? word.text)],
          by,
          isBuild: true,
          isProbe: false,
          mounts: [],
        }));
      const isStarted = startCommand(one).words.length > 0;
      const called = isStarted
        ? calledBy({ ...dockerfile, stages: [{ ...one, steps: startSteps(one) }] }, scripts, shell).commands
        : [];
      return [
        ...own,
        ...called.map(({ words }) => ({ words, by, isBuild: false, isProbe: false, mounts: [] })),
      ];
    });
}

function startSteps(stage: Stage): Stage['steps'] {
  return stage.steps.filter(({ instruction }) => ['CMD', 'ENTRYPOINT'].includes(instruction.keyword));
}

/** True for a stage that starts from another one, or copies its installed files, also through stages between. */
function takesFrom(dockerfile: Dockerfile, one: Stage, stage: Stage): boolean {
  return lineage(one).some(
    (below) =>
      below === stage ||
      below.steps.some((step) => {
        const from = readCopy(step, dockerfile)?.from;
        return typeof from === 'object' && lineage(from).includes(stage);
      }),
  );
}

interface ContainerCommand {
  readonly command: string;
  readonly by: string;
  readonly isProbe: boolean;
  readonly mounts: OtherRun['mounts'];
}

/** The commands that are started in containers of a stage. */
function containersOf(context: AnalysisContext, stage: Stage): readonly ContainerCommand[] {
  const { dockerfile, project } = context;
  const { final } = dockerfile;
  const isIn = (target: string | undefined): boolean => {
    const meant =
      target === undefined
        ? final
        : dockerfile.stages.find(({ name }) => name?.toLowerCase() === target.toLowerCase());
    return meant !== undefined && lineage(meant).includes(stage);
  };
  const builds = contextBuilds(context);
  const runs = builds.state === 'known' ? builds.value.runs : [];
  return [
    ...[...serviceCommands(project), ...workloadCommands(project)].filter(({ target }) => isIn(target)),
    ...runs
      .filter(({ image, command }) => command !== '' && !isPublic(image) && isIn(undefined))
      .map(({ file, command }) => ({ command, by: file, isProbe: false, mounts: [] })),
  ];
}

/** True for an image that other people publish: what runs in it is none of this build. */
function isPublic(image: string | undefined): boolean {
  const reference = image === undefined ? undefined : parseImageReference(image);
  return reference !== undefined && familyNameOf(reference) !== undefined;
}

/** True where a folder of the host lies over the project of an image, and no volume keeps the packages of the image. */
export function liesOnHost(mounts: OtherRun['mounts'], workdir: ImagePath): boolean {
  return (
    mounts.some(({ target, kind }) => kind === 'bind' && `${workdir}/`.startsWith(`${target}/`)) &&
    !mounts.some(({ target, kind }) => kind === 'volume' && /\/(?:node_modules|\.venv|vendor)$/.test(target))
  );
}
