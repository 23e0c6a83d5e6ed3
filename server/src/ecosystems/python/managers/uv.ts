import { hasOption, operands } from '../../../syntax/shell/script.ts';
import { uvDevelopment } from '../development.ts';
import { projectDownload, projectManifests } from '../project-manifests.ts';
import type { PythonManager } from './manager.ts';

const lock = 'uv.lock';

/** uv, as far as it installs a project; `uv pip` is read with pip. */
export const uv: PythonManager = {
  id: 'uv',
  programs: ['uv'],
  lockFiles: [lock],
  settings: ['uv.toml'],
  ownVerbs: /^(?:sync|pip|venv|lock|export|cache|python|tool)$/,
  quietVerbs: /^(?:cache|--version)$/,
  frozen: { option: '--locked' },
  withoutLock: 'ends',
  omitVariable: 'UV_NO_DEV',

  parseInstall: (command) =>
    operands(command)[0]?.value === 'sync'
      ? {
          tool: 'uv',
          isFrozen: hasOption(command, '--frozen', '--locked'),
          omitsDev: hasOption(command, '--no-dev', '--only-group', '--no-group'),
          directory: undefined,
        }
      : undefined,

  caches: () => [{ path: '/root/.cache/uv' }],

  manifests: (install, project, directory) =>
    projectManifests(install.command, project, directory, {
      lock,
      isPackage: (tool) => tool.hasBuildSystem || tool.uv['package'] === true,
    }),

  download: (command, project, directory) =>
    projectDownload(command, project, directory, { lock, flag: '--no-install-project' }),

  development: uvDevelopment,
};
