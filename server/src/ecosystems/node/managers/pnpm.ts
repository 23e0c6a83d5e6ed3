import { joinPath } from '../../../project/paths.ts';
import { hasOption } from '../../../syntax/shell/script.ts';
import { lifecycleScripts } from '../lifecycle.ts';
import { isOn, readCall } from '../words.ts';
import type { NodeManager, WorkspaceInput } from './manager.ts';
import { ownFolders, scriptByName, unnamedPackage } from './parts.ts';

/** pnpm, which links modules from one store. */
export const pnpm: NodeManager = {
  id: 'pnpm',
  programs: ['pnpm'],
  lockFiles: ['pnpm-lock.yaml'],
  settings: ['pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs'],
  ownVerbs: /^(?:config|store|prune|install|i|add|fetch|rebuild|deploy|setup)$/,
  quietVerbs: /^(?:config|store|--version|-v)$/,
  frozen: { option: '--frozen-lockfile' },
  withoutLock: 'ends',
  omitDevelopment: '--prod',
  workspaceOptions: ['-F', '--filter', '-C', '--dir'],
  isInImage: () => false,
  keepsGenerated: false,

  parseInstall(command) {
    const call = readCall(command, ['-C', '--dir']);
    return call !== undefined && ['install', 'i'].includes(call.verb ?? '') && !call.namesPackages
      ? {
          tool: 'pnpm',
          isFrozen: hasOption(command, '--frozen-lockfile'),
          omitsDev: isOn(command, '--prod', '-P', '--production'),
          directory: call.directory,
        }
      : undefined;
  },

  caches({ step }) {
    const home = step.before.environment.get('PNPM_HOME') ?? '/root/.local/share/pnpm';
    return [{ id: 'pnpm', path: `${home}/store` }];
  },

  scriptOf: scriptByName,

  prune: () => ['pnpm prune --prod --ignore-scripts'],

  workspaceModules(input) {
    const { project, directory } = input;
    const name = input.closure[0]?.found.name;
    if (name === undefined) {
      return unnamedPackage;
    }
    const read = (file: string): string => project.reader.read(joinPath(directory, file)) ?? '';
    const settings = read('.npmrc') + read('pnpm-workspace.yaml');
    if (/node-?linker|shared-?workspace-?lockfile|virtual-?store-?dir|modules-?dir/i.test(settings)) {
      return {
        code: 'install-layout-unknown',
        reason: 'Settings of pnpm say where modules lie, which is not understood.',
      };
    }
    return {
      folders: ownFolders(input),
      make: [],
      prune: () => pruneWorkspace(name, input, settings + read('package.json') + read('pnpm-lock.yaml')),
    };
  },
};

/**
 * pnpm does not prune a project with several packages: its documentation says to remove all modules and to install
 * those of production anew.
 */
function pruneWorkspace(
  name: string,
  { closure, all }: WorkspaceInput,
  settings: string,
): ReturnType<NodeManager['prune']> {
  const script = lifecycleScripts.find((one) =>
    closure.some(({ found }) => found.scripts[one] !== undefined),
  );
  const compiles = /requiresBuild: true|onlyBuiltDependencies|allowBuilds/.test(settings);
  if (script !== undefined && compiles) {
    return {
      code: 'install-runs-scripts',
      reason: `The script “${script}” of a package runs during the install, as do those of dependencies that are compiled.`,
    };
  }
  const folders = new Set(all.map((one) => `${one.directory.replace(/(?<![^/])[^/]+$/, '*')}/node_modules`));
  const options = ['--prod', '--frozen-lockfile', ...(script === undefined ? [] : ['--ignore-scripts'])];
  return [
    `rm -rf node_modules ${[...folders].join(' ')}`,
    `pnpm install ${options.join(' ')} --filter "${name}..."`,
  ];
}
