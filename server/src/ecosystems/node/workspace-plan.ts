import { joinImage } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import type { PlanInput, Refusal, RuntimeCopy, RuntimePlan } from '../runtime-plan.ts';
import { smallerBase } from '../smaller-base.ts';
import { namesPath, readSources } from '../source-text.ts';
import { loadedForDevelopment } from './loads.ts';
import type { NodePackage } from './package.ts';
import {
  baseAssumption,
  browserPackages,
  changeInstall,
  fileCopy,
  folderCopy,
  fullImageTools,
  missingAtStart,
  missingManager,
  productionMode,
  toolOf,
  usesFullImage,
} from './plan-parts.ts';
import { workspaceModules } from './prune.ts';
import { readNodeRuntime, runtimeFolders } from './runtime.ts';
import type { NodeStart } from './start.ts';
import { scriptName } from './toolchain.ts';
import { type Workspace, workspaceClosure } from './workspaces.ts';

/** Takes one program out of a project with several packages: itself, the packages it depends on, and the modules of production. */
export function planWorkspace(
  input: PlanInput,
  root: NodePackage,
  start: NodeStart,
  workspaces: readonly Workspace[],
): RuntimePlan | Refusal {
  const { project, directory, workdir } = input;
  const tool = toolOf(input);
  const started = startedWorkspace(input, start, workspaces);
  if (started === undefined || start.kind !== 'file') {
    return {
      code: 'workspace-layout-unknown',
      reason: 'The project has workspaces, and which of them the container starts is not known.',
    };
  }
  const manager = missingManager(input, start);
  if (manager !== undefined) {
    return manager;
  }
  const closure = workspaceClosure(started.workspace, workspaces);
  const modules = workspaceModules(tool, {
    project,
    directory,
    closure,
    all: workspaces,
    traits: input.traits,
  });
  if ('reason' in modules) {
    return modules;
  }
  const browser = browserPackages.find((name) =>
    closure.some((one) => one.found.dependencies[name] !== undefined),
  );
  if (browser !== undefined) {
    return {
      code: 'starts-other-programs',
      reason: `The dependency ${browser} keeps a browser outside of the project’s folder.`,
    };
  }
  const packages = [root, ...workspaces.map((one) => one.found)];
  const developers = new Set(packages.flatMap((one) => Object.keys(one.devDependencies))).size;
  const isPruned =
    developers === 0 ||
    input.installs.some((install) => install.omitsDev) ||
    input.stage.end.environment.get('NODE_ENV') === 'production' ||
    input.commands.some(({ command }) => command.args.some((word) => word.text === 'prune'));
  const mode = productionMode(input);
  const missing = missingAtStart(input, start);
  if (missing !== undefined) {
    return missing;
  }
  const loaded = isPruned
    ? undefined
    : loadedForDevelopment(
        project,
        joinPath(directory, started.workspace.directory),
        joinImage(workdir, started.workspace.directory),
        started.start,
        started.workspace.found,
        mode.length > 0 || input.stage.end.environment.get('NODE_ENV') === 'production',
      );
  if (loaded !== undefined) {
    return {
      code: 'needs-development-dependency',
      reason: `${loaded.file} loads ${loaded.names[0]}, which package.json declares for development only.`,
    };
  }
  const prune = isPruned ? [] : modules.prune(root, input.installs[0]?.command);
  if (!Array.isArray(prune)) {
    return prune;
  }
  const siblings = siblingOutputs(input, closure, workspaces);
  if ('reason' in siblings) {
    return siblings;
  }
  const end = [...prune, ...modules.make];
  const base = smallerBase(input, fullImageTools, usesFullImage(input, started.workspace.found));
  const folder = joinImage(workdir, started.workspace.directory);
  const isPlain = start.isPlain && start.manager !== undefined;
  if (start.workspace === undefined) {
    if (readsRoot(project, directory)) {
      return {
        code: 'workspace-layout-unknown',
        reason:
          'The program starts in the root of a project with workspaces, and what it reads there is not known.',
      };
    }
    const own = input.commands
      .map(({ command }) => scriptName(command))
      .find((script) => runsOwnProgram.test(root.scripts[script ?? ''] ?? ''));
    if (own !== undefined) {
      return {
        code: 'output-unknown',
        reason: `The script “${own}” runs a program of the project in its root, and what it writes there is not known.`,
      };
    }
  }
  const hasModules = packages.some((one) => Object.keys(one.dependencies).length > 0);
  return {
    base,
    content: 'built',
    packages: [],
    builderEnd: [{ kind: 'run', commands: end }],
    change: (at) => changeInstall(at, input, tool),
    copies: [
      fileCopy(workdir, 'package.json'),
      ...(hasModules ? [folderCopy(workdir, 'node_modules')] : []),
      ...closure.flatMap((one) =>
        workspaceCopies(project, directory, workdir, one, started, modules.folders.has(one.directory)),
      ),
      ...siblings.folders.map((path) => folderCopy(workdir, path)),
    ],
    beforeCopies: mode,
    // The package managers run a script in the folder of its package.
    afterCopies: isPlain && start.workspace !== undefined ? [{ kind: 'workdir', path: folder }] : [],
    start: isPlain ? start.words : undefined,
    needless: [
      ...(developers > 0 && !isPruned
        ? [`${developers} development ${developers === 1 ? 'dependency' : 'dependencies'}`]
        : []),
      'the sources',
    ],
    assumptions: [
      `The container runs ${started.workspace.directory}, which needs ${
        closure.length === 1
          ? 'no other package of the project'
          : `${closure
              .slice(1)
              .map((one) => one.directory)
              .join(', ')} as well`
      }.`,
      ...baseAssumption(input, base),
    ],
  };
}

