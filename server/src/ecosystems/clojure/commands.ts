import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { knownArgs, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { CacheTarget, Manifests, PackageManager } from '../toolchain.ts';

/** The local repository of Maven, which both tools fill and read. */
export const repository: CacheTarget = { path: '/root/.m2/repository' };

/** Leiningen. */
export const leiningen: PackageManager = {
  id: 'lein',
  programs: ['lein'],
  lockFiles: [],
  settings: ['project.clj', 'profiles.clj'],
  ownVerbs: /^(?:deps|clean|version|help|classpath)$/,
  quietVerbs: /^(?:version|help|clean)$/,

  parseInstall: (command) =>
    command.name === 'lein' && knownArgs(command).at(-1) === 'deps'
      ? { tool: 'lein', isFrozen: true, omitsDev: true, directory: undefined }
      : undefined,

  // Every later command reads the repository: a mount for the install alone would leave it nothing.
  caches: () => [],
};

/** The command line of Clojure itself, which reads deps.edn. */
export const clojureTools: PackageManager = {
  id: 'clojure',
  programs: ['clojure', 'clj'],
  lockFiles: [],
  settings: ['deps.edn', 'build.clj'],
  ownVerbs: /^-(?:P|Stree|Spath|version)/,

  parseInstall: (command) =>
    clojureTools.programs.includes(command.name ?? '') && knownArgs(command).includes('-P')
      ? { tool: 'clojure', isFrozen: true, omitsDev: true, directory: undefined }
      : undefined,

  caches: () => [],
};

/** The file that an install reads; it is written in Clojure, and may read more. */
export function clojureManifests(tool: string, project: Project, directory: ContextPath): Manifests {
  const name = tool === 'lein' ? 'project.clj' : 'deps.edn';
  if (!project.isKnown) {
    return { files: [name], doubts: ['The project’s files are not known.'] };
  }
  const text = project.reader.read(joinPath(directory, name));
  if (text === undefined) {
    return { files: [], doubts: [], blocker: `There is no readable ${name} where the install runs.` };
  }
  if (
    /:local\/root|\bslurp\b|:checkouts|clojure\.java\.(?:io|shell)|:parent-project|lein-(?:sub|modules|parent)/.test(
      text,
    )
  ) {
    return { files: [], doubts: [], blocker: `${name} names other files of the project.` };
  }
  return withoutIgnored({ files: [name], doubts: [] }, project, directory);
}

/** True for a command that compiles or packs. */
export function isClojureBuild(command: ShellCommand): boolean {
  const words = knownArgs(command);
  return command.name === 'lein'
    ? words.some((word) => /^(?:ring$|compile,?$|jar,?$|uberjar,?$|uberwar,?$)/.test(word))
    : clojureTools.programs.includes(command.name ?? '') &&
        !words.includes('-P') &&
        words.some((word) => /^-[TXM]:?\S*(?:build|uber)/.test(word) || /^uber(?:jar)?$/.test(word));
}

/** True for a build that packs all dependencies into one jar. */
export function packsAll(command: ShellCommand): boolean {
  return (
    isClojureBuild(command) &&
    (command.name !== 'lein' || knownArgs(command).some((word) => /^uberjar,?$/.test(word)))
  );
}
