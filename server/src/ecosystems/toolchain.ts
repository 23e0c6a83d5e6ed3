import type { ImageTraits } from '../images/knowledge.ts';
import type { CommandStep } from '../model/commands.ts';
import type { Variables } from '../model/expansion.ts';
import type { Project } from '../project/project.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import type { ContextPath, ImagePath } from '../text/path-types.ts';
import type { Framework } from './framework.ts';

/** A command that installs the dependencies a project names in its manifests. */
export interface ProjectInstall {
  /** The package manager: `npm`, `yarn`, `pip` … */
  readonly tool: string;
  readonly command: ShellCommand;
  /** True when it installs exactly what the lock file says and never rewrites it. */
  readonly isFrozen: boolean;
  /** True when the command's own options leave development dependencies out. */
  readonly omitsDev: boolean;
  /** Folder the command is told to work in (`--prefix`), relative to where it runs. */
  readonly directory: ImagePath | undefined;
}

/** The files an install reads. */
export interface Manifests {
  /**
   * Paths relative to the project's folder, in the order in which they are best copied; globs where the folder is not
   * known. A path with a slash keeps its folder.
   */
  readonly files: readonly string[];
  /** Why the install may read, or leave behind, more than these files; empty when it provably does not. */
  readonly doubts: readonly string[];
  /** Set where the install cannot do with manifests alone (workspaces, local packages), in one sentence. */
  readonly blocker?: string;
}

/** What a build fetches by itself, and the command that fetches it from the manifests alone. */
export interface Download extends Manifests {
  /** `go mod download` */
  readonly command: string;
}

/** A folder that a command fills, and that a cache mount keeps from one build to the next. */
export interface CacheTarget {
  readonly path: string;
  /** Set where the folder alone does not tell two caches apart. */
  readonly id?: string;
  /** Set where two builds at the same time would disturb each other. */
  readonly sharing?: 'locked';
}

/** Dependencies that serve development alone, and the option of the install that leaves them out. */
export interface Development {
  readonly names: readonly string[];
  readonly option: string;
  /** Set where the sources show that the program needs some of them all the same. */
  readonly loaded?: LoadedForDevelopment;
  /** Says what else needs some of them, a sentence without a stop. */
  readonly needed?: string;
}

/** Packages that a program loads as it runs although they are declared for development only. */
export interface LoadedForDevelopment {
  /** The file of the project that loads the first of them. */
  readonly file: string;
  readonly names: readonly string[];
}

/** What a command that installs says of itself. */
export type ParsedInstall = Omit<ProjectInstall, 'command'>;

/** A program that installs what a project names in its manifests. One file each, in the folder of its ecosystem. */
export interface PackageManager {
  /** The name that installs carry as their `tool`. */
  readonly id: string;
  /** The programs that it is called by. */
  readonly programs: readonly string[];
  /** What it writes to pin versions, the form of today first. */
  readonly lockFiles: readonly string[];
  /** Files that an install reads beside manifest and lock file. */
  readonly settings: readonly string[];
  /** Verbs with which it works for itself, as the first word behind its name; all others run something of the project. */
  readonly ownVerbs: RegExp;
  /** Verbs that leave less than a megabyte behind, whatever they are given. */
  readonly quietVerbs?: RegExp;
  /** How an install is made to keep to the lock file: an option, or for npm a verb of its own. */
  readonly frozen?: { readonly option: string } | { readonly verb: string };
  /**
   * What an install that keeps to the lock file does where there is none: it ends, or takes the newest versions. Only for
   * managers of which it is known.
   */
  readonly withoutLock?: 'ends' | 'takes the newest versions';
  /** The option of an install that leaves development dependencies out. */
  readonly omitDevelopment?: string;
  /** Reads a command of one of its programs as an install of all that the project names. */
  parseInstall(command: ShellCommand): ParsedInstall | undefined;
  /** True where the program reads what was fetched where it lies: no mount may hold it. */
  readonly runsFromCache?: boolean;
  /** The folders that such an install, run by root, fills with what it fetched. */
  caches(at: CommandStep, traits: ImageTraits | undefined, project: Project): readonly CacheTarget[];
}

/** What the commands of one family of languages and package managers do: everything but the plan of a conversion. */
export interface Toolchain {
  readonly id: string;
  /** As people call it: `Node.js`. */
  readonly title: string;
  /**
   * True where installing dependencies is what needs compilers and headers, and the sources run as they are
   * (Python, Ruby, PHP).
   */
  readonly compilesDependencies?: boolean;
  readonly managers: readonly PackageManager[];
  /** What its frameworks do by themselves. */
  readonly frameworks?: readonly Framework[];
  /** Names of the files that say what a project is and how it is built, beside those of its managers; may hold `*`. */
  readonly projectFiles: readonly string[];
  /** Ids of the ecosystems that only make a part of what this one ships, such as what browsers load. */
  readonly helpers?: readonly string[];
  /** Reads a command as an install of the project's dependencies. */
  readInstall(command: ShellCommand): ParsedInstall | undefined;
  /** The files that such an install reads, for a project in `directory` of the build context (`''` is its root). */
  manifests(install: ProjectInstall, project: Project, directory: ContextPath): Manifests;
  /** What an install brings for development only, in a container with that environment; undefined where it brings nothing. */
  development?(
    at: CommandStep,
    install: ProjectInstall,
    project: Project,
    directory: ContextPath,
    environment: Variables,
  ): Development | undefined;
  /** For a build that fetches dependencies by itself: how to fetch them first. Undefined for other commands. */
  download?(command: ShellCommand, project: Project, directory: ContextPath): Download | undefined;
  /** True for a command that compiles, bundles or publishes: what it needs is not needed to run the result. */
  isBuild(command: ShellCommand, project: Project, directory: ContextPath): boolean;
  /** True for a command that works on the project and leaves its result in the project's folder, or in the toolchain. */
  isProjectCommand(command: ShellCommand): boolean;
  /** Folder of the project that an install fills, where a copy of the sources behind it might overlay it. */
  readonly dependencyFolder?: string;
  /** True for the name of a program that only serves to build such a project. */
  isBuildTool?(name: string): boolean;
  /** True for a system package that only serves to build such a project. */
  isBuildPackage?(name: string, project: Project, directory: ContextPath): boolean;
  /** The folders that a command of root fills with what it fetched or compiled; empty for other commands. */
  caches(at: CommandStep, traits: ImageTraits | undefined, project?: Project): readonly CacheTarget[];
  /** The folder of the sources, for a build that runs in a folder below them made for it. */
  sourceFolder?(folder: string): string;
  /** Names of variables that only the build reads: they have no place in the final stage. */
  readonly buildVariables?: RegExp;
}
