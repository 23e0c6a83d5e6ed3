import { userCommands } from '../../distros/user-commands.ts';
import { movedFiles } from '../../ecosystems/built-files.ts';
import type { Ecosystem } from '../../ecosystems/ecosystem.ts';
import { ecosystems, readInstall } from '../../ecosystems/index.ts';
import type { Refusal, RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { commandsOfStep } from '../../model/commands.ts';
import { type Copy, readCopy } from '../../model/copy.ts';
import type { Dockerfile, Script, Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import type { Project } from '../../project/project.ts';
import { operands, type ShellCommand } from '../../syntax/shell/script.ts';
import { argumentText } from '../../syntax/tree.ts';
import { type FinalPackages, finalPackages, systemManagers } from './system-packages.ts';

/** In which stage an instruction belongs once the build has a stage of its own. */
export type Place =
  | { readonly in: 'builder' | 'final' }
  /** `finalText` is set where the final stage needs another text: the same install with fewer packages. */
  | { readonly in: 'both'; readonly finalText?: string }
  /** Replaced by `--chown` on the copies. */
  | { readonly in: 'none'; readonly owner: string };

export interface PlaceContext {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly ecosystem: Ecosystem;
  readonly content: RuntimePlan['content'];
  readonly workdir: string;
  readonly directory: string;
  readonly traits: ImageTraits | undefined;
  readonly startWords: readonly string[];
  readonly steps: readonly Step[];
  /** The last step that works on the project in the builder. */
  readonly lastBuild: Step;
  /** Absolute paths that the final stage takes from the builder. */
  readonly copied: readonly string[];
}

const finalOnly = [
  'LABEL',
  'EXPOSE',
  'VOLUME',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'CMD',
  'ENTRYPOINT',
  'ONBUILD',
  'MAINTAINER',
  'USER',
];

/** Programs that prepare folders and files. */
const fileCommands = ['mkdir', 'chown', 'chmod', 'touch', 'install', 'ln'];

/** Programs that change files, or put them elsewhere. */
const editCommands = ['cp', 'mv', 'sed', 'dos2unix', 'tar', 'unzip', 'strip'];

const neutralCommands = [
  'rm',
  'set',
  'cd',
  'echo',
  'true',
  'export',
  'ls',
  'pwd',
  'sleep',
  'cat',
  'find',
  'date',
  'printenv',
  'env',
  ':',
  '',
];

/** Where a step belongs, or why that is not known. ARGs are placed afterwards, when it is known what the final stage says. */
export function placeStep(step: Step, context: PlaceContext): Place | Refusal {
  const { keyword } = step.instruction;
  const isBefore = isBeforeBuild(step, context);
  if (finalOnly.includes(keyword)) {
    return { in: 'final' };
  }
  switch (keyword) {
    case 'WORKDIR':
    case 'SHELL':
      if (context.content === 'server') {
        return { in: 'builder' };
      }
      return { in: isBefore ? 'both' : 'final' };
    case 'ENV':
      if (context.content === 'server') {
        return { in: 'builder' };
      }
      return { in: isBefore ? (servesBuild(step, context) ? 'builder' : 'both') : 'final' };
    case 'ARG':
      return { in: isBefore || context.content === 'server' ? 'builder' : 'final' };
    case 'COPY':
    case 'ADD':
      return placeCopy(step, context);
    case 'RUN':
      return placeRun(step, context);
    default:
      return { reason: `Ballast does not know where ${keyword} belongs.` };
  }
}

/** True for variables that only the tools of the build read, and that nothing else names. */
function servesBuild(step: Step, { ecosystem, steps }: PlaceContext): boolean {
  const { buildVariables } = ecosystem;
  return (
    buildVariables !== undefined &&
    step.instruction.pairs.length > 0 &&
    step.instruction.pairs.every(
      ({ name }) =>
        buildVariables.test(name) &&
        !steps.some(
          (other) =>
            finalOnly.includes(other.instruction.keyword) && argumentText(other.instruction).includes(name),
        ),
    )
  );
}

function isBeforeBuild(step: Step, context: PlaceContext): boolean {
  return step.instruction.span.start <= context.lastBuild.instruction.span.start;
}

function placeCopy(step: Step, context: PlaceContext): Place | Refusal {
  const copy = readCopy(step, context.dockerfile);
  if (copy?.target === undefined) {
    return { reason: 'A COPY could not be read.' };
  }
  const isBefore = isBeforeBuild(step, context);
  if (context.content === 'server') {
    return isBefore
      ? { in: 'builder' }
      : {
          reason:
            'The stage copies more files behind the build, and whether the web server needs them is not known.',
        };
  }
  if (!isBefore) {
    return { in: 'final' };
  }
  if (context.content === 'sources') {
    return placeSources(copy, context);
  }
  const isProject =
    copy.target === context.workdir ||
    context.workdir === '/' ||
    copy.target.startsWith(`${context.workdir}/`) ||
    context.workdir.startsWith(`${copy.target}/`);
  if (isProject || /^\/(?:root|home)(?:\/|$)/.test(copy.target)) {
    return { in: 'builder' };
  }
  return { in: copy.from === 'context' ? 'final' : 'both' };
}

/** In an interpreted language the sources belong to the final stage; the builder has what its installs read. */
function placeSources(copy: Copy, context: PlaceContext): Place {
  if (copy.from !== 'context') {
    return { in: 'both' };
  }
  const later = context.steps.filter(
    (step) => step.instruction.span.start > copy.step.instruction.span.start && isBeforeBuild(step, context),
  );
  const installs = later.flatMap(
    (step) => step.script?.commands.flatMap((one) => readInstall(one) ?? []) ?? [],
  );
  const names = copy.sources.map((word) => word.value.replace(/^.*\/(?=[^/])/, ''));
  const read = installs.map((install) =>
    install.ecosystem.manifests(install, context.project, context.directory),
  );
  const needsAll = read.some((manifests) => manifests.blocker !== undefined);
  const isManifest = (name: string): boolean =>
    read.some((manifests) => manifests.files.some((file) => matchesName(name, file.replace(/^.*\//, ''))));
  if (names.every(isManifest)) {
    return { in: 'builder' };
  }
  return { in: needsAll || names.some(isManifest) ? 'both' : 'final' };
}

/** True when a word of a COPY, which may hold stars, names a file. */
function matchesName(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}

function placeRun(step: Step, context: PlaceContext): Place | Refusal {
  const { script } = step;
  if (context.content === 'sources' && !isBeforeBuild(step, context)) {
    return placeAmongSources(step, context);
  }
  if (script?.isUnderstood !== true || script.commands.length === 0) {
    return { reason: 'The shell text of a RUN was not understood.' };
  }
  const kinds = new Map(script.commands.map((command) => [command, kindOf(command, context)]));
  const has = (kind: Kind): boolean => [...kinds.values()].includes(kind);
  if (context.content === 'server') {
    return { in: 'builder' };
  }
  const owner = chownOfProject(script.commands, context.workdir);
  if (owner !== undefined && context.content === 'built') {
    return { in: 'none', owner };
  }
  const unknown = [...kinds].find(
    ([command, kind]) =>
      kind === 'unknown' || (kind === 'edit' && !isEditOfBuild(step, script, command, context)),
  )?.[0];
  if (unknown !== undefined) {
    return { reason: `It is not known whether \`${commandText(unknown)}\` is needed at run time.` };
  }
  if (has('system')) {
    return placeSystem(step, context, has('project') || has('users'));
  }
  if (has('users')) {
    if (has('project')) {
      return { reason: 'One RUN creates users and works on the project.' };
    }
    return { in: isBeforeBuild(step, context) && copiesToNamedOwner(context) ? 'both' : 'final' };
  }
  if (has('files')) {
    return placeFiles(script.commands, has('project'), context);
  }
  if (!has('runtime-tool')) {
    return { in: 'builder' };
  }
  return { in: script.commands.some((command) => isUsedToBuild(command, context)) ? 'both' : 'final' };
}

/** A RUN behind the install of an interpreted language runs as before, as long as the smaller image has what it calls. */
function placeAmongSources(step: Step, context: PlaceContext): Place | Refusal {
  const missing = step.script?.commands.find((command) =>
    ['git', 'curl', 'wget', 'gcc', 'g++', 'make', 'cc'].includes(command.name ?? ''),
  );
  if (missing !== undefined && !installsTool(context, missing.name ?? '')) {
    return { reason: `A RUN behind the install needs \`${missing.name}\`, which the smaller image lacks.` };
  }
  return { in: 'final' };
}

function installsTool(context: PlaceContext, name: string): boolean {
  return context.steps.some((step) => packagesOfStep(step, context)?.kept.includes(name) === true);
}

/** True when a COPY gives files to a user by name, who then has to exist in the builder as well. */
function copiesToNamedOwner(context: PlaceContext): boolean {
  return context.steps.some((step) =>
    step.instruction.flags.some((flag) => flag.name === 'chown' && /^[a-z_]/i.test(flag.value ?? '')),
  );
}

/** Folders that a program may need are made in both stages; what only touches files of the project stays with them. */
function placeFiles(
  commands: readonly ShellCommand[],
  hasProject: boolean,
  context: PlaceContext,
): Place | Refusal {
  const isOfProject = (command: ShellCommand): boolean =>
    ['chmod', 'ln', 'touch', 'mkdir'].includes(command.name ?? '') &&
    operands(command).every((word) => {
      const path = word.value ?? '/';
      if (command.name === 'mkdir') {
        return /^(?:src|target|build|bin|obj|out|dist|\.mvn)(?:\/|$)/.test(path);
      }
      return !path.startsWith('/') || path.startsWith(`${context.workdir}/`);
    });
  const others = commands.filter((one) => fileCommands.includes(one.name ?? '') && !isOfProject(one));
  if (others.length === 0 && context.content === 'built') {
    return { in: 'builder' };
  }
  if (hasProject) {
    return { reason: 'One RUN prepares folders and works on the project.' };
  }
  // A folder may be needed in both stages; whatever else is changed came with a COPY of the final stage.
  return { in: others.every((one) => one.name === 'mkdir') ? 'both' : 'final' };
}

function placeSystem(step: Step, context: PlaceContext, isMixed: boolean): Place | Refusal {
  const found = packagesOfStep(step, context);
  if (found === undefined) {
    return { reason: 'The shell text of a RUN was not understood.' };
  }
  if (found.text === undefined) {
    const isUpdate = !hasInstall(step) && hasVerb(step, 'update', 'upgrade', 'dist-upgrade');
    // Lists that a later RUN relies on, or upgrades, belong to both stages.
    return {
      in:
        isUpdate && (hasVerb(step, 'upgrade', 'dist-upgrade') || isRelied(step, context))
          ? 'both'
          : 'builder',
    };
  }
  if (isMixed) {
    return { reason: 'One RUN installs system packages and works on the project.' };
  }
  return { in: 'both', finalText: found.text };
}

/** True when a RUN that stays in the final stage installs packages from the lists that this step fetched. */
function isRelied(step: Step, context: PlaceContext): boolean {
  return context.steps.some(
    (later) =>
      later.instruction.span.start > step.instruction.span.start &&
      hasInstall(later) &&
      !hasVerb(later, 'update') &&
      packagesOfStep(later, context)?.text !== undefined,
  );
}

function hasInstall(step: Step): boolean {
  return hasVerb(step, 'install', 'add', 'in');
}

function hasVerb(step: Step, ...names: readonly string[]): boolean {
  return (
    step.script?.commands.some(
      (command) =>
        systemManagers.includes(command.name ?? '') && command.args.some((word) => names.includes(word.text)),
    ) ?? false
  );
}

/** The system packages of a RUN that the final stage keeps; undefined where it installs none or is not understood. */
export function packagesOfStep(
  step: Step,
  context: Pick<PlaceContext, 'dockerfile' | 'traits' | 'ecosystem' | 'project' | 'directory'>,
): FinalPackages | undefined {
  const { script } = step;
  const { ecosystem, project, directory } = context;
  const isBuildPackage = (name: string): boolean =>
    ecosystem.isBuildPackage?.(name, project, directory) === true;
  return script?.isUnderstood === true &&
    script.commands.some((command) => systemManagers.includes(command.name ?? ''))
    ? finalPackages(step, script, context.dockerfile.text, context.traits, isBuildPackage)
    : undefined;
}

type Kind = 'project' | 'edit' | 'system' | 'users' | 'files' | 'runtime-tool' | 'neutral' | 'unknown';

function kindOf(command: ShellCommand, context: PlaceContext): Kind {
  const name = command.name ?? '';
  if (systemManagers.includes(name)) {
    return 'system';
  }
  if (userCommands.includes(name)) {
    return 'users';
  }
  if (fileCommands.includes(name)) {
    return 'files';
  }
  if (editCommands.includes(name)) {
    return 'edit';
  }
  // What reads from a pipe is judged by the command that fills it.
  if (neutralCommands.includes(name) || (command.operator === '|' && /^(?:ba|da|a)?sh$/.test(name))) {
    return 'neutral';
  }
  if (isGlobalInstall(command)) {
    return command.args.some((word) => runsAtStart(packageName(word.value), context))
      ? 'runtime-tool'
      : 'project';
  }
  const isKnown =
    readInstall(command) !== undefined ||
    ecosystems.some(
      (one) => one.isProjectCommand(command) || one.isBuild(command, context.project, context.directory),
    );
  return isKnown ? 'project' : 'unknown';
}

/**
 * True for a change of files that needs no counterpart in the final stage: what it writes is taken over from the builder,
 * or only the build reads it.
 */
function isEditOfBuild(step: Step, script: Script, command: ShellCommand, context: PlaceContext): boolean {
  const at = commandsOfStep(step, script).find((one) => one.command === command);
  if (context.content !== 'built' || at === undefined || !command.isUnconditional) {
    return false;
  }
  const written = movedFiles([at]);
  if (written.length > 0) {
    return written.every(({ from, to }) => isTaken(to, context) || isOfBuild(from, context));
  }
  const target = operands(command).at(-1)?.value;
  const path =
    target === undefined || at.directory === undefined
      ? undefined
      : normalizePath(target.startsWith('/') ? target : `${at.directory}/${target}`);
  return path !== undefined && (isTaken(path, context) || isOfBuild(path, context));
}

/** True for a path that lies in what the final stage takes over. */
function isTaken(path: string, { copied }: PlaceContext): boolean {
  return copied.some((one) => path === one || path.startsWith(`${one}/`));
}

/** True for sources, manifests and scripts of the build: files of the project that no program reads when it runs. */
function isOfBuild(path: string, { workdir }: PlaceContext): boolean {
  const root = workdir === '/' ? '' : workdir;
  return (
    path.startsWith(`${root}/`) &&
    /^\/(?:(?:[\w.-]+\/)*src\/|(?:mvnw|gradlew)$|\.mvn\/|gradle\/)|\.(?:java|kt|rs|go|c|cc|cpp|h|hpp|cs|csproj|sln|toml|gradle|kts|mod|sum)$|\/(?:pom\.xml|Makefile|CMakeLists\.txt)$/.test(
      path.slice(root.length),
    )
  );
}

function runsAtStart(name: string, context: PlaceContext): boolean {
  return name !== '' && context.startWords.some((word) => word === name || word.startsWith(`${name}-`));
}

/** True when a tool that a command installs is also called while the project is built. */
function isUsedToBuild(command: ShellCommand, context: PlaceContext): boolean {
  const names = command.args.map((word) => packageName(word.value));
  return context.steps.some(
    (step) => step.script?.commands.some((one) => one !== command && names.includes(one.name ?? '')) === true,
  );
}

function isGlobalInstall(command: ShellCommand): boolean {
  return (
    ['npm', 'pnpm', 'yarn', 'bun'].includes(command.name ?? '') &&
    command.args.some((word) => ['-g', '--global', 'global'].includes(word.text))
  );
}

function packageName(word: string | undefined): string {
  return (word ?? '').replace(/(.)@.*$/, '$1');
}

/** The new owner, when a RUN does nothing but hand over the project's folder. */
function chownOfProject(commands: readonly ShellCommand[], workdir: string): string | undefined {
  const command = commands[0];
  if (commands.length !== 1 || command?.name !== 'chown' || command.args.length < 3) {
    return undefined;
  }
  const [option, owner, ...paths] = command.args.map((word) => word.value);
  const isProject = paths.every(
    (path) =>
      path !== undefined &&
      (!path.startsWith('/') || path.replace(/\/$/, '') === workdir || path.startsWith(`${workdir}/`)),
  );
  return (option === '-R' || option === '--recursive') && isProject ? owner : undefined;
}

function commandText(command: ShellCommand): string {
  const text = [command.nameWord.text, ...command.args.map((word) => word.text)].join(' ');
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}
