import { hasOption, operands } from '../../../syntax/shell/script.ts';
import { pdmDevelopment } from '../development.ts';
import { projectDownload, projectManifests } from '../project-manifests.ts';
import type { PythonManager } from './manager.ts';

const lock = 'pdm.lock';

/** PDM, which makes its virtual environment in the folder of the project. */
export const pdm: PythonManager = {
  id: 'pdm',
  programs: ['pdm'],
  lockFiles: [lock],
  settings: ['pdm.toml'],
  ownVerbs: /^(?:install|sync|lock|export|cache|config|venv|self|add|update|use)$/,
  quietVerbs: /^(?:cache|config|--version)$/,
  frozen: { option: '--frozen-lockfile' },

  parseInstall(command) {
    const verb = operands(command)[0]?.value;
    return verb === 'install' || verb === 'sync'
      ? {
          tool: 'pdm',
          isFrozen: verb === 'sync' || hasOption(command, '--frozen-lockfile', '--no-lock', '--check'),
          omitsDev: hasOption(command, '--prod', '--production', '--no-default', '--without'),
          directory: undefined,
        }
      : undefined;
  },

  caches: ({ step }) => (step.before.environment.has('PDM_CACHE_DIR') ? [] : [{ path: '/root/.cache/pdm' }]),

  manifests: (install, project, directory) =>
    projectManifests(install.command, project, directory, {
      lock,
      isPackage: (tool) => tool.hasBuildSystem && tool.pdm['distribution'] !== false,
    }),

  download: (command, project, directory) =>
    projectDownload(command, project, directory, { lock, flag: '--no-self' }),

  development: pdmDevelopment,
};
