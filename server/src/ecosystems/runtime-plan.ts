import type { ImageKnowledge, ImageTraits } from '../images/knowledge.ts';
import type { CommandStep } from '../model/commands.ts';
import type { Stage } from '../model/dockerfile.ts';
import type { StartCommand } from '../model/start-command.ts';
import type { Project } from '../project/project.ts';
import type { ContextPath, ImagePath } from '../text/path-types.ts';
import type { RefusalCode } from './refusal.ts';
import type { CacheTarget, ProjectInstall } from './toolchain.ts';

/** The program that a container starts, as its start command names it. */
export interface StartedProgram {
  /** The word that names it. */
  readonly word: string;
  /** Absolute paths in the image that the word may stand for, the likeliest first. */
  readonly paths: readonly ImagePath[];
  /** The words behind it. */
  readonly args: readonly string[];
  /** True where a shell starts it: the shell form, or `sh -c`. */
  readonly isShell: boolean;
  /** True where the words hold something that only a shell understands. */
  readonly needsShell: boolean;
  /** True where another program stands in front of it (`tini --`). */
  readonly isWrapped: boolean;
}

/** A file that a program reads and that only lies where somebody works on it. */
export interface PrivateFile {
  /** Path from the folder of the project. */
  readonly path: ContextPath;
  /** Who reads it, a sentence without a stop. */
  readonly says: string;
}

/** What is known of the program beside its manifests: a plan is given these facts, and looks for none by itself. */
export interface PlanFacts {
  /** The program of the start command; undefined where it starts nothing. `folders` are searched for bare names as well. */
  readonly startedProgram: (folders?: readonly string[]) => StartedProgram | undefined;
  /** Other programs that the program calls, as its sources, probe and start command say. */
  readonly calledPrograms: (sources: string) => readonly string[];
  /** The system packages of `programs` that a base image lacks and the file does not install. */
  readonly programPackages: (programs: readonly string[], present: readonly string[]) => readonly string[];
  /** What a compiled program reads beside itself; `code` matches what is compiled in. */
  readonly assetCopies: (
    sources: string,
    code: RegExp,
  ) => { readonly copies: readonly RuntimeCopy[]; readonly names: readonly string[] };
  /** The packages that hold the libraries whose headers a package brings; undefined where that is not known. */
  readonly runTimeLibraries: (name: string) => readonly string[] | undefined;
  /** True where sources and settings say that the program writes files beside itself. */
  readonly writesBeside: (sources: string) => boolean;
  /** The first of some programs that a service or workload starts in its container in place of the image's command. */
  readonly deployedStart: (
    programs: readonly string[],
  ) => { readonly program: string; readonly by: string } | undefined;
  /** The words of what services and workloads run in the container, programs without their folder. */
  readonly deployedWords: () => readonly string[];
  /** A file that a compiled program reads when it starts and that Git does not keep. */
  readonly privateFile: (isTaken: (path: string) => boolean) => PrivateFile | undefined;
  /** True where a service or workload puts a folder of the host over this one, or over one above it. */
  readonly isMounted: (folder: ImagePath) => boolean;
  /** What the program reads when it starts and the final stage would lack, a sentence without a stop. */
  readonly missingFile: () => string | undefined;
}

/** The project and the stage that a plan is made for. */
export interface PlanSubject {
  readonly project: Project;
  /** Folder of the build context that the project lies in; `''` is its root. */
  readonly directory: ContextPath;
  /** Folder of the image that the project is built in. */
  readonly workdir: ImagePath;
  readonly stage: Stage;
  /** Name of the base image, variables replaced. */
  readonly baseName: string;
  /** What is known of the base image. */
  readonly traits: ImageTraits | undefined;
  readonly images: ImageKnowledge;
  /** Every command of the stage that was understood. */
  readonly commands: readonly CommandStep[];
  readonly installs: readonly ProjectInstall[];
  /** The commands that build, in order. */
  readonly builds: readonly CommandStep[];
  readonly start: StartCommand;
  /** System packages that the stage installs and that do not only serve to build. */
  readonly packages: readonly string[];
  /** True when something in the final stage needs a shell: a RUN, a start command or probe in shell form, a script. */
  readonly needsShell: boolean;
}

