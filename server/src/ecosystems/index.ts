import type { Project } from '../project/project.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import { memoizeFor, memoizeForBoth } from '../text/memoize.ts';
import { c } from './c/index.ts';
import { clojure } from './clojure/index.ts';
import { dart } from './dart/index.ts';
import { deno } from './deno/index.ts';
import { dotnet } from './dotnet/index.ts';
import type { Ecosystem, InstallCommand } from './ecosystem.ts';
import { elixir } from './elixir/index.ts';
import type { UsualServer } from './framework.ts';
import { gleam } from './gleam/index.ts';
import { go } from './go/index.ts';
import { java } from './java/index.ts';
import { node } from './node/index.ts';
import { php } from './php/index.ts';
import { python } from './python/index.ts';
import { ruby } from './ruby/index.ts';
import { rust } from './rust/index.ts';
import { scala } from './scala/index.ts';
import type { PackageManager } from './toolchain.ts';
import { unsupportedEcosystems } from './unsupported/index.ts';

export const ecosystems: readonly Ecosystem[] = [
  node,
  python,
  go,
  ruby,
  php,
  java,
  rust,
  c,
  dotnet,
  elixir,
  deno,
  scala,
  dart,
  clojure,
  gleam,
  ...unsupportedEcosystems,
];

/** The package managers of all ecosystems. */
export const packageManagers: readonly PackageManager[] = ecosystems.flatMap((one) => one.managers);

/** The servers of all frameworks that listen to a port of their own where none is named. */
export const usualServers: readonly UsualServer[] = ecosystems
  .flatMap((one) => one.frameworks ?? [])
  .flatMap(({ server }) => server ?? []);

/** Names of all files that say what a project is, and of what its package managers read and write; may hold `*`. */
export const projectFiles: readonly string[] = [
  ...new Set([
    ...ecosystems.flatMap((one) => one.projectFiles),
    ...packageManagers.flatMap((one) => [...one.lockFiles, ...one.settings]),
  ]),
];

/** Reads a command as the install of a project's dependencies, whatever the ecosystem. */
export const readInstall = memoizeFor((command: ShellCommand): InstallCommand | undefined => {
  for (const ecosystem of ecosystems) {
    const install = ecosystem.readInstall(command);
    if (install !== undefined) {
      return { ...install, ecosystem, command };
    }
  }
  return undefined;
});

/** The ecosystem that a command builds a project with, of what lies in the root of its context; undefined for other commands. */
export const builderOf = memoizeForBoth((project: Project, command: ShellCommand): Ecosystem | undefined =>
  ecosystems.find((one) => one.isBuild(command, project, '')),
);

/** The ecosystems that a command belongs to: it works on a project of theirs, or installs its dependencies. */
export const ecosystemsOf = memoizeFor((command: ShellCommand): readonly Ecosystem[] =>
  ecosystems.filter((one) => one.isProjectCommand(command) || one.readInstall(command) !== undefined),
);
