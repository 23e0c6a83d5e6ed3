import { hasOption, operands } from '../../../syntax/shell/script.ts';
import { poetryDevelopment } from '../development.ts';
import { projectDownload, projectManifests } from '../project-manifests.ts';
import type { PythonManager } from './manager.ts';

const lock = 'poetry.lock';

/** Poetry, which by itself makes virtual environments in its cache. */
export const poetry: PythonManager = {
  id: 'poetry',
  programs: ['poetry'],
  lockFiles: [lock],
  settings: ['poetry.toml'],
  ownVerbs: /^(?:install|sync|config|lock|export|cache|self|add|env|check)$/,
  quietVerbs: /^(?:config|check|--version)$/,

  parseInstall(command) {
    const verb = operands(command)[0]?.value;
    return verb === 'install' || verb === 'sync'
      ? {
          tool: 'poetry',
          isFrozen: true,
          omitsDev: hasOption(command, '--only', '--without', '--no-dev'),
          directory: undefined,
        }
      : undefined;
  },

  /** Poetry also keeps the environments that it makes in its cache, where a mount would swallow them. */
  caches({ step }) {
    const { environment } = step.before;
    const set = ['VIRTUAL_ENV', 'POETRY_VIRTUALENVS_IN_PROJECT', 'POETRY_VIRTUALENVS_PATH'];
    const isElsewhere =
      set.some((name) => environment.has(name)) ||
      /^(?:false|0)$/i.test(environment.get('POETRY_VIRTUALENVS_CREATE') ?? '');
    const folders = isElsewhere ? [''] : ['/artifacts', '/cache'];
    return environment.has('POETRY_CACHE_DIR')
      ? []
      : folders.map((folder) => ({ path: `/root/.cache/pypoetry${folder}` }));
  },

  manifests: (install, project, directory) =>
    projectManifests(install.command, project, directory, {
      lock,
      isPackage: (tool) => tool.poetry['package-mode'] !== false,
    }),

  download: (command, project, directory) =>
    projectDownload(command, project, directory, { lock, flag: '--no-root' }),

  development: poetryDevelopment,
};
