import type { Toolchain } from '../toolchain.ts';
import { denoManager, denoManifests, isDenoBuild } from './commands.ts';

export const denoToolchain: Toolchain = {
  id: 'deno',
  title: 'Deno',
  managers: [denoManager],
  projectFiles: [],
  helpers: ['node'],

  readInstall: (command) => (command.name === 'deno' ? denoManager.parseInstall(command) : undefined),

  manifests: denoManifests,

  isBuild: isDenoBuild,

  isProjectCommand: (command) => command.name === 'deno',

  caches: () => [],

  buildVariables: /^DENO_(?:DIR|INSTALL_ROOT|NO_UPDATE_CHECK|AUTH_TOKENS)$/,
};
