import type { CommandStep } from '../../model/commands.ts';
import { readGoMod } from '../../project/formats/go-mod.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { CacheTarget, Download, Toolchain } from '../toolchain.ts';

export const goToolchain: Toolchain = {
  id: 'go',
  title: 'Go',
  managers: [],
  projectFiles: ['go.mod', 'go.sum', 'go.work'],

  readInstall(command) {
    const words = command.args.map((word) => word.value ?? '');
    const isDownload = command.name === 'go' && words[0] === 'mod' && words[1] === 'download';
    return isDownload ? { tool: 'go', isFrozen: true, omitsDev: true, directory: undefined } : undefined;
  },

  manifests(_install, project, directory) {
    return goManifests(project, directory);
  },

  download(command, project, directory) {
    return isGoBuild(command) && !command.args.some((word) => word.text.startsWith('-mod'))
      ? goDownload(project, directory)
      : undefined;
  },

  isBuild: (command) => isGoBuild(command),

  isProjectCommand: (command) =>
    ['go', 'swag', 'templ', 'wire', 'sqlc', 'buf', 'mockgen'].includes(command.name ?? ''),

  caches({ command, step }: CommandStep, traits): CacheTarget[] {
    const verb = command.args[0]?.value;
    if (
      command.name !== 'go' ||
      !['build', 'install', 'mod', 'get', 'test', 'run', 'generate', 'vet'].includes(verb ?? '')
    ) {
      return [];
    }
    const { variables } = step.before;
    const usual = traits?.family === 'golang' ? '/go' : '/root/go';
    const folder = variables.has('GOPATH') ? variables.get('GOPATH') : usual;
    if (folder?.startsWith('/') !== true || variables.has('GOMODCACHE')) {
      return [];
    }
    const modules = { path: `${folder}/pkg/mod` };
    const compiled = { path: '/root/.cache/go-build' };
    if (verb === 'mod' || verb === 'get') {
      return [modules];
    }
    // What lies in the folder vendor is not downloaded.
    return command.args.some(({ text }) => /^-?-mod=vendor$/.test(text)) ? [compiled] : [modules, compiled];
  },

  buildVariables:
    /^(?:GO111MODULE|GOPROXY|GOPRIVATE|GONOSUMDB|GONOSUMCHECK|GOSUMDB|GOFLAGS|GOOS|GOARCH|CGO_\w+|GOCACHE|GOPATH|GOBIN)$/,
};

/** `go build …`, and `go install` of a package of the project itself. */
export function isGoBuild(command: ShellCommand): boolean {
  const verb = command.args[0]?.value;
  if (command.name !== 'go') {
    return false;
  }
  return verb === 'build' || (verb === 'install' && !command.args.some((word) => word.text.includes('@')));
}

function goManifests(project: Project, directory: ContextPath): Download {
  const command = 'go mod download';
  if (!project.isKnown) {
    return { command, files: ['go.mod', 'go.sum'], doubts: ['The project’s files are not known.'] };
  }
  const text = project.reader.read(joinPath(directory, 'go.mod'));
  if (text === undefined) {
    return { command, files: [], doubts: [], blocker: 'There is no readable go.mod where the build runs.' };
  }
  if (readGoMod(text).replacements.some((to) => /^\.{0,2}\//.test(to))) {
    return {
      command,
      files: [],
      doubts: [],
      blocker: 'go.mod replaces a module by a folder of the project.',
    };
  }
  if (project.reader.read(joinPath(directory, 'go.work')) !== undefined) {
    return { command, files: [], doubts: [], blocker: 'The project is a workspace of several modules.' };
  }
  const hasSum = project.reader.read(joinPath(directory, 'go.sum')) !== undefined;
  return { command, files: hasSum ? ['go.mod', 'go.sum'] : ['go.mod'], doubts: [] };
}

function goDownload(project: Project, directory: ContextPath): Download {
  const found = goManifests(project, directory);
  const isVendored = project.reader.list(joinPath(directory, 'vendor')) !== undefined;
  return isVendored ? { ...found, blocker: 'The modules lie in the folder vendor.' } : found;
}
