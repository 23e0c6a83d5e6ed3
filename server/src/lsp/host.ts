import type { ShellChecks, ShellQuestion } from '../engine/shell-checks.ts';
import type { Watch } from '../engine/watch.ts';
import type { ImageFacts, ImageKnowledge } from '../images/knowledge.ts';
import type { ImageReference } from '../images/reference.ts';
import type { PatternMeasurement } from '../project/context.ts';
import type { Dockerignore } from '../project/dockerignore.ts';
import type { Project } from '../project/project.ts';
import type { ProjectReader } from '../project/reader.ts';
import type { ShellParser } from '../syntax/shell/parser.ts';

/** What is known of images, and the way to learn more where the host has one. */
export interface ImageSource extends ImageKnowledge {
  /**
   * Asks whoever may know (a registry, an engine, a cache) about an image. Undefined where nobody does. Missing where
   * the host has nobody to ask.
   */
  readonly learn?: (
    reference: ImageReference,
    platform: string | undefined,
    signal: AbortSignal,
  ) => Promise<ImageFacts | undefined>;
  /** Calls back when something was learned, so that findings can be computed anew. */
  readonly onDidLearn?: (listener: () => void) => void;
  /** Tags that the registry of an image has; none where it could not be asked. */
  readonly listTags?: (reference: ImageReference, signal: AbortSignal) => Promise<readonly string[]>;
}

/** What ShellCheck has said, and the way to ask it more. */
export interface ShellCheckSource extends ShellChecks {
  /**
   * Asks for what is not known yet; without a path, the program on PATH. Answers whether something new is known. Never
   * fails. The questions are put together only where there is a program.
   */
  learn(questions: () => readonly ShellQuestion[], program: string | undefined): Promise<boolean>;
}

/** The project of a document, with the addresses of its files. */
export interface DocumentProject {
  readonly project: Project;
  /** Address of a file of the build context; undefined where no folder is known. */
  uriOf(path: string): string | undefined;
  /** The same project, or one in which files were changed, with what its build context weighs. */
  readonly measured?: (project: Project) => Promise<Project>;
  /** Weighs the build context in the background unless that is known; `onDidMeasure` tells of it. */
  readonly measure?: () => void;
  /** The document is open no more: what runs for it alone stops. */
  readonly close?: () => void;
}

/** The build context that an ignore file applies to. */
export interface IgnoreContext {
  readonly reader: ProjectReader;
  /** What the patterns of a text do, as far as it has been measured. */
  peek(file: Dockerignore): PatternMeasurement | undefined;
  /** Counts what the patterns do, in the background; answers whether there is something new to peek at. */
  measure(file: Dockerignore): Promise<boolean>;
  /** The document is open no more: what runs for it stops. */
  close(): void;
}

/** What settings say of build contexts: Dockerfile (a path or a pattern) and folder. */
export interface BuildContextSettings {
  /** Of the editor: relative to the workspace folder. */
  readonly editor: Readonly<Record<string, string>>;
  /** Of the project file: relative to its folder. They win. */
  readonly projectFile?: { readonly path: string; readonly contexts: Readonly<Record<string, string>> };
}

/** Text of the project file that applies to a document. */
export interface ProjectFile {
  /** For messages. */
  readonly path: string;
  readonly text: string;
}

/** Everything the language server needs from the machine it runs on. */
export interface ServerHost {
  readonly version: string;
  readonly images: ImageSource;
  /** ShellCheck, where the host may start programs. */
  readonly shellCheck?: ShellCheckSource;
  loadShellParser(): Promise<ShellParser>;
  /** The project of a document. Documents that are no files on this machine have one of which nothing is known. */
  openProject(
    uri: string,
    workspaceFolders: readonly string[],
    settings: BuildContextSettings,
  ): DocumentProject;
  /** The build context of an ignore file; undefined where its folder is not on this machine. */
  readonly openIgnoreContext?: (
    uri: string,
    workspaceFolders: readonly string[],
    settings: BuildContextSettings,
  ) => IgnoreContext | undefined;
  /** From now on the editor tells of changed files, so that not every letter that is typed needs a look at them. */
  readonly filesAreWatched?: () => void;
  /** Files of projects have changed, come or gone: what their build contexts weigh is measured anew when it is asked for next. */
  readonly projectsChanged?: () => void;
  /** Calls back when something new is known of what build contexts weigh. */
  readonly onDidMeasure?: (listener: () => void) => void;
  /** The nearest `.ballast.json` in the folder of a document or above it. */
  findProjectFile(uri: string): ProjectFile | undefined;
  /** hadolint's settings in the workspace folder of a document, which hold where no project file does. */
  readonly findHadolintFile?: (uri: string, workspaceFolders: readonly string[]) => ProjectFile | undefined;
  /** ISO date. */
  today(): string;
  /** Ends work that takes too long. */
  readonly watch: Watch;
  /** Calls back after `milliseconds`; the answer cancels it. */
  startTimer(milliseconds: number, callback: () => void): () => void;
  /** Lets messages that wait on the connection be read first. */
  yieldToMessages(): Promise<void>;
}
