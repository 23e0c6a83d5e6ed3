import type { Toolchain } from '../toolchain.ts';
import { clojureManifests, clojureTools, isClojureBuild, leiningen } from './commands.ts';

export const clojureToolchain: Toolchain = {
  id: 'clojure',
  title: 'Clojure',
  managers: [leiningen, clojureTools],
  projectFiles: [],
  helpers: ['node'],

  readInstall: (command) => leiningen.parseInstall(command) ?? clojureTools.parseInstall(command),

  manifests: (install, project, directory) => clojureManifests(install.tool, project, directory),

  isBuild: isClojureBuild,

  isProjectCommand: (command) => ['lein', 'clojure', 'clj', 'boot'].includes(command.name ?? ''),

  caches: () => [],

  buildVariables: /^(?:LEIN_|CLJ_|CLOJURE_)/,
};
