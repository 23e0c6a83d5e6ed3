import { readDotnetProject } from '../../project/formats/msbuild.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Download, Manifests, Toolchain } from '../toolchain.ts';

/** Files that a restore reads beside the project files, wherever they lie above them. */
const settings =
  /^(?:nuget\.config|directory\.(?:build|packages)\.(?:props|targets)|global\.json|packages\.lock\.json)$/i;

const projectFile = /\.(?:csproj|fsproj|vbproj)$/;

export const dotnetToolchain: Toolchain = {
  id: 'dotnet',
  title: '.NET',
  managers: [],
  projectFiles: ['*.csproj', '*.fsproj', '*.vbproj', '*.sln', '*.slnx', 'global.json'],

  readInstall(command) {
    return command.name === 'dotnet' && command.args[0]?.value === 'restore'
      ? { tool: 'dotnet', isFrozen: true, omitsDev: true, directory: undefined }
      : undefined;
  },

  manifests: (_install, project, directory) => restoreFiles(project, directory),

  download(command, project, directory) {
    if (!isBuild(command) || hasOption(command, '--no-restore')) {
      return undefined;
    }
    return restoreFirst(command, project, directory);
  },

  isBuild,

  isProjectCommand: (command) => command.name === 'dotnet',

  caches({ command, step }) {
    const fetches = ['restore', 'build', 'publish', 'test', 'run'].includes(command.args[0]?.value ?? '');
    return command.name === 'dotnet' && fetches && !step.before.variables.has('NUGET_PACKAGES')
      ? [{ path: '/root/.nuget/packages' }]
      : [];
  },

  buildVariables: /^(?:NUGET_|DOTNET_CLI_|DOTNET_NOLOGO$|DOTNET_SKIP_)/,
};

function isBuild(command: ShellCommand): boolean {
  return command.name === 'dotnet' && ['build', 'publish'].includes(command.args[0]?.value ?? '');
}

/** `dotnet restore` of what the build names, with the options that decide what is fetched. */
function restoreFirst(command: ShellCommand, project: Project, directory: ContextPath): Download {
  const words = command.args.slice(1).map((word) => word.text);
  const valued = [
    '-c',
    '--configuration',
    '-o',
    '--output',
    '-f',
    '--framework',
    '-r',
    '--runtime',
    '-v',
    '--verbosity',
    '-a',
    '--arch',
    '--os',
  ];
  const named = words.filter(
    (word, i) => !/^(?:-|\/p:|true$|false$)/.test(word) && !valued.includes(words[i - 1] ?? ''),
  );
  const runtime = words.flatMap((word, i) =>
    word === '-r' || word === '--runtime'
      ? [word, words[i + 1] ?? '']
      : /^(?:-r|--runtime)=/.test(word)
        ? [word]
        : [],
  );
  return {
    ...restoreFiles(project, directory),
    command: ['dotnet', 'restore', ...named, ...runtime].join(' '),
  };
}

/** The project files of all folders, and what is set for all of them. */
function restoreFiles(project: Project, directory: ContextPath): Manifests {
  if (!project.isKnown) {
    return { files: [], doubts: [], blocker: 'The files of the project are not known.' };
  }
  const files: string[] = [];
  const folders = [''];
  for (let at = 0; at < folders.length && at < 60; at++) {
    const folder = folders[at] ?? '';
    for (const entry of project.reader.list(joinPath(directory, folder) || '') ?? []) {
      const path = joinPath(folder, entry.name);
      if (
        entry.kind === 'directory' &&
        !/^(?:\..*|bin|obj|node_modules|wwwroot|packages)$/.test(entry.name)
      ) {
        folders.push(path);
      } else if (projectFile.test(entry.name) || /\.slnx?$/.test(entry.name) || settings.test(entry.name)) {
        files.push(path);
      }
    }
  }
  const named = files.filter((file) => projectFile.test(file));
  if (named.length === 0) {
    return { files: [], doubts: [], blocker: 'There is no project file where the build runs.' };
  }
  if (named.length > 12) {
    return {
      files: [],
      doubts: [],
      blocker: 'The restore reads more project files than are worth a line each.',
    };
  }
  const read = named.map((file) => readDotnetProject(project.reader.read(joinPath(directory, file)) ?? ''));
  const isOutside = read.some(
    (one) =>
      one === undefined ||
      one.imports.some((path) => !path.startsWith('$(')) ||
      [...one.references, ...one.imports].some((path) => /(?:\.\.[\\/]){3}/.test(path)),
  );
  if (isOutside) {
    return { files: [], doubts: [], blocker: 'The project files import others.' };
  }
  return { files: files.sort((a, b) => Number(a.includes('/')) - Number(b.includes('/'))), doubts: [] };
}
