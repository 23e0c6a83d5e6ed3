import type { ImageKnowledge } from '../images/knowledge.ts';
import type { Stage } from '../model/dockerfile.ts';
import type { Project } from '../project/project.ts';
import type { InstallCommand } from './ecosystem.ts';

/** What a stage that builds a project is taken apart with. */
export interface PlanInput {
  readonly project: Project;
  /** Folder of the build context that the project lies in; `''` is its root. */
  readonly directory: string;
  /** Folder of the image that the project is built in. */
  readonly workdir: string;
  readonly stage: Stage;
  /** Name of the base image as written. */
  readonly baseName: string;
  readonly install: InstallCommand | undefined;
  /** The container's start command, entry point first. */
  readonly startWords: readonly string[];
  readonly images: ImageKnowledge;
}

/** What the final stage of a project consists of. */
export interface RuntimePlan {
  /** Image that the program runs on. */
  readonly base: string;
  /** Lines that end the builder stage, keyword included. */
  readonly builderEnd: readonly string[];
  /** What is taken from the builder, paths relative to the project's folder in both stages. */
  readonly copies: readonly string[];
  /** Lines for the final stage, in front of the copies (`ENV …`), keyword included. */
  readonly finalStart: readonly string[];
  /** The start command in exec form, where it becomes another than the one written. */
  readonly start: readonly string[] | undefined;
  /** Words to put in place of the install command's own, where the lock file allows a better one. */
  readonly install: { readonly command: string | undefined; readonly cacheTarget: string | undefined };
  readonly assumptions: readonly string[];
}

/** Why a project cannot be taken apart, in one sentence. */
export interface Refusal {
  readonly reason: string;
}
