import { hasOption, type ShellCommand } from '../../../syntax/shell/script.ts';
import { requirementManifests } from '../requirement-manifests.ts';
import type { PythonManager } from './manager.ts';

/** What a project's own install writes nothing of: tools that only serve to install. */
const toolPackages =
  /^(?:pip|setuptools|wheel|poetry|poetry-core|poetry-plugin-[\w-]+|uv|pipenv|pdm|virtualenv|build|pip-tools)(?:[=<>~![].*)?$/;

/** pip, also where `uv pip` takes its words. */
export const pip: PythonManager = {
  id: 'pip',
  programs: ['pip', 'pip3'],
  lockFiles: [],
  settings: ['requirements*.txt', 'constraints*.txt'],
  ownVerbs: /./,
  quietVerbs: /^(?:cache|config|list|check|--version)$/,

  parseInstall: (command) =>
    pipWords(command)?.[0] === 'install' && requirementFiles(command).length > 0
      ? { tool: 'pip', isFrozen: true, omitsDev: true, directory: undefined }
      : undefined,

  // Without an index, nothing is downloaded.
  caches: ({ command }) =>
    command.args.some(({ text }) => text === '--no-index')
      ? []
      : [{ path: isUvPip(command) ? '/root/.cache/uv' : '/root/.cache/pip' }],

  manifests: (install, project, directory) =>
    requirementManifests(install.command, requirementFiles(install.command), project, directory),
};

/** True for `uv pip`, which takes the words of pip, keeps a cache of its own, and by itself installs to a virtual environment. */
export function isUvPip(command: ShellCommand): boolean {
  return command.name === 'uv' && command.args[0]?.text === 'pip';
}

/** The words behind `pip`, also for `python -m pip` and `uv pip`; undefined for other commands. */
export function pipWords(command: ShellCommand): string[] | undefined {
  const words = command.args.map((word) => word.value ?? word.text);
  const isModule = /^python[\d.]*$/.test(command.name ?? '') && words[0] === '-m' && words[1] === 'pip';
  const before = isUvPip(command) ? 1 : isModule ? 2 : /^pip[\d.]*$/.test(command.name ?? '') ? 0 : undefined;
  return before === undefined
    ? undefined
    : words.slice(before).filter((word) => !word.startsWith('-') || word.startsWith('-r'));
}

/** True for a command of pip that installs what is no tool of the build, by a requirements file or by name. */
export function installsByPip(command: ShellCommand): boolean {
  const [verb, ...words] = pipWords(command) ?? [];
  const names = words.filter((word) => !word.startsWith('-'));
  return (
    verb === 'install' &&
    (requirementFiles(command).length > 0 || !names.every((name) => toolPackages.test(name)))
  );
}

/** The files named by `-r`; empty when the command names packages only, or holds the project itself. */
function requirementFiles(command: ShellCommand): string[] {
  if (hasOption(command, '-e', '--editable')) {
    return [];
  }
  const files: string[] = [];
  command.args.forEach((word, i) => {
    const text = word.value ?? '';
    if (text === '-r' || text === '--requirement') {
      files.push(command.args[i + 1]?.value ?? '');
    } else if (text.startsWith('--requirement=')) {
      files.push(text.slice('--requirement='.length));
    } else if (/^-r\S/.test(text)) {
      files.push(text.slice(2));
    }
  });
  return files.filter((file) => file !== '').map((file) => file.replace(/^\.\//, ''));
}
