import { hasOption } from '../../../syntax/shell/script.ts';
import { lifecycleScripts } from '../lifecycle.ts';
import { isOn, readCall } from '../words.ts';
import type { NodeManager } from './manager.ts';
import { scriptByName, unnamedPackage } from './parts.ts';

/** Bun, as far as it installs packages. */
export const bun: NodeManager = {
  id: 'bun',
  programs: ['bun'],
  lockFiles: ['bun.lock', 'bun.lockb'],
  // Where it has no lock file of its own, it takes the versions from that of npm.
  settings: ['bunfig.toml', '.npmrc', 'package-lock.json'],
  ownVerbs: /^(?:install|i|ci|add|pm)$/,
  frozen: { option: '--frozen-lockfile' },
  withoutLock: 'takes the newest versions',
  omitDevelopment: '--production',
  workspaceOptions: [],
  isInImage: () => false,
  keepsGenerated: false,

  parseInstall(command) {
    const call = readCall(command);
    return call !== undefined && ['install', 'i', 'ci'].includes(call.verb ?? '') && !call.namesPackages
      ? {
          tool: 'bun',
          isFrozen: hasOption(command, '--frozen-lockfile') || call.verb === 'ci',
          omitsDev: isOn(command, '--production', '-p'),
          directory: call.directory,
        }
      : undefined;
  },

  caches: () => [{ path: '/root/.bun/install/cache' }],

  scriptOf: scriptByName,

  prune({ found }) {
    // Bun runs the scripts of trusted dependencies only, and the project's own, which may need its tools.
    const hasScripts = lifecycleScripts.some((name) => found.scripts[name] !== undefined);
    if (hasScripts && found.fields.includes('trustedDependencies')) {
      return {
        code: 'install-runs-scripts',
        reason: 'The project has scripts that run during the install, as do those of trusted dependencies.',
      };
    }
    const options = ['--production', '--frozen-lockfile', ...(hasScripts ? ['--ignore-scripts'] : [])];
    return ['rm -rf node_modules', `bun install ${options.join(' ')}`];
  },

  workspaceModules: ({ closure }) =>
    closure[0]?.found.name === undefined
      ? unnamedPackage
      : {
          code: 'workspace-layout-unknown',
          reason: 'The project has workspaces, and which folders bun links for one of them is not known.',
        },
};
