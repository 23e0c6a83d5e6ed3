import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { operands } from '../../syntax/shell/script.ts';

/** Packages of Python in a folder that belongs to one version of it. */
export interface PythonFolder {
  /** As it reads within a sentence. */
  readonly what: string;
  /** True where paths in it name the version: another Python finds nothing there. */
  readonly isOfVersion: boolean;
  /** True where programs in it start the interpreter by its path. */
  readonly namesInterpreter: boolean;
}

/** The packages of Python that a stage keeps at a path; undefined where it is no such folder. */
export function environmentAt(stage: Stage, path: string): PythonFolder | undefined {
  if (/\/lib\/python3\.\d+(?:\/(?:site|dist)-packages)?$/.test(path)) {
    return { what: `the packages in ${path}`, isOfVersion: true, namesInterpreter: false };
  }
  const commands = lineage(stage).flatMap((one) => commandSteps(one));
  if (commands.some((at) => environmentOf(at, stage) === path)) {
    return { what: `the virtual environment ${path}`, isOfVersion: true, namesInterpreter: true };
  }
  const isUserSite = /^\/(?:root|home\/[\w-]+)\/\.local$/.test(path);
  const isPrefix = commands.some((at) => isPip(at) && optionOf(at, '--prefix') === path);
  if (isPrefix || (isUserSite && commands.some((at) => isPip(at) && hasWord(at, '--user')))) {
    return { what: `the packages in ${path}`, isOfVersion: true, namesInterpreter: false };
  }
  const isTarget = commands.some(
    (at) => isPip(at) && (optionOf(at, '--target') ?? optionOf(at, '-t')) === path,
  );
  return isTarget
    ? { what: `the packages in ${path}`, isOfVersion: false, namesInterpreter: false }
    : undefined;
}

/** True for the folder that `pip wheel` fills. */
export function isWheelFolder(stage: Stage, path: string): boolean {
  return lineage(stage)
    .flatMap((one) => commandSteps(one))
    .some((at) => {
      const { command } = at;
      const words = command.args.map((word) => word.text);
      const isWheel =
        (/^pip[\d.]*$/.test(command.name ?? '') && words[0] === 'wheel') ||
        (/^python[\d.]*$/.test(command.name ?? '') && words.slice(0, 3).join(' ') === '-m pip wheel');
      return isWheel && (optionOf(at, '--wheel-dir') ?? optionOf(at, '-w') ?? at.directory) === path;
    });
}

/** The virtual environment that a command makes or fills; undefined for other commands. */
export function environmentOf(at: CommandStep, stage: Stage): string | undefined {
  const { command } = at;
  const name = command.name ?? '';
  const words = command.args.map((word) => word.value ?? word.text);
  const isVenv =
    (/^python[\d.]*$/.test(name) && words[0] === '-m' && ['venv', 'virtualenv'].includes(words[1] ?? '')) ||
    name === 'virtualenv' ||
    (name === 'uv' && words[0] === 'venv');
  if (isVenv) {
    const named = operands(command).at(-1);
    const isNamed = named !== undefined && !['venv', 'virtualenv'].includes(named.value ?? '');
    return absolute(isNamed ? wordValue(named.text, named.value, at) : '.venv', at);
  }
  if (name === 'uv' && words[0] === 'sync') {
    return absolute(at.step.before.variables.get('UV_PROJECT_ENVIRONMENT') ?? '.venv', at);
  }
  const isInProject =
    (name === 'poetry' && stage.end.variables.get('POETRY_VIRTUALENVS_IN_PROJECT') !== undefined) ||
    (name === 'pipenv' && stage.end.variables.get('PIPENV_VENV_IN_PROJECT') !== undefined) ||
    name === 'pdm';
  return isInProject && ['install', 'sync'].includes(words[0] ?? '') ? absolute('.venv', at) : undefined;
}

/** A word with a variable that the Dockerfile sets. */
function wordValue(text: string, value: string | undefined, at: CommandStep): string | undefined {
  const name = /^"?\$\{?(\w+)\}?"?$/.exec(text)?.[1];
  return value ?? (name === undefined ? undefined : at.step.before.variables.get(name));
}

function absolute(path: string | undefined, { directory }: CommandStep): string | undefined {
  if (path === undefined || (!path.startsWith('/') && directory === undefined)) {
    return undefined;
  }
  return normalizePath(path.startsWith('/') ? path : `${directory}/${path}`);
}

function isPip({ command }: CommandStep): boolean {
  const words = command.args.map((word) => word.text);
  return (
    (/^pip[\d.]*$/.test(command.name ?? '') && words[0] === 'install') ||
    (/^python[\d.]*$/.test(command.name ?? '') &&
      words[0] === '-m' &&
      words[1] === 'pip' &&
      words[2] === 'install') ||
    (command.name === 'uv' && words[0] === 'pip' && words[1] === 'install')
  );
}

function hasWord({ command }: CommandStep, name: string): boolean {
  return command.args.some((word) => word.text === name);
}

function optionOf(at: CommandStep, name: string): string | undefined {
  const words = at.command.args.map((word) => word.value ?? word.text);
  const i = words.indexOf(name);
  const value =
    i < 0 ? words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) : words[i + 1];
  return absolute(value, at);
}