/**
 * What other packages of the project build and the program serves by a path of its own, such as `../../frontend/dist`. A
 * refusal where a source names such a package and it is not known which folder of it.
 */
function siblingOutputs(
  input: PlanInput,
  closure: readonly Workspace[],
  workspaces: readonly Workspace[],
): { readonly folders: readonly string[] } | Refusal {
  const { project, directory } = input;
  const sources = closure
    .map((one) => readSources(project, joinPath(directory, one.directory), /\.[cm]?[jt]sx?$/))
    .join('\n');
  const folders: string[] = [];
  for (const other of workspaces.filter((one) => !closure.includes(one))) {
    const name = other.directory.slice(other.directory.lastIndexOf('/') + 1);
    const named = sources
      .split('\n')
      .filter((line) => namesPath(line, name) && /\.\.|cwd\(|__dirname|import\.meta|path\./.test(line));
    if (named.length === 0) {
      continue;
    }
    const outputs = new Set(named.flatMap((line) => outputNames.filter((output) => namesPath(line, output))));
    const [output] = outputs;
    if (output === undefined || outputs.size > 1 || !isBuilt(input, other)) {
      return {
        code: 'files-needed-unknown',
        reason: `The program reads files of ${other.directory}, and which of them is not known.`,
      };
    }
    folders.push(`${other.directory}/${output}`);
  }
  return { folders };
}

/** True unless every build names packages of the project, and this one is none of them. */
function isBuilt({ builds }: PlanInput, { found, directory }: Workspace): boolean {
  return builds.some(({ command }) => {
    const words = command.args.map((word) => word.value ?? word.text);
    const isPart = words.some((word) => /^(?:--filter|-F|--workspace|-w|workspace)(?:=|$)/.test(word));
    return (
      !isPart || words.some((word) => word.includes(found.name ?? directory) || word.includes(directory))
    );
  });
}

/** Folders that bundlers write to. */
const outputNames = ['dist', 'build', 'out', 'public', '.output', 'www'];

/** A script with a part that is `node FILE`. */
const runsOwnProgram = /(?:^|&&|;)\s*(?:\w+=\S+\s+)*node\s+(?!-)\S/;

/** True for a root with folders of its own that programs read at run time. */
function readsRoot(project: Project, directory: ContextPath): boolean {
  return (project.reader.list(directory) ?? []).some(
    (entry) => entry.kind === 'directory' && runtimeFolders.test(entry.name),
  );
}

interface Started {
  readonly workspace: Workspace;
  readonly start: NodeStart;
}

/** The package that the container starts: by its name, by the path of the file that runs, or by the working folder. */
function startedWorkspace(
  input: PlanInput,
  start: NodeStart,
  workspaces: readonly Workspace[],
): Started | undefined {
  if (start.workspace !== undefined) {
    return { workspace: start.workspace, start };
  }
  const folder = input.stage.end.workdir ?? input.workdir;
  const entry = start.entry ?? '';
  const absolute = entry.startsWith('/') ? entry : joinImage(folder, entry.replace(/^\.\//, ''));
  const workspace = workspaces.find((one) =>
    absolute.startsWith(`${joinImage(input.workdir, one.directory)}/`),
  );
  if (workspace === undefined) {
    return undefined;
  }
  const own = absolute.slice(joinImage(input.workdir, workspace.directory).length + 1);
  return { workspace, start: { ...start, entry: own } };
}

/** What the final stage takes of one package: its manifest, its own modules, and what runs. */
function workspaceCopies(
  project: Project,
  directory: ContextPath,
  workdir: ImagePath,
  workspace: Workspace,
  started: Started,
  hasModules: boolean,
): RuntimeCopy[] {
  const { directory: path, found } = workspace;
  const isStarted = workspace === started.workspace;
  const entry = found.entries.find((one) => /\.[cm]?js$/.test(one)) ?? found.entries[0] ?? 'index.js';
  const start: NodeStart = isStarted
    ? started.start
    : { kind: 'file', words: [], entry, isPlain: false, manager: undefined };
  const { outputs } = readNodeRuntime(project, joinPath(directory, path), joinImage(workdir, path), start);
  if (outputs === 'everything') {
    return [folderCopy(workdir, path)];
  }
  return [
    fileCopy(workdir, `${path}/package.json`),
    ...(hasModules ? [folderCopy(workdir, `${path}/node_modules`)] : []),
    ...outputs.map((one) =>
      one.isFile ? fileCopy(workdir, `${path}/${one.path}`) : folderCopy(workdir, `${path}/${one.path}`),
    ),
  ];
}
