import type { Ecosystem } from '../../ecosystems/ecosystem.ts';
import { readInstall } from '../../ecosystems/index.ts';
import type { Refusal } from '../../ecosystems/runtime-plan.ts';
import { readCopy } from '../../model/copy.ts';
import type { Dockerfile, Step } from '../../model/dockerfile.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { withoutBuildPackages } from './system-packages.ts';

/** In which stage an instruction belongs once the build has a stage of its own. */
export type Place =
  | { readonly in: 'builder' | 'final' | 'both' }
  /** Different text for the final stage: the same install with fewer packages. */
  | { readonly in: 'both'; readonly finalText: string }
  /** Replaced by `--chown` on the copies. */
  | { readonly in: 'none'; readonly owner: string };

export interface PlaceContext {
  readonly dockerfile: Dockerfile;
  readonly ecosystem: Ecosystem;
  readonly workdir: string;
  readonly startWords: readonly string[];
  /** Everything the final stage will say, to see which ARGs it needs. */
  readonly finalText: string;
  readonly isBeforeBuild: boolean;
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

/** Programs that make users and groups. */
const userCommands = ['useradd', 'groupadd', 'adduser', 'addgroup', 'usermod'];

/** Programs that prepare folders and files. */
const fileCommands = ['mkdir', 'chown', 'chmod', 'touch', 'install', 'ln'];

/** Where a step belongs, or why that is not known. */
export function placeStep(step: Step, context: PlaceContext): Place | Refusal {
  const { keyword } = step.instruction;
  if (finalOnly.includes(keyword)) {
    return { in: 'final' };
  }
  switch (keyword) {
    case 'WORKDIR':
    case 'SHELL':
      return { in: 'both' };
    case 'ENV':
      return { in: context.isBeforeBuild ? 'both' : 'final' };
    case 'ARG': {
      const isUsed = step.instruction.pairs.some((pair) =>
        new RegExp(`\\$\\{?${pair.name}\\b`).test(context.finalText),
      );
      return { in: !context.isBeforeBuild ? 'final' : isUsed ? 'both' : 'builder' };
    }
    case 'COPY':
    case 'ADD':
      return placeCopy(step, context);
    case 'RUN':
      return placeRun(step, context);
    default:
      return { reason: `Ballast does not know where ${keyword} belongs.` };
  }
}

function placeCopy(step: Step, context: PlaceContext): Place | Refusal {
  const copy = readCopy(step, context.dockerfile);
  if (copy?.target === undefined) {
    return { reason: 'A COPY could not be read.' };
  }
  const isProject = copy.target === context.workdir || copy.target.startsWith(`${context.workdir}/`);
  if (!context.isBeforeBuild) {
    return { in: 'final' };
  }
  if (isProject || /^\/(?:root|home)(?:\/|$)/.test(copy.target)) {
    return { in: 'builder' };
  }
  return { in: copy.from === 'context' ? 'final' : 'both' };
}

function placeRun(step: Step, context: PlaceContext): Place | Refusal {
  const script = step.script;
  if (script?.isUnderstood !== true || script.commands.length === 0) {
    return { reason: 'The shell text of a RUN was not understood.' };
  }
  const owner = chownOfProject(script.commands, context.workdir);
  if (owner !== undefined) {
    return { in: 'none', owner };
  }
  const kinds = new Set(script.commands.map((command) => kindOf(command, context)));
  const unknown = script.commands.find((command) => kindOf(command, context) === 'unknown');
  if (unknown !== undefined) {
    return { reason: `It is not known whether \`${commandText(unknown)}\` is needed at run time.` };
  }
  if (kinds.has('system')) {
    if (kinds.has('project') || kinds.has('users')) {
      return { reason: 'One RUN installs system packages and works on the project.' };
    }
    const text = withoutBuildPackages(step, script, context.dockerfile.text);
    return text === undefined ? { in: 'builder' } : { in: 'both', finalText: text };
  }
  if (kinds.has('users') || kinds.has('files')) {
    return kinds.has('project')
      ? { reason: 'One RUN prepares folders and works on the project.' }
      : { in: 'final' };
  }
  return { in: kinds.has('runtime-tool') ? 'both' : 'builder' };
}

type Kind = 'project' | 'system' | 'users' | 'files' | 'runtime-tool' | 'neutral' | 'unknown';

function kindOf(command: ShellCommand, context: PlaceContext): Kind {
  const name = command.name ?? '';
  if (['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum', 'zypper'].includes(name)) {
    return 'system';
  }
  if (userCommands.includes(name)) {
    return 'users';
  }
  if (fileCommands.includes(name)) {
    return 'files';
  }
  if (name === 'rm' || ['set', 'cd', 'echo', 'true', 'export', 'ls', 'pwd', 'sleep', ''].includes(name)) {
    return 'neutral';
  }
  if (isGlobalInstall(command)) {
    return command.args.some((word) => context.startWords.includes(packageName(word.value)))
      ? 'runtime-tool'
      : 'project';
  }
  if (readInstall(command) !== undefined || isProjectTool(name)) {
    return 'project';
  }
  return context.ecosystem.isBuild(
    command,
    { reader: { read: () => undefined, list: () => undefined }, isKnown: false },
    '',
  )
    ? 'project'
    : 'unknown';
}

/** Package managers and their helpers: whatever they do with the project, the result lies in the project's folder. */
function isProjectTool(name: string): boolean {
  return ['npm', 'npx', 'yarn', 'pnpm', 'bun', 'bunx', 'corepack', 'node', 'tsc', 'tsx', 'prisma'].includes(
    name,
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

function chownOfProject(commands: readonly ShellCommand[], workdir: string): string | undefined {
  const command = commands[0];
  if (commands.length !== 1 || command?.name !== 'chown' || command.args.length !== 3) {
    return undefined;
  }
  const [option, owner, path] = command.args.map((word) => word.value);
  const isProject = path === '.' || path === './' || path?.replace(/\/$/, '') === workdir;
  return (option === '-R' || option === '--recursive') && isProject ? owner : undefined;
}

function commandText(command: ShellCommand): string {
  const text = [command.nameWord.text, ...command.args.map((word) => word.text)].join(' ');
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}
