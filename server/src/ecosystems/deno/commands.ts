import { readJsonc } from '../../project/formats/jsonc.ts';
import { objectOf, textOf } from '../../project/formats/values.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption, knownArgs, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { Manifests, PackageManager, ProjectInstall } from '../toolchain.ts';

/** Files that say what a program of Deno imports. */
const manifests = ['deno.json', 'deno.jsonc', 'deno.lock', 'package.json', 'import_map.json'];

/** Options of Deno that take a value as a word of its own. */
const valuedOptions = [
  '-o',
  '--output',
  '-c',
  '--config',
  '--import-map',
  '--lock',
  '--target',
  '--icon',
  '--include',
  '--exclude',
  '--cert',
  '--env-file',
  '--location',
  '--seed',
  '--v8-flags',
  '--log-level',
  '-L',
];

/** Deno, as far as it fetches what a program imports. */
export const denoManager: PackageManager = {
  id: 'deno',
  programs: ['deno'],
  lockFiles: ['deno.lock'],
  settings: ['deno.json', 'deno.jsonc', 'import_map.json'],
  ownVerbs: /^(?:install|cache|add|upgrade|info|completions|help|lsp)$/,
  quietVerbs: /^(?:info|completions|help|--version|-V)$/,

  parseInstall(command) {
    const [verb, ...operands] = denoWords(command);
    const isInstall =
      verb === 'install' &&
      !hasOption(command, '-g', '--global', '--root') &&
      !command.args.some(({ text }) => /^-[A-Za-z]*g/.test(text)) &&
      (operands.length === 0 || hasOption(command, '--entrypoint', '-e'));
    return isInstall || (verb === 'cache' && operands.length > 0)
      ? { tool: 'deno', isFrozen: hasOption(command, '--frozen'), omitsDev: true, directory: undefined }
      : undefined;
  },

  runsFromCache: true,
  caches: () => [],
};

/** The verb and the operands of a call of Deno, values of its options left out. */
export function denoWords(command: ShellCommand): string[] {
  const words = knownArgs(command);
  return words.filter((word, i) => !word.startsWith('-') && !valuedOptions.includes(words[i - 1] ?? ''));
}

/** What `deno install` and `deno cache` read: manifests and lock file, and the files that are named where those import nothing of the project. */
export function denoManifests(install: ProjectInstall, project: Project, directory: ContextPath): Manifests {
  const [verb, ...entries] = denoWords(install.command);
  if (!project.isKnown) {
    return verb === 'cache' || entries.length > 0
      ? { files: [], doubts: [], blocker: 'Which files the program imports is not known.' }
      : { files: ['deno.json', 'deno.lock'], doubts: ['The project’s files are not known.'] };
  }
  const read = (name: string): string | undefined => project.reader.read(joinPath(directory, name));
  const importer = entries.find((name) => {
    const text = read(name.replace(/^\.\//, ''));
    return text === undefined || /(?:\bfrom|\bimport)\s*(?:\(\s*)?["'](?:\.|\/|@\/|~\/)/.test(text);
  });
  if (importer !== undefined) {
    return {
      files: [],
      doubts: [],
      blocker: `Deno fetches what ${importer} imports, and reads the sources for it.`,
    };
  }
  const maps = ['deno.json', 'deno.jsonc', 'import_map.json'].map((name) => read(name) ?? '').join('\n');
  if (entries.length > 0 && /"\s*:\s*"\.{1,2}\//.test(maps)) {
    return { files: [], doubts: [], blocker: 'deno.json gives names to files of the project.' };
  }
  const files = manifests.filter((name) => read(name) !== undefined);
  if (files.length === 0 && entries.length === 0) {
    return { files: [], doubts: [], blocker: 'There is no readable deno.json where the install runs.' };
  }
  if (/"(?:workspace|links|patch)"\s*:/.test(maps)) {
    return { files: [], doubts: [], blocker: 'The project is a workspace of several packages.' };
  }
  const doubts = files.includes('deno.lock')
    ? []
    : ['There is no deno.lock, so that the install may choose other versions.'];
  const named = entries.map((name) => name.replace(/^\.\//, ''));
  return withoutIgnored({ files: [...files, ...named], doubts }, project, directory);
}

/** The words behind `deno compile`, also where a task of deno.json runs it; undefined for other commands. */
export function compileWords(
  command: ShellCommand,
  project: Project,
  directory: ContextPath,
): string[] | undefined {
  if (command.name !== 'deno') {
    return undefined;
  }
  const words = knownArgs(command);
  if (words[0] === 'compile') {
    return words.length === command.args.length ? words.slice(1) : undefined;
  }
  const [verb, name] = denoWords(command);
  const text = verb === 'task' && name !== undefined ? taskText(name, project, directory) : undefined;
  return text !== undefined && /^deno compile(?: [\w./=:,@-]+)+$/.test(text)
    ? text.split(' ').slice(2)
    : undefined;
}

/** True for `deno compile`, and for a task that runs it among others. */
export function isDenoBuild(command: ShellCommand, project: Project, directory: ContextPath): boolean {
  const [verb, name] = denoWords(command);
  return (
    command.name === 'deno' &&
    (verb === 'compile' ||
      (verb === 'task' &&
        name !== undefined &&
        /\bdeno compile\b/.test(taskText(name, project, directory) ?? '')))
  );
}

function taskText(name: string, project: Project, directory: ContextPath): string | undefined {
  for (const file of ['deno.json', 'deno.jsonc']) {
    const text = project.reader.read(joinPath(directory, file));
    const task = text === undefined ? undefined : objectOf(objectOf(readJsonc(text))['tasks'])[name];
    const own = textOf(task) ?? textOf(objectOf(task)['command']);
    if (own !== undefined) {
      return own.trim();
    }
  }
  return undefined;
}
