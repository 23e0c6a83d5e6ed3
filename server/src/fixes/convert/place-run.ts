import { removesPackages, systemManagers } from '../../distros/build-packages.ts';
import type { Refusal } from '../../ecosystems/runtime-plan.ts';
import type { Script, Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { operands, type ShellCommand } from '../../syntax/shell/script.ts';
import { applyEdits } from '../../text/edits.ts';
import type { ImagePath } from '../../text/path-types.ts';
import { span } from '../../text/span.ts';
import {
  fileCommands,
  isEditOfBuild,
  isRuntimeSetup,
  isUsedToBuild,
  type Kind,
  kindOf,
  preparesDownloads,
} from './command-kinds.ts';
import { cutCommands } from './cut-commands.ts';
import { isBeforeBuild, type Place, type PlaceContext } from './place.ts';
import { type FinalPackages, finalPackages } from './system-packages.ts';

/** Where a RUN belongs, or its parts; or why that is not known. */
export function placeRun(step: Step, context: PlaceContext): Place | Refusal {
  const { script } = step;
  if (context.content === 'sources' && !isBeforeBuild(step, context)) {
    return placeAmongSources(step, context);
  }
  if (script?.isUnderstood !== true || script.commands.length === 0) {
    return { code: 'text-refused', reason: 'The shell text of a RUN was not understood.' };
  }
  // A RUN that does nothing but take packages away has nothing to do in a stage that is thrown away.
  const removal = placeRemoval(step, context);
  if (removal !== undefined && 'in' in removal && removal.in === 'none') {
    return removal;
  }
  const kinds = new Map(script.commands.map((command) => [command, kindOf(command, context)]));
  const has = (kind: Kind): boolean => [...kinds.values()].includes(kind);
  if (context.content === 'server') {
    // A server of files that only the start command calls has no place beside a web server.
    const isServer = [...kinds.values()].every((kind) => kind === 'runtime-tool' || kind === 'neutral');
    return has('runtime-tool') && isServer ? { in: 'none' } : { in: 'builder' };
  }
  const owner = chownOfProject(script.commands, context.workdir);
  if (owner !== undefined && context.content === 'built') {
    return { in: 'none', owner };
  }
  const unknown = [...kinds].find(
    ([command, kind]) => kind === 'unknown' || (kind === 'edit' && !isEditOfBuild(step, command, context)),
  )?.[0];
  if (unknown !== undefined) {
    return {
      code: 'run-time-need-unknown',
      reason: `It is not known whether \`${commandText(unknown)}\` is needed at run time.`,
    };
  }
  if (has('system') && has('config') && has('project') && !has('users')) {
    const setup = script.commands.filter((one) => kinds.get(one) === 'config');
    return setup.every(isRuntimeSetup) ? placeWithSetup(step, script, kinds, context) : unparted;
  }
  if (has('system')) {
    if (has('users') || has('config')) {
      return has('project') ? unparted : placeSystem(step, context, new Set());
    }
    return placeSystem(step, context, new Set(script.commands.filter((one) => kinds.get(one) === 'project')));
  }
  if (has('users')) {
    if (has('project')) {
      return { code: 'several-tasks-in-one-run', reason: 'One RUN creates users and works on the project.' };
    }
    return { in: isBeforeBuild(step, context) && copiesToNamedOwner(context) ? 'both' : 'final' };
  }
  if (has('config')) {
    return has('project') || has('files')
      ? { code: 'several-tasks-in-one-run', reason: 'One RUN sets up the system and works on files.' }
      : { in: script.commands.some((one) => isRuntimeSetup(one)) ? 'final' : 'both' };
  }
  if (has('files')) {
    return placeFiles(step, script, kinds, context);
  }
  if (!has('runtime-tool')) {
    return { in: 'builder' };
  }
  return { in: script.commands.some((command) => isUsedToBuild(command, context)) ? 'both' : 'final' };
}

/** A RUN behind the install of an interpreted language runs as before, as long as the smaller image has what it calls. */
function placeAmongSources(step: Step, context: PlaceContext): Place | Refusal {
  const removal = placeRemoval(step, context);
  if (removal !== undefined) {
    return removal;
  }
  const missing = step.script?.commands.find((command) =>
    ['git', 'curl', 'wget', 'gcc', 'g++', 'make', 'cc'].includes(command.name ?? ''),
  );
  if (missing !== undefined && !installsTool(context, missing.name ?? '')) {
    return {
      code: 'run-time-need-unknown',
      reason: `A RUN behind the install needs \`${missing.name}\`, which the smaller image lacks.`,
    };
  }
  return { in: 'final' };
}

/** A RUN that takes away what only the builder has now loses that part; undefined for other RUNs. */
function placeRemoval({ script, ...step }: Step, context: PlaceContext): Place | Refusal | undefined {
  const removals = script?.commands.filter(removesPackages) ?? [];
  if (script === undefined || removals.length === 0) {
    return undefined;
  }
  const kept = new Set(context.steps.flatMap((one) => packagesOfStep(one, context)?.kept ?? []));
  const isGone = removals.every((command) =>
    operands(command).every((word) => !kept.has(word.value ?? word.text)),
  );
  if (!isGone) {
    return undefined;
  }
  const rest = script.commands.filter(
    (one) => !removals.includes(one) && one.name !== 'rm' && one.name !== 'set',
  );
  if (rest.length === 0) {
    return { in: 'none' };
  }
  const finalText = textWithout({ script, ...step }, script, new Set(removals), context);
  return finalText === undefined
    ? {
        code: 'several-tasks-in-one-run',
        reason: 'A RUN removes packages that only the builder has now, and cannot be parted.',
      }
    : { in: 'final', finalText };
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

/** True for a folder that a WORKDIR of the stage makes anyway, or that lies above one. */
function isWorkdir(path: string, { steps, workdir }: PlaceContext): boolean {
  const folder = path.replace(/(?<!\/)\/+$/, '');
  return (
    folder.startsWith('/') &&
    [...steps.map((step) => step.before.workdir ?? '/'), workdir].some((one) =>
      `${one}/`.startsWith(`${folder}/`),
    )
  );
}

/** True for a `mkdir` of the folder that the stage stands in, which WORKDIR has made. */
function makesWorkdir(command: ShellCommand, { before }: Step): boolean {
  return (
    command.name === 'mkdir' &&
    before.workdir !== undefined &&
    operands(command).every((word) => {
      const path = word.value?.replace(/(?<!\/)\/+$/, '') ?? '';
      return path.startsWith('/') && `${before.workdir}/`.startsWith(`${path}/`);
    })
  );
}

const unparted: Refusal = {
  code: 'several-tasks-in-one-run',
  reason: 'One RUN installs system packages, sets up the system and works on the project.',
};

/** A RUN that also sets up the server: the final stage gets that part, with the packages that it needs. */
function placeWithSetup(
  step: Step,
  script: Script,
  kinds: ReadonlyMap<ShellCommand, Kind>,
  context: PlaceContext,
): Place | Refusal {
  const work = new Set(script.commands.filter((one) => kinds.get(one) === 'project'));
  const place = placeSystem(step, context, work);
  if ('reason' in place || place.in !== 'builder') {
    return place;
  }
  // No package stays: what installs them goes as well.
  const system = script.commands.filter((one) => ['system', 'neutral'].includes(kinds.get(one) ?? ''));
  const finalText = textWithout(step, script, new Set([...work, ...system]), context);
  return finalText === undefined ? unparted : { in: 'both', finalText };
}

/** True for a folder that comes into being with what the final stage copies from the builder. */
function isMadeByCopy(path: string, { before }: Step, { copied, content }: PlaceContext): boolean {
  const folder = normalizePath(path.startsWith('/') ? path : `${before.workdir ?? '/'}/${path}`);
  return content === 'built' && copied.some((one) => one === folder || one.startsWith(`${folder}/`));
}

/** True for a folder within what the final stage takes from the builder: made there again, it would belong to root. */
function isTakenOver(path: string, step: Step, { copied }: PlaceContext): boolean {
  const { workdir } = step.before;
  const full = path.startsWith('/') ? path : workdir === undefined ? undefined : `${workdir}/${path}`;
  return full !== undefined && copied.some((one) => normalizePath(full).startsWith(`${one}/`));
}

/**
 * Folders that a program may need are made in both stages; what only touches files of the project stays with them. Where
 * one RUN does both, each stage gets its part.
 */
function placeFiles(
  step: Step,
  script: Script,
  kinds: ReadonlyMap<ShellCommand, Kind>,
  context: PlaceContext,
): Place | Refusal {
  const { commands } = script;
  if (commands.every((one) => makesWorkdir(one, step))) {
    return { in: 'none' };
  }
  const isBuilt = context.content === 'built';
  const hasProject = [...kinds.values()].includes('project');
  const isOfProject = (command: ShellCommand): boolean =>
    preparesDownloads(command) ||
    (['chmod', 'ln', 'touch', 'mkdir'].includes(command.name ?? '') &&
      operands(command).every((word) => {
        const path = word.value ?? '/';
        if (command.name === 'mkdir') {
          return (
            /^(?:src|target|build|bin|obj|out|dist|\.mvn)(?:\/|$)/.test(path) ||
            isWorkdir(path, context) ||
            isMadeByCopy(path, step, context) ||
            (isBuilt && isTakenOver(path, step, context))
          );
        }
        return !path.startsWith('/') || path.startsWith(`${context.workdir}/`);
      }));
  const others = commands.filter((one) => fileCommands.includes(one.name ?? '') && !isOfProject(one));
  if (others.length === 0 && isBuilt) {
    return { in: 'builder' };
  }
  const owners = others.map((one) => chownOfProject([one], context.workdir));
  const [owner] = owners;
  if (isBuilt && owner !== undefined && owners.every((one) => one === owner)) {
    const rest = new Set(others);
    return cutCommands(script, rest) === undefined
      ? { code: 'several-tasks-in-one-run', reason: 'One RUN prepares folders and works on the project.' }
      : { in: 'builder', owner, notInBuilder: rest };
  }
  if (hasProject) {
    const own = new Set(commands.filter((one) => !fileCommands.includes(one.name ?? '')));
    const moved = new Set(commands.filter((one) => !own.has(one)));
    const finalText = textWithout(step, script, own, context);
    return finalText === undefined || cutCommands(script, moved) === undefined
      ? { code: 'several-tasks-in-one-run', reason: 'One RUN prepares folders and works on the project.' }
      : { in: 'both', notInBuilder: moved, finalText, needsProject: true };
  }
  // A folder may be needed in both stages; whatever else is changed came with a COPY of the final stage.
  const needsProject = others.some((one) =>
    operands(one).some(
      (word) => !/^\//.test(word.value ?? '/') || word.value?.startsWith(`${context.workdir}/`),
    ),
  );
  return others.every((one) => one.name === 'mkdir')
    ? { in: 'both' }
    : { in: 'final', ...(needsProject ? { needsProject } : {}) };
}

/** The text of a RUN without some of its commands; undefined where they cannot be taken out. */
function textWithout(
  step: Step,
  script: Script,
  removed: ReadonlySet<ShellCommand>,
  context: PlaceContext,
): string | undefined {
  const { start, end } = step.instruction.span;
  const cuts = cutCommands(script, removed);
  const text = context.dockerfile.text.slice(start, end);
  return cuts?.some((one) => context.dockerfile.text.slice(one.start, one.end).includes('#')) === false
    ? applyEdits(
        text,
        cuts.map((one) => ({ span: span(one.start - start, one.end - start), text: '' })),
      )
    : undefined;
}

/** `built` are the commands that work on the project: the final stage goes without them. */
function placeSystem(step: Step, context: PlaceContext, built: ReadonlySet<ShellCommand>): Place | Refusal {
  const found = packagesOfStep(step, context, built);
  if (found === undefined) {
    return { code: 'text-refused', reason: 'The shell text of a RUN was not understood.' };
  }
  if (found.text === undefined) {
    const isUpdate = !hasInstall(step) && hasVerb(step, 'update', 'upgrade', 'dist-upgrade');
    // Lists that a later RUN relies on, or upgrades, belong to both stages.
    return {
      in:
        isUpdate && context.hasShell && (hasVerb(step, 'upgrade', 'dist-upgrade') || isRelied(step, context))
          ? 'both'
          : 'builder',
    };
  }
  return found.isCut
    ? { in: 'both', finalText: found.text }
    : {
        code: 'several-tasks-in-one-run',
        reason: 'One RUN installs system packages and works on the project, and cannot be parted.',
      };
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
  context: Pick<PlaceContext, 'dockerfile' | 'traits' | 'ecosystem' | 'project' | 'directory' | 'called'>,
  built: ReadonlySet<ShellCommand> = new Set(),
): FinalPackages | undefined {
  const { script } = step;
  const { ecosystem, project, directory } = context;
  const isBuildPackage = (name: string): boolean =>
    ecosystem.isBuildPackage?.(name, project, directory) === true;
  return script?.isUnderstood === true &&
    script.commands.some((command) => systemManagers.includes(command.name ?? ''))
    ? finalPackages(
        step,
        script,
        context.dockerfile.text,
        context.traits,
        isBuildPackage,
        built,
        context.called,
      )
    : undefined;
}

/** The new owner, when a RUN does nothing but hand over the project's whole folder. */
function chownOfProject(commands: readonly ShellCommand[], workdir: ImagePath): string | undefined {
  const command = commands[0];
  if (commands.length !== 1 || command?.name !== 'chown' || command.args.length < 3) {
    return undefined;
  }
  const [option, owner, ...paths] = command.args.map((word) => word.value);
  const isProject =
    paths.every(
      (path) =>
        path !== undefined &&
        (!path.startsWith('/') || path.replace(/\/$/, '') === workdir || path.startsWith(`${workdir}/`)),
    ) && paths.some((path) => path === '.' || path === './' || path?.replace(/\/$/, '') === workdir);
  return (option === '-R' || option === '--recursive') && isProject ? owner : undefined;
}

function commandText(command: ShellCommand): string {
  const text = [command.nameWord.text, ...command.args.map((word) => word.text)].join(' ');
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}
