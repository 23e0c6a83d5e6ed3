import { joinPath } from '../../project/paths.ts';
import { unknownProject } from '../../project/project.ts';
import { operands, type ShellCommand } from '../../syntax/shell/script.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { ParsedInstall, Toolchain } from '../toolchain.ts';
import { pythonFrameworks } from './frameworks.ts';
import { importedForDevelopment } from './loads.ts';
import { pythonManagerOf, pythonManagers } from './managers/index.ts';
import type { PythonManager } from './managers/manager.ts';
import { asProgram } from './managers/module-call.ts';
import { installsByPip, pip, pipWords } from './managers/pip.ts';

export const pythonToolchain: Toolchain = {
  id: 'python',
  title: 'Python',
  compilesDependencies: true,
  buildVariables: /^(?:POETRY_(?!VIRTUALENVS_IN_PROJECT$)|PIPENV_(?!VENV_IN_PROJECT$)|PIPX_|PDM_)/,

  managers: pythonManagers,
  frameworks: pythonFrameworks,
  projectFiles: ['pyproject.toml', 'setup.py', 'setup.cfg', '.python-version'],

  readInstall: (command) => parseInstall(command),

  manifests(install, project, directory) {
    const found = managerOf(install.tool)?.manifests(
      { ...install, command: asProgram(install.command) },
      project,
      directory,
    );
    return withoutIgnored(found ?? { files: [], doubts: [] }, project, directory);
  },

  development(at, install, project, directory) {
    const manager = managerOf(install.tool);
    const isOff = /^(?:1|true)$/i.test(at.step.before.environment.get(manager?.omitVariable ?? '') ?? '');
    const manifest = project.reader.read(joinPath(directory, 'pyproject.toml'));
    const found =
      install.omitsDev || isOff || manifest === undefined ? undefined : manager?.development?.(manifest);
    const loaded = found === undefined ? undefined : importedForDevelopment(project, directory, found.names);
    return found === undefined || loaded === undefined ? found : { ...found, loaded };
  },

  download(command, project, directory) {
    const manager = pythonManagerOf(command);
    return parseInstall(command) === undefined
      ? undefined
      : manager?.download?.(asProgram(command), project, directory);
  },

  isBuild() {
    return false;
  },

  isProjectCommand(command) {
    const words = pipWords(command);
    if (words !== undefined) {
      return true;
    }
    const text = command.args.map((word) => word.text).join(' ');
    if (command.name === 'curl' || command.name === 'wget') {
      return /install\.python-poetry\.org|astral\.sh\/uv/.test(text);
    }
    if (/^python[\d.]*$/.test(command.name ?? '')) {
      const isOwn = /^-m (?:venv|ensurepip)\b/.test(text) || text === '-';
      if (isOwn || pythonManagerOf(command) === undefined) {
        return isOwn;
      }
    }
    const verb = operands(asProgram(command))[0]?.value ?? '';
    return (
      pythonManagerOf(command)?.ownVerbs.test(verb) === true ||
      ['virtualenv', 'pip-compile', 'pip-sync'].includes(command.name ?? '')
    );
  },

  caches(at, traits, project = unknownProject) {
    const manager = pythonManagerOf(at.command);
    const fetches = pipWords(at.command)?.[0] === 'install' || parseInstall(at.command) !== undefined;
    return fetches ? (manager?.caches(at, traits, project) ?? []) : [];
  },
};

/** An install of what a project names, `python -m …` included. */
function parseInstall(command: ShellCommand): ParsedInstall | undefined {
  const manager = pythonManagerOf(command);
  return manager?.parseInstall(manager === pip ? command : asProgram(command));
}

function managerOf(tool: string): PythonManager | undefined {
  return pythonManagers.find((one) => one.id === tool);
}

/** True for an install of packages that the program needs, by a requirements file or by name. */
export function installsPackages(command: ShellCommand): boolean {
  return pipWords(command) === undefined
    ? pythonToolchain.readInstall(command) !== undefined
    : installsByPip(command);
}
