import { systemManagers } from '../../distros/build-packages.ts';
import { userCommands } from '../../distros/user-commands.ts';
import { movedFiles } from '../../ecosystems/built-files.ts';
import { ecosystems, readInstall } from '../../ecosystems/index.ts';
import { commandsOfStep } from '../../model/commands.ts';
import type { Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { hasOption, operands, type ShellCommand } from '../../syntax/shell/script.ts';
import type { PlaceContext } from './place.ts';

/** Programs that prepare folders and files. */
export const fileCommands = ['mkdir', 'chown', 'chmod', 'touch', 'install', 'ln'];

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
  'nproc',
  'which',
  'ldd',
  'file',
  'uname',
  'whoami',
  'date',
  'printenv',
  'env',
  ':',
  '',
];

/** What a command is for, as far as it decides in which stage it belongs. */
export type Kind =
  | 'project'
  | 'edit'
  | 'system'
  | 'users'
  | 'config'
  | 'files'
  | 'runtime-tool'
  | 'neutral'
  | 'unknown';

/** Judges a command by its name and its words. */
export function kindOf(command: ShellCommand, context: PlaceContext): Kind {
  const name = command.name ?? '';
  if (preparesDownloads(command) || onlyTellsVersion(command) || runsService(command)) {
    return 'neutral';
  }
  if (systemManagers.includes(name)) {
    return 'system';
  }
  if (userCommands.includes(name)) {
    return 'users';
  }
  if (fileCommands.includes(name)) {
    return 'files';
  }
  if (isRuntimeSetup(command) || setsUpSystem(command, context)) {
    return 'config';
  }
  if (editCommands.includes(name)) {
    return 'edit';
  }
  // What reads from a pipe is judged by the command that fills it.
  if (
    neutralCommands.includes(name) ||
    (command.operator === '|' && /^(?:(?:ba|da|a)?sh|tail|head|grep|tee)$/.test(name))
  ) {
    return 'neutral';
  }
  if (isGlobalInstall(command)) {
    return command.args.some((word) => runsAtStart(packageName(word.value), context))
      ? 'runtime-tool'
      : 'project';
  }
  const isOfGit =
    name === 'git' &&
    /^(?:submodule|lfs|describe|rev-parse|log|status|fetch|checkout|init)$/.test(
      command.args[0]?.value ?? '',
    );
  // Where only what was built is taken over, what Git fetches or says serves the build.
  if (isOfGit && context.content === 'built') {
    return 'project';
  }
  const isKnown =
    readInstall(command) !== undefined ||
    ecosystems.some(
      (one) => one.isProjectCommand(command) || one.isBuild(command, context.project, context.directory),
    );
  return isKnown ? 'project' : 'unknown';
}

/** True for a command that starts or stops a service: no process outlives its RUN. */
function runsService({ name = '', args }: ShellCommand): boolean {
  return (
    (/^(?:service|systemctl|rc-service|invoke-rc\.d)$/.test(name) || name.startsWith('/etc/init.d/')) &&
    args.some((word) => /^(?:start|stop|restart|reload|status)$/.test(word.value ?? ''))
  );
}

/** True for a command that only says which version of a program there is, or what it can do. */
function onlyTellsVersion({ args, redirects }: ShellCommand): boolean {
  return (
    redirects.length === 0 &&
    args.length === 1 &&
    /^(?:--?version|version|-[vV]|--help)$/.test(args[0]?.text ?? '')
  );
}

/** Files in the home folder that only say how something private is fetched, and where what was fetched is kept. */
const downloadSettings =
  /^"?(?:~|\$\{?HOME\}?|\/root)\/(?:\.ssh|\.netrc|\.gitconfig|\.git-credentials|\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.pip|\.config\/pip|\.m2|\.gem|\.bundle|\.composer|\.cargo|\.nuget|\.npm|\.gradle|\.cache)(?:["/]|$)|^\/etc\/ssh\//;

/** True for a command that only prepares the download of what is private: keys, hosts, logins, settings of git. */
export function preparesDownloads(command: ShellCommand): boolean {
  const name = command.name ?? '';
  if (['ssh-keyscan', 'ssh-keygen', 'ssh-add', 'ssh-agent'].includes(name)) {
    return true;
  }
  if (name === 'git' && command.args[0]?.value === 'config') {
    return true;
  }
  const isFileCommand = [...fileCommands, ...editCommands, 'echo', 'printf', 'cat', 'tee'].includes(name);
  const written = command.redirects
    .filter((one) => one.operator.includes('>') && one.operator !== '2>')
    .map((one) => one.target?.text ?? '');
  const named = operands(command)
    .map((word) => word.text)
    .filter((word) => /^"?(?:~|\$\{?HOME|\/)/.test(word));
  const paths = ['echo', 'printf', 'cat'].includes(name) ? written : [...written, ...named];
  return isFileCommand && paths.length > 0 && paths.every((path) => downloadSettings.test(path));
}

/**
 * True for a change of files that needs no counterpart in the final stage: what it writes is taken over from the builder,
 * or only the build reads it.
 */
export function isEditOfBuild(step: Step, command: ShellCommand, context: PlaceContext): boolean {
  const at = commandsOfStep(step).find((one) => one.command === command);
  if (context.content !== 'built' || at === undefined || !command.isUnconditional) {
    return false;
  }
  // A folder that another command makes takes what is copied there.
  const written = movedFiles(context.steps.flatMap(commandsOfStep)).filter(
    (file) => file.at.command === command,
  );
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

/** Programs that set up the server which runs. */
export function isRuntimeSetup(command: ShellCommand): boolean {
  return /^a2(?:en|dis)(?:mod|site|conf)$/.test(command.name ?? '');
}

/** True for a command that only writes files of the system, outside of the project. */
function setsUpSystem(command: ShellCommand, { workdir }: PlaceContext): boolean {
  const isOutside = (path: string): boolean =>
    /^"?(?:\/etc\/|\/usr\/local\/etc\/|\/root\/|\$\{?[A-Z_]+_DIR\b)/.test(path) &&
    !`${path}/`.startsWith(`${workdir}/`);
  const written = command.redirects.filter((one) => one.operator.includes('>') && one.operator !== '2>');
  if (['echo', 'printf', 'cat', 'tee'].includes(command.name ?? '')) {
    const paths = written.map((one) => one.target?.value ?? one.target?.text ?? '');
    const all = command.name === 'tee' ? operands(command).map((word) => word.value ?? '') : paths;
    return all.length > 0 && all.every((path) => isOutside(path));
  }
  if (!['sed', 'cp', 'mv', 'ln'].includes(command.name ?? '')) {
    return false;
  }
  const paths = operands(command).map((word) => word.value ?? word.text);
  const files = command.name === 'sed' && !hasOption(command, '-e') ? paths.slice(1) : paths;
  return files.length > 0 && files.every(isOutside);
}

function runsAtStart(name: string, context: PlaceContext): boolean {
  return name !== '' && context.startWords.some((word) => word === name || word.startsWith(`${name}-`));
}

/** True when a tool that a command installs is also called while the project is built. */
export function isUsedToBuild(command: ShellCommand, context: PlaceContext): boolean {
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
  return (word ?? '').replace(/(.)@.*/s, '$1');
}
