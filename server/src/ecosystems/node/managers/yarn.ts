import { joinPath } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { hasOption } from '../../../syntax/shell/script.ts';
import type { ContextPath } from '../../../text/path-types.ts';
import { readNodePackage } from '../package.ts';
import { isOn, readCall } from '../words.ts';
import type { NodeManager, PruneInput, WorkspaceInput } from './manager.ts';
import { ownFolders, scriptByName, unnamedPackage } from './parts.ts';
import { readYarnSettings } from './yarn-settings.ts';

/** Yarn, in its first form and in those from 2 on, which keep packages in their own ways. */
export const yarn: NodeManager = {
  id: 'yarn',
  programs: ['yarn'],
  lockFiles: ['yarn.lock'],
  settings: ['.yarnrc', '.yarnrc.yml', '.npmrc'],
  ownVerbs: /^(?:cache|config|set|install|add|global|remove|workspaces|import)$/,
  quietVerbs: /^(?:config|cache|--version|-v)$/,
  frozen: { option: '--frozen-lockfile' },
  withoutLock: 'takes the newest versions',
  omitDevelopment: '--production',
  workspaceOptions: [],
  isInImage: (project, directory) => yarnVersion(project, directory) === 1,
  keepsGenerated: false,

  parseInstall(command) {
    const call = readCall(command);
    if (call === undefined) {
      return undefined;
    }
    const { verb, rest, directory } = call;
    // `focus` installs what one package of the project needs, always as the lock file says.
    const isFocus = verb === 'workspaces' && rest[0] === 'focus';
    const isInstall = verb === undefined || isFocus || (verb === 'install' && !call.namesPackages);
    const isFrozen = isFocus || hasOption(command, '--frozen-lockfile', '--immutable', '--pure-lockfile');
    return isInstall
      ? { tool: 'yarn', isFrozen, omitsDev: isOn(command, '--production', '--prod'), directory }
      : undefined;
  },

  caches({ command }, _traits, project) {
    const version = yarnVersion(project, '');
    if (version === 1 && !hasOption(command, '--immutable')) {
      return [{ path: '/usr/local/share/.cache/yarn', sharing: 'locked' }];
    }
    // Yarn 4 keeps one cache for all projects, unless it is told otherwise; with Plug’n’Play the program runs from it.
    const { nodeLinker, enableGlobalCache } = readYarnSettings(project, '') ?? {};
    const isKept = nodeLinker === 'node-modules' && enableGlobalCache !== false;
    return version !== undefined && version >= 4 && isKept
      ? [{ path: '/root/.yarn/berry/cache', sharing: 'locked' }]
      : [];
  },

  scriptOf(words) {
    const [first] = words;
    if (first === 'workspace' || first === 'workspaces') {
      const script = words.slice(2).find((word) => word !== 'run');
      return script === 'install' || script === 'focus' ? undefined : script;
    }
    return scriptByName(words);
  },

  folders(project, directory) {
    const own = (project.reader.list(joinPath(directory, '.yarn')) ?? []).map((entry) => entry.name);
    return ['releases', 'plugins', 'patches', 'cache']
      .filter((name) => own.includes(name))
      .map((name) => `.yarn/${name}/`);
  },

  prune,

  workspaceModules(input: WorkspaceInput) {
    const { project, directory, traits } = input;
    const name = input.closure[0]?.found.name;
    if (name === undefined) {
      return unnamedPackage;
    }
    // Which modules Yarn keeps below a package depends on the versions that it found: the folder may be missing.
    const folders = ownFolders(input);
    const paths = [...folders].map((folder) => `${folder}/node_modules`);
    return {
      folders,
      make: folders.size === 0 ? [] : [`mkdir -p ${paths.join(' ')}`],
      prune(found, install) {
        const commands = prune({ found, project, directory, install, traits });
        const isFocused = yarnVersion(project, directory) !== 1 && Array.isArray(commands);
        return isFocused ? [`yarn workspaces focus ${name} --production`] : commands;
      },
    };
  },
};

function prune({ project, directory }: PruneInput): ReturnType<NodeManager['prune']> {
  const version = yarnVersion(project, directory);
  if (version === 1) {
    return ['yarn install --production --ignore-scripts --prefer-offline --frozen-lockfile'];
  }
  if (!keepsModules(project, directory)) {
    return {
      code: 'install-layout-unknown',
      reason: 'Yarn keeps the dependencies in its own cache (Plug’n’Play), not in node_modules.',
    };
  }
  return version !== undefined && version >= 4
    ? ['yarn workspaces focus --production']
    : {
        code: 'pruning-unknown',
        reason: 'Which version of Yarn takes the development dependencies away is not known.',
      };
}

/** The first number of Yarn's version that a project asks for; 1 where nothing asks for another, undefined where it is not known. */
export function yarnVersion(project: Project, directory: ContextPath): number | undefined {
  const settings = readYarnSettings(project, directory);
  const named =
    /^yarn@(\d+)/.exec(readNodePackage(project, directory)?.packageManager ?? '')?.[1] ??
    /\/yarn-(\d+)\./.exec(settings?.yarnPath ?? '')?.[1];
  return named === undefined ? (settings === undefined ? 1 : undefined) : Number(named);
}

/** True where Yarn keeps modules in node_modules: Yarn 1, or a later one that is told to. */
export function keepsModules(project: Project, directory: ContextPath): boolean {
  return (
    yarnVersion(project, directory) === 1 ||
    readYarnSettings(project, directory)?.nodeLinker === 'node-modules'
  );
}