/** What a stage that builds a project is converted with. */
export interface PlanInput extends PlanSubject {
  readonly facts: PlanFacts;
}

/** A file or folder that the final stage takes from the builder. Absolute paths, without a slash at the end. */
export interface RuntimeCopy {
  readonly from: ImagePath;
  readonly to: ImagePath;
  readonly isFile: boolean;
  /** True for what the program writes to while it runs. */
  readonly isWritten?: boolean;
}

/** What becomes of one command in the builder. */
export interface CommandChange {
  /** Text in place of the command's own. */
  readonly text?: string;
  /** A command that has to run behind it in the same RUN. */
  readonly followedBy?: string;
  readonly caches?: readonly CacheTarget[];
}

/** An instruction that a plan adds to a stage. How it is written is decided where the stage is. */
export type PlannedInstruction =
  | { readonly kind: 'env'; readonly values: Readonly<Record<string, string>> }
  /** One RUN; each command runs only where the one before it did not fail. */
  | { readonly kind: 'run'; readonly commands: readonly string[] }
  /** A file of the build context, and where the image has it. */
  | { readonly kind: 'copy'; readonly source: ContextPath; readonly target: ImagePath }
  | { readonly kind: 'workdir'; readonly path: ImagePath };

/** What the final stage of a project consists of. */
export interface RuntimePlan {
  /** Image that the program runs on, or `scratch`. */
  readonly base: string;
  /**
   * What the final stage has of the project: only what was `built`; its `sources` as well, by COPY instructions of its
   * own (interpreted languages); or a `server` that serves what was built and needs nothing else of the old stage.
   */
  readonly content: 'built' | 'sources' | 'server';
  /** System packages that the final stage needs beyond those the file names. */
  readonly packages: readonly string[];
  /** What stands above the first command that works on the project. */
  readonly builderStart?: readonly PlannedInstruction[];
  /** What ends the builder stage. */
  readonly builderEnd?: readonly PlannedInstruction[];
  /** What the end is for, where it does more than leave out what does not run in production. */
  readonly builderEndComment?: string;
  readonly change: (at: CommandStep) => CommandChange | undefined;
  readonly copies: readonly RuntimeCopy[];
  /** What the final stage has in front of the copies. */
  readonly beforeCopies?: readonly PlannedInstruction[];
  /** What the final stage has behind the copies. */
  readonly afterCopies?: readonly PlannedInstruction[];
  /** The start command in exec form, where it becomes another than the one written; empty where the image brings its own. */
  readonly start: readonly string[] | undefined;
  /** Folder of the image in which the program makes files, beside what others find of its kind. */
  readonly writtenFolder?: ImagePath | undefined;
  /** Small folders of the image that the program writes to: they are made where they are missing, and handed over whole. */
  readonly writtenFolders?: readonly ImagePath[];
  /** Files to create beside the Dockerfile: path in the build context, and text. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
  /** What the old image carries and the new one does not, in a few words each: `6 development dependencies`. */
  readonly needless: readonly string[];
  readonly assumptions: readonly string[];
}

/** True for a command whose text can be changed where it stands: it runs for certain, and in shell form. */
export function isChangeable({ command, step }: CommandStep): boolean {
  return (
    command.isTopLevel &&
    command.isUnconditional &&
    command.wrapper === undefined &&
    step.instruction.form === 'shell'
  );
}

/** Why a project cannot be converted, in one sentence. */
export interface Refusal {
  /** Its kind, which also says what would lift it. */
  readonly code: RefusalCode;
  readonly reason: string;
  /** True where the stage is meant for development, so that nothing is to be said about it. */
  readonly isForDevelopment?: true;
}
