import type { Toolchain } from '../toolchain.ts';
import { isDartBuild, pub, pubManifests } from './pub.ts';

export const dartToolchain: Toolchain = {
  id: 'dart',
  title: 'Dart',
  managers: [pub],
  projectFiles: [],

  readInstall: (command) => pub.parseInstall(command),

  manifests: (_install, project, directory) => pubManifests(project, directory),

  isBuild: isDartBuild,

  isProjectCommand: (command) =>
    ['dart', 'dart2native', 'dart_frog', 'build_runner'].includes(command.name ?? ''),

  caches: () => [],

  buildVariables: /^(?:PUB_|DART_(?!VM_OPTIONS))/,
};
