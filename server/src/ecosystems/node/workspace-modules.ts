import type { ImageTraits } from '../../images/knowledge.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { Refusal } from '../runtime-plan.ts';
import { lifecycleScripts } from './manifests.ts';
import { type NodePackage, yarnVersion } from './package.ts';
import { pruneCommand } from './prune.ts';
import type { Workspace } from './workspaces.ts';

/** Where a package manager keeps the modules of a program that is one package of several. */
export interface WorkspaceModules {
  /** The packages with a folder of modules of their own, beside the common one in the root. */
  readonly folders: ReadonlySet<string>;
  /** Commands that make those folders where the package manager may have left them out. */
  readonly make: readonly string[];
  /** The commands that leave only the modules that run in production, or why they are not known. */
  prune(root: NodePackage, install: ShellCommand | undefined): string[] | Refusal;
}

/** Works out where the modules of a package and of those it depends on lie; the package that is started comes first in `closure`. */
export function workspaceModules(
  tool: string,
  project: Project,
  directory: string,
  closure: readonly Workspace[],
  all: readonly Workspace[],
  traits: ImageTraits | undefined,
): WorkspaceModules | Refusal {
  const read = (name: string): string => project.reader.read(joinPath(directory, name)) ?? '';
  const dependent = closure.filter((one) => Object.keys(one.found.dependencies).length > 0);
  const folders = new Set(dependent.map((one) => one.directory));
  const name = closure[0]?.found.name;
  if (tool === 'npm') {
    const nested = nestedModules(read('package-lock.json'));
    return nested === undefined
      ? { reason: 'The project has workspaces, and no readable package-lock.json says where modules lie.' }
      : {
          folders: nested,
          make: [],
          prune: (root, install) => pruneCommand(tool, root, project, directory, install, traits),
        };
  }
  const prisma = closure.some((one) => one.found.dependencies['@prisma/client'] !== undefined);
  if (prisma || name === undefined) {
    return {
      reason: prisma
        ? `${tool} would take the generated Prisma client away with the development dependencies.`
        : 'The package that the container starts has no name.',
    };
  }
  if (tool === 'pnpm') {
    const settings = read('.npmrc') + read('pnpm-workspace.yaml');
    if (/node-?linker|shared-?workspace-?lockfile|virtual-?store-?dir|modules-?dir/i.test(settings)) {
      return { reason: 'Settings of pnpm say where modules lie, which is not understood.' };
    }
    return {
      folders,
      make: [],
      prune: () => pnpmPrune(name, closure, all, settings + read('package.json') + read('pnpm-lock.yaml')),
    };
  }
  if (tool === 'yarn') {
    // Which modules Yarn keeps below a package depends on the versions that it found: the folder may be missing.
    const make = folders.size === 0 ? [] : [`mkdir -p ${nodeModules([...folders]).join(' ')}`];
    return {
      folders,
      make,
      prune: (root, install) => {
        const commands = pruneCommand(tool, root, project, directory, install, traits);
        const isFocused = yarnVersion(project, directory) !== 1 && Array.isArray(commands);
        return isFocused ? [`yarn workspaces focus ${name} --production`] : commands;
      },
    };
  }
  return {
    reason: `The project has workspaces, and which folders ${tool} links for one of them is not known.`,
  };
}

/**
 * pnpm does not prune a project with several packages: its documentation says to remove all modules and to install
 * those of production anew.
 */
function pnpmPrune(
  name: string,
  closure: readonly Workspace[],
  all: readonly Workspace[],
  settings: string,
): string[] | Refusal {
  const script = lifecycleScripts.find((one) =>
    closure.some(({ found }) => found.scripts[one] !== undefined),
  );
  const compiles = /requiresBuild: true|onlyBuiltDependencies|allowBuilds/.test(settings);
  if (script !== undefined && compiles) {
    return {
      reason: `The script “${script}” of a package runs during the install, as do those of dependencies that are compiled.`,
    };
  }
  const folders = nodeModules([...new Set(all.map((one) => one.directory.replace(/[^/]+$/, '*')))]);
  const options = ['--prod', '--frozen-lockfile', ...(script === undefined ? [] : ['--ignore-scripts'])];
  return [
    `rm -rf node_modules ${folders.join(' ')}`,
    `pnpm install ${options.join(' ')} --filter "${name}..."`,
  ];
}

function nodeModules(folders: readonly string[]): string[] {
  return folders.map((folder) => `${folder}/node_modules`);
}

/** The packages that keep modules of production in a folder of their own; undefined where the lock file is not readable. */
function nestedModules(text: string): Set<string> | undefined {
  try {
    const lock = JSON.parse(text) as { packages?: Record<string, { dev?: unknown } | undefined> };
    const entries = Object.entries(lock.packages ?? {});
    return entries.length === 0
      ? undefined
      : new Set(
          entries.flatMap(([path, one]) => {
            const at = path.indexOf('/node_modules/');
            return at < 0 || path.startsWith('node_modules/') || one?.dev === true ? [] : [path.slice(0, at)];
          }),
        );
  } catch {
    return undefined;
  }
}
