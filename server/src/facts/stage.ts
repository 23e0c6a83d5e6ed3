import type { ImageKnowledge, ImageTraits } from '../images/knowledge.ts';
import { allSteps, lastStep, rootBase, type Stage } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import type { AnalysisContext } from './context.ts';

/** What is known of the image a stage goes back to; undefined for scratch, and where the name is hidden or unknown. */
export function baseTraits(stage: Stage, images: ImageKnowledge): ImageTraits | undefined {
  const base = rootBase(stage);
  return base.kind === 'image' ? images.peek(base.reference, stage.platform).traits : undefined;
}

/** Names of the variables that the image below a stage sets; undefined where they are not known. */
export function baseEnvironment(stage: Stage, images: ImageKnowledge): readonly string[] | undefined {
  return rootBase(stage).kind === 'scratch' ? [] : baseTraits(stage, images)?.environment;
}

/** The user that the container of a stage runs as: what USER says last, else what the base image sets; undefined where unknown. */
export function effectiveUser(stage: Stage, images: ImageKnowledge): string | undefined {
  if (stage.end.user !== undefined) {
    return stage.end.user.includes('$') ? undefined : stage.end.user;
  }
  return rootBase(stage).kind === 'scratch' ? 'root' : baseTraits(stage, images)?.defaultUser;
}

export function isRoot(user: string): boolean {
  return /^(?:root|0)(?:$|:)/.test(user);
}

/**
 * The stage that ships, when the rules about the running container may speak of it: it starts something of its own, is
 * not made to be built upon, is no development container and no Windows image.
 */
export function runningStage(context: AnalysisContext): Stage | undefined {
  const stage = context.dockerfile.final;
  if (stage === undefined || isDevContainer(context) || isWindows(stage)) {
    return undefined;
  }
  const steps = allSteps(stage);
  const isBase = steps.some((step) => step.instruction.keyword === 'ONBUILD');
  const { words } = startCommand(stage);
  const isPrompt = words.length === 1 && prompts.includes(baseName(words[0] ?? ''));
  const isDevelopment =
    developmentFile.test(context.project.dockerfile ?? '') || developmentStart.test(words.join(' '));
  // PHP’s images bring their server along, and are there to be filled with a project.
  const traits = baseTraits(stage, context.images);
  const startsItself = traits?.family === 'php' && traits.isServer === true;
  const isStarted = words.length > 0 || startsItself;
  return isBase || isPrompt || isDevelopment || !isStarted ? undefined : stage;
}

/** The stage that ships, when it is a server's own image with something added, which starts by itself. */
export function servingStage(context: AnalysisContext): Stage | undefined {
  const stage = context.dockerfile.final;
  const isServer =
    stage !== undefined &&
    !isDevContainer(context) &&
    !isWindows(stage) &&
    baseTraits(stage, context.images)?.isServer === true &&
    startCommand(stage).words.length === 0 &&
    !developmentFile.test(context.project.dockerfile ?? '');
  const steps = isServer ? allSteps(stage) : [];
  const isBase = steps.some((step) => step.instruction.keyword === 'ONBUILD');
  const adds = steps.some((step) => ['COPY', 'ADD', 'RUN'].includes(step.instruction.keyword));
  return adds && !isBase ? stage : undefined;
}

/** Programs that wait for somebody to type when they are started alone: such an image is a tool or made to be built upon. */
const prompts = [
  'sh',
  'bash',
  'ash',
  'zsh',
  'fish',
  'node',
  'python',
  'python2',
  'python3',
  'irb',
  'ruby',
  'php',
  'jshell',
  'ghci',
  'iex',
  'lua',
  'perl',
  'julia',
  'R',
  'bun',
  'deno',
];

/** Names of Dockerfiles for development: `Dockerfile.dev`, `dev.Dockerfile`, `Dockerfile-local` … */
const developmentFile = /(?:^|[/._-])(?:dev|devel|development|local|devcontainer)(?:[._-]|$)/i;

/** Servers that reload and debug: nobody ships what they run. */
const developmentStart =
  /^(?:(?:npm|pnpm|yarn|bun) (?:run )?(?:dev|develop|serve:dev|start:dev|watch)\b|ng serve|nodemon\b|vite(?: dev)?$|next dev|nuxt dev|flask .*--debug|air\b|tsx watch)/;

/** True where the name of the Dockerfile, or of the stage, says that it is for development. */
export function isForDevelopment({ project }: AnalysisContext, stage: Stage): boolean {
  return developmentFile.test(project.dockerfile ?? '') || developmentFile.test(stage.name ?? '');
}

/** True for a stage that starts a server for development by its name, outside of files that say they are for that. */
export function startsDevelopmentServer(context: AnalysisContext, stage: Stage): boolean {
  return (
    developmentStart.test(startCommand(stage).words.join(' ')) &&
    !isDevContainer(context) &&
    !isWindows(stage) &&
    !developmentFile.test(context.project.dockerfile ?? '')
  );
}

export function baseName(path: string): string {
  return path.replace(/^.*\//, '');
}

export function isDevContainer({ project }: AnalysisContext): boolean {
  return /(?:^|\/)\.devcontainer(?:\/|$)/.test(`${project.folder ?? ''}/${project.dockerfile ?? ''}`);
}

/** Repositories that hold Windows images only. */
const windowsRepository =
  /^(?:windows\/|dotnet\/framework\/|microsoft\/(?:dotnet-framework|aspnet|iis|windowsservercore|nanoserver)(?:-|$))/;

export function isWindows(stage: Stage): boolean {
  const base = rootBase(stage);
  const isNamed =
    base.kind === 'image' &&
    (windowsRepository.test(base.reference.repository) ||
      /windowsservercore|nanoserver/.test(base.reference.tag ?? ''));
  const shell = stage.end.shell[0]?.toLowerCase() ?? '';
  return (
    isNamed || stage.platform?.startsWith('windows') === true || /powershell|pwsh|cmd(?:\.exe)?$/.test(shell)
  );
}

/** True when the stage, or one it starts from, has the instruction. */
export function hasStep(stage: Stage, keyword: string): boolean {
  return lastStep(stage, keyword) !== undefined;
}
