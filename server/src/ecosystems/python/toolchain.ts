import type { CommandStep } from '../../model/commands.ts';
import type { Step } from '../../model/dockerfile.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption, operands, type ShellCommand } from '../../syntax/shell/script.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { CacheTarget, Download, Manifests, ProjectInstall, Toolchain } from '../toolchain.ts';
import { pythonDevelopment } from './development.ts';
import { importedForDevelopment } from './loads.ts';

/** What a project's own install writes nothing of: tools that only serve to install. */
const toolPackages =
  /^(?:pip|setuptools|wheel|poetry|poetry-core|poetry-plugin-[\w-]+|uv|pipenv|virtualenv|build|pip-tools)(?:[=<>~![].*)?$/;

export const pythonToolchain: Toolchain = {
  id: 'python',
  title: 'Python',
  compilesDependencies: true,

  readInstall(command) {
    const words = pipWords(command);
    if (words !== undefined) {
      return words[0] === 'install' && requirementFiles(command).length > 0
        ? { tool: 'pip', isFrozen: true, omitsDev: true, directory: undefined }
        : undefined;
    }
    const verb = operands(command)[0]?.value;
    if (command.name === 'poetry' && (verb === 'install' || verb === 'sync')) {
      const omitsDev = hasOption(command, '--only', '--without', '--no-dev');
      return { tool: 'poetry', isFrozen: true, omitsDev, directory: undefined };
    }
    if (command.name === 'uv' && verb === 'sync') {
      const isFrozen = hasOption(command, '--frozen', '--locked');
      const omitsDev = hasOption(command, '--no-dev', '--only-group', '--no-group');
      return { tool: 'uv', isFrozen, omitsDev, directory: undefined };
    }
    if (command.name === 'pipenv' && (verb === 'install' || verb === 'sync') && isWholePipfile(command)) {
      const isFrozen = verb === 'sync' || hasOption(command, '--deploy', '--ignore-pipfile');
      return { tool: 'pipenv', isFrozen, omitsDev: !hasOption(command, '--dev', '-d'), directory: undefined };
    }
    return undefined;
  },

  manifests(install, project, directory) {
    const found =
      install.tool === 'pip'
        ? requirementManifests(install, project, directory)
        : install.tool === 'pipenv'
          ? pipfileManifests(project, directory)
          : projectManifests(install, project, directory);
    return withoutIgnored(found, project, directory);
  },

  development(at, install, project, directory) {
    const isOff =
      install.tool === 'uv' && /^(?:1|true)$/i.test(at.step.before.environment.get('UV_NO_DEV') ?? '');
    const manifest = project.reader.read(joinPath(directory, 'pyproject.toml'));
    const found =
      install.omitsDev || isOff || manifest === undefined
        ? undefined
        : pythonDevelopment(install.tool, manifest);
    const loaded = found === undefined ? undefined : importedForDevelopment(project, directory, found.names);
    return found === undefined || loaded === undefined ? found : { ...found, loaded };
  },

  download(command, project, directory) {
    const install = pythonToolchain.readInstall(command);
    if (
      install === undefined ||
      install.tool === 'pip' ||
      install.tool === 'pipenv' ||
      hasOption(command, '--no-root', '--no-install-project')
    ) {
      return undefined;
    }
    const flag = install.tool === 'poetry' ? '--no-root' : '--no-install-project';
    const written = [command.nameWord, ...command.args].map((word) => word.text).join(' ');
    const lock = lockOf(install.tool);
    const files = ['pyproject.toml', lock];
    const has = (name: string): boolean => project.reader.read(joinPath(directory, name)) !== undefined;
    const isComplete = !project.isKnown || files.every(has);
    const download: Download = {
      command: `${written} ${flag}`,
      files,
      doubts: ['The project itself is installed behind the copy of its sources, as before.'],
      ...(isComplete ? {} : { blocker: `There is no readable ${lock} where the install runs.` }),
    };
    return download;
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
      return /^-m (?:venv|ensurepip)\b/.test(text) || text === '-';
    }
    const verb = operands(command)[0]?.value ?? '';
    return (
      (command.name === 'poetry' && verb !== 'run') ||
      (command.name === 'pipenv' && !['run', 'shell'].includes(verb)) ||
      (command.name === 'uv' && ['sync', 'venv', 'lock', 'pip', 'export', 'python'].includes(verb)) ||
      ['virtualenv', 'pip-compile', 'pip-sync'].includes(command.name ?? '')
    );
  },

  caches({ command, step }: CommandStep): CacheTarget[] {
    const words = pipWords(command);
    if (words?.[0] === 'install') {
      // Without an index, nothing is downloaded.
      return command.args.some(({ text }) => text === '--no-index')
        ? []
        : [{ path: isUvPip(command) ? '/root/.cache/uv' : '/root/.cache/pip' }];
    }
    const tool = pythonToolchain.readInstall(command)?.tool;
    return tool === 'uv'
      ? [{ path: '/root/.cache/uv' }]
      : tool === 'poetry'
        ? poetryCaches(step)
        : tool === 'pipenv'
          ? [{ path: '/root/.cache/pipenv' }]
          : [];
  },
};

