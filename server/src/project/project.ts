import { memoryReader, type ProjectReader } from './reader.ts';

/** The folder that is being built, as far as it is known. */
export interface Project {
  /** Reads inside the build context. */
  readonly reader: ProjectReader;
  /** False where no folder is known (an untitled document, text on standard input): rules must not conclude that a file is missing. */
  readonly isKnown: boolean;
  /** Path of the Dockerfile relative to the build context; undefined where it is not known or lies outside. */
  readonly dockerfile?: string;
}

/** A project of which nothing is known. */
export const unknownProject: Project = { reader: memoryReader({}), isKnown: false };
