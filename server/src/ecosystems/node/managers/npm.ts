import type { ImageTraits } from '../../../images/knowledge.ts';
import { joinPath } from '../../../project/paths.ts';
import { knownArgs } from '../../../syntax/shell/script.ts';
import { readCall } from '../words.ts';
import type { NodeManager } from './manager.ts';

const production = [
  '--production',
  '--prod',
  '--omit=dev',
  '--only=production',
  '--only=prod',
  '--production=true',
];

/** npm, which comes with Node.js. */
export const npm: NodeManager = {
  id: 'npm',
  programs: ['npm'],
  lockFiles: ['package-lock.json', 'npm-shrinkwrap.json'],
  settings: ['.npmrc'],
  ownVerbs: /^(?:cache|prune|config|set|rebuild|version|update|audit|i|install|ci|add|uninstall|dedupe|pkg)$/,
  quietVerbs: /^(?:config|cache|pkg|run-script-list|ls|list|--version|-v|version)$/,
  frozen: { verb: 'ci' },
  withoutLock: 'ends',
  omitDevelopment: '--omit=dev',
  workspaceOptions: ['-w', '--workspace'],
  isInImage: () => true,
  keepsGenerated: true,

  parseInstall(command) {
    const call = readCall(command);
    if (call === undefined) {
      return undefined;
    }
    const { verb = '', directory } = call;
    const isFrozen = ['ci', 'clean-install', 'install-clean'].includes(verb);
    const isInstall = ['install', 'i', 'add'].includes(verb) && !call.namesPackages;
    const omitsDev = knownArgs(command).some((arg) => production.includes(arg));
    return isFrozen || isInstall ? { tool: 'npm', isFrozen, omitsDev, directory } : undefined;
  },

  caches: () => [{ path: '/root/.npm' }],

  scriptOf: ([first]) => (['start', 'test', 'stop', 'restart'].includes(first ?? '') ? first : undefined),

  // What the install was told about peers, the pruning has to be told as well.
  prune: ({ install, traits }) => [
    [
      isOldNpm(traits) ? 'npm prune --production' : 'npm prune --omit=dev',
      ...['--legacy-peer-deps', '--force'].filter((flag) => install?.args.some(({ text }) => text === flag)),
    ].join(' '),
  ],

  workspaceModules({ project, directory, traits }) {
    const nested = nestedModules(project.reader.read(joinPath(directory, 'package-lock.json')) ?? '');
    return nested === undefined
      ? {
          code: 'workspace-layout-unknown',
          reason: 'The project has workspaces, and no readable package-lock.json says where modules lie.',
        }
      : {
          folders: nested,
          make: [],
          prune: (found, install) => npm.prune({ found, project, directory, install, traits }),
        };
  },
};

/** True for images with npm 6, which does not know `--omit`. */
function isOldNpm(traits: ImageTraits | undefined): boolean {
  return traits?.family === 'node' && Number.parseInt(traits.version ?? '', 10) <= 14;
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
