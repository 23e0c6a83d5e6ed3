import type { ImageKnowledge } from '../images/knowledge.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { LabelSchema } from '../model/labels.ts';
import type { Project } from '../project/project.ts';
import type { ShellParser } from '../syntax/shell/parser.ts';

/** What one analysis of one Dockerfile looks at: its meaning, the files around it, and what is known of images. */
export interface AnalysisContext {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly images: ImageKnowledge;
  /** Reads shell text that stands outside of a RUN: probes, start commands, scripts of the project. */
  readonly shell: ShellParser;
  /** ISO date of the day. */
  readonly today: string;
  /** Registries that images may come from, as the settings say; none where they do not. */
  readonly trustedRegistries: readonly string[];
  /** Labels that images are to have, as the settings say. */
  readonly labels: LabelSchema;
  /** Reads a changed text of the same file, for fixes that build upon each other. */
  readonly reread: (text: string) => Dockerfile;
}
