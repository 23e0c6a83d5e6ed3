import type { FixAllResult } from '../engine/apply.ts';
import type { Config } from '../engine/config.ts';
import type { Report } from '../engine/report.ts';
import type { Applicability } from '../fixes/fix.ts';
import type { ImageKnowledge } from '../images/knowledge.ts';
import type { ImageReference } from '../images/reference.ts';
import type { BuildContexts } from '../project/locate.ts';
import type { Project } from '../project/project.ts';
import type { DirectoryEntry } from '../project/reader.ts';
import type { TrackedFiles } from '../project/tracked.ts';
import type { Rule } from '../rules/rule.ts';

/** A stream that the command line prints to. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width in characters; only meaningful on a terminal. */
  readonly columns: number;
}

/** A file or folder that could not be read or written. The message says why, and is meant to follow the path. */
export class FileError extends Error {}

/** Files of the machine. All paths are absolute. */
export interface Files {
  kindOf(path: string): 'file' | 'directory' | 'other' | 'missing';
  /** @throws FileError */
  list(path: string): readonly DirectoryEntry[];
  /** Reads a regular file of up to 16 MB, or of so many bytes. @throws FileError */
  read(path: string, most?: number): Uint8Array;
  /** What Git tracks in the working tree whose root is `folder`; undefined where that is not known. */
  tracked(folder: string): TrackedFiles | undefined;
  /** The path without symbolic links; the same path where it does not exist. */
  realPath(path: string): string;
  /**
   * Writes the whole file in one step, keeping its mode. `before` is what the file held when it was read, undefined
   * where it did not exist.
   * @throws FileError also when the file is no longer what it was.
   */
  replace(path: string, before: Uint8Array | undefined, after: Uint8Array): void;
  /**
   * Writes a whole file in one step whatever it held, or into the pipe or device that is there.
   * @throws FileError
   */
  write(path: string, bytes: Uint8Array): void;
}

/** The folder that a Dockerfile is built in, with its place on the disk. */
export interface OpenProject {
  readonly project: Project;
  /** Absolute path of the build context; undefined where no folder is known. */
  readonly root?: string;
  /** The same project, or one in which files were changed, with what its build context weighs. Missing where no folder is known. */
  readonly measured?: (project: Project, onProgress: (entries: number) => void) => Promise<Project>;
}

/** The engine with everything it needs from the machine: the shell grammar and what is known of images. */
export interface Engine {
  readonly rules: readonly Rule[];
  analyze(text: string, project: Project, config: Config): Report;
  /** Asks ShellCheck about the RUNs of a text; what it says is part of the analysis from then on. */
  checkShell(text: string, project: Project, config: Config, program: string | undefined): Promise<void>;
  fixAll(text: string, project: Project, config: Config, level: Applicability): FixAllResult;
}

/** What is known of images, and the way to learn more unless that is forbidden. */
export interface Images extends ImageKnowledge {
  /** Asks the registry and the engine of this machine about an image; `peek` then tells what they said. Never fails. */
  learn(reference: ImageReference, platform: string | undefined): Promise<unknown>;
  close(): Promise<void>;
}

/** A revision of a repository as files. */
export interface Checkout {
  /** Absolute path of the folder that stands for the working directory. */
  readonly workingDirectory: string;
  /** Absolute path of the folder that stands for the root of the repository. */
  readonly root: string;
  /** Removes the files. */
  dispose(): void;
}

/** Everything the command line needs from the machine it runs on. */
export interface CliHost {
  /** Absolute path. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly files: Files;
  /** Milliseconds of a clock that never goes back. */
  clock(): number;
  readStandardInput(): Promise<Uint8Array>;
  /** ISO date. */
  today(): string;
  loadImages(options: { readonly offline: boolean }): Promise<Images>;
  loadEngine(options: { readonly offline: boolean }): Promise<Engine>;
  /** The project of the Dockerfile at an absolute path; undefined stands for text on standard input. */
  openProject(dockerfile: string | undefined, settings?: readonly BuildContexts[]): OpenProject;
  /**
   * Absolute paths of the files that differ from a revision of the Git repository around the working directory, and of
   * those that are new. @throws UsageError when Git or the revision is not there.
   */
  changedSince(revision: string): readonly string[];
  /**
   * The files of a revision, in a folder of their own. @throws UsageError when Git or the revision is not there.
   */
  checkOut(revision: string): Checkout;
  /** Serves the language server protocol on standard input and output until the client leaves. */
  serveLanguageServer(options: { readonly offline: boolean }): Promise<void>;
}