/** Poetry also keeps the environments that it makes in its cache, where a mount would swallow them. */
function poetryCaches({ before }: Step): CacheTarget[] {
  const set = ['VIRTUAL_ENV', 'POETRY_VIRTUALENVS_IN_PROJECT', 'POETRY_VIRTUALENVS_PATH'];
  const isElsewhere =
    set.some((name) => before.environment.has(name)) ||
    /^(?:false|0)$/i.test(before.environment.get('POETRY_VIRTUALENVS_CREATE') ?? '');
  const folders = isElsewhere ? [''] : ['/artifacts', '/cache'];
  return before.environment.has('POETRY_CACHE_DIR')
    ? []
    : folders.map((folder) => ({ path: `/root/.cache/pypoetry${folder}` }));
}

/** True for an install of packages that the program needs, by a requirements file or by name. */
export function installsPackages(command: ShellCommand): boolean {
  const words = pipWords(command);
  if (words === undefined) {
    return pythonToolchain.readInstall(command) !== undefined;
  }
  const names = words.slice(1).filter((word) => !word.startsWith('-'));
  return (
    words[0] === 'install' &&
    (requirementFiles(command).length > 0 || !names.every((name) => toolPackages.test(name)))
  );
}

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

function requirementManifests(install: ProjectInstall, project: Project, directory: string): Manifests {
  const named = requirementFiles(install.command);
  const hidden = install.command.args.some((word) => word.value === undefined);
  if (hidden || named.some((file) => file.startsWith('/') || file.includes('://') || file.includes('..'))) {
    return { files: [], doubts: [], blocker: 'The requirements file is not in the build context.' };
  }
  if (!project.isKnown) {
    return { files: named, doubts: ['The project’s files are not known.'] };
  }
  const files = [...named];
  for (const file of files) {
    const text = project.reader.read(joinPath(directory, file));
    if (text === undefined) {
      return { files: [], doubts: [], blocker: `There is no readable ${file} in the build context.` };
    }
    if (/^\s*(?:-e\b|--editable\b|\.{1,2}(?:\/|\s*$|\[)|\S+\s*@\s*file:)/m.test(text)) {
      return { files: [], doubts: [], blocker: `${file} names a folder of the project.` };
    }
    // Files that a requirements file includes count from its own folder.
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
    for (const match of text.matchAll(/^\s*(?:-[rc]|--requirement|--constraint)[\s=]+(\S+)/gm)) {
      const included = `${folder}${(match[1] ?? '').replace(/^\.\//, '')}`;
      if (included.includes('..') || included.includes('://')) {
        return { files: [], doubts: [], blocker: `${file} refers to a file outside of its folder.` };
      }
      if (!files.includes(included)) {
        files.push(included);
      }
    }
  }
  const hasProject = operands(install.command).some((word) => /^\.(?:$|\/|\[)/.test(word.value ?? ''));
  return hasProject
    ? { files: [], doubts: [], blocker: 'The install builds the project itself.' }
    : { files, doubts: [] };
}

function lockOf(tool: string): string {
  return tool === 'poetry' ? 'poetry.lock' : 'uv.lock';
}

/** True for `pipenv install` and `pipenv sync` without the names of packages, which would be added to the Pipfile. */
function isWholePipfile(command: ShellCommand): boolean {
  return command.args.every(
    ({ text }, i) =>
      i === 0 ||
      ['--system', '--deploy', '--ignore-pipfile', '--dev', '-d', '--clear', '--verbose', '-v'].includes(
        text,
      ),
  );
}

function pipfileManifests(project: Project, directory: string): Manifests {
  const names = ['Pipfile', 'Pipfile.lock'];
  if (!project.isKnown) {
    return { files: names, doubts: ['The project’s files are not known.'] };
  }
  const [pipfile, lock] = names.map((name) => project.reader.read(joinPath(directory, name)));
  if (pipfile === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable Pipfile where the install runs.' };
  }
  if (/\b(?:path|file)\s*=\s*["']|editable\s*=\s*true/.test(pipfile)) {
    return { files: [], doubts: [], blocker: 'The Pipfile names folders of the project as dependencies.' };
  }
  return lock === undefined
    ? {
        files: ['Pipfile'],
        doubts: ['There is no lock file, so that the install may choose other versions.'],
      }
    : { files: names, doubts: [] };
}

function projectManifests(install: ProjectInstall, project: Project, directory: string): Manifests {
  const lock = lockOf(install.tool);
  if (!project.isKnown) {
    return { files: ['pyproject.toml', lock], doubts: ['The project’s files are not known.'] };
  }
  const text = project.reader.read(joinPath(directory, 'pyproject.toml'));
  if (text === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable pyproject.toml where the install runs.' };
  }
  const isPackage =
    install.tool === 'poetry'
      ? !/^package-mode\s*=\s*false/m.test(text)
      : /^\[build-system\]|^package\s*=\s*true/m.test(text);
  if (isPackage && !hasOption(install.command, '--no-root', '--no-install-project')) {
    return { files: [], doubts: [], blocker: 'The install builds the project itself.' };
  }
  if (/\bpath\s*=\s*["']|workspace\s*=\s*true/.test(text)) {
    return { files: [], doubts: [], blocker: 'pyproject.toml names folders of the project as dependencies.' };
  }
  const names = ['pyproject.toml', lock, '.python-version', 'poetry.toml'];
  const files = names.filter((name) => project.reader.read(joinPath(directory, name)) !== undefined);
  const doubts = files.includes(lock)
    ? []
    : ['There is no lock file, so that the install may choose other versions.'];
  return { files, doubts };
}
