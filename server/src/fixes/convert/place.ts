import type { Ecosystem } from '../../ecosystems/ecosystem.ts';
import type { RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import type { Dockerfile, Step } from '../../model/dockerfile.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';

/** In which stage an instruction belongs once the build has a stage of its own. */
export type Place =
  | {
      readonly in: 'builder' | 'final' | 'both';
      /** Set where the final stage needs another text: the same install with fewer packages, or a part of the RUN. */
      readonly finalText?: string;
      /** Commands that the builder does without. */
      readonly notInBuilder?: ReadonlySet<ShellCommand>;
      /** True where it needs the files of the project, so that the copies stand above it. */
      readonly needsProject?: true;
      /** The new owner of the project, which `--chown` on the copies gives. */
      readonly owner?: string;
    }
  /** Replaced by `--chown` on the copies where it gave them an owner; else there is nothing left for it to do. */
  | { readonly in: 'none'; readonly owner?: string };

export interface PlaceContext {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly ecosystem: Ecosystem;
  readonly content: RuntimePlan['content'];
  readonly workdir: ImagePath;
  readonly directory: ContextPath;
  readonly traits: ImageTraits | undefined;
  readonly startWords: readonly string[];
  readonly steps: readonly Step[];
  /** The last step that works on the project in the builder. */
  readonly lastBuild: Step;
  /** Absolute paths that the final stage takes from the builder. */
  readonly copied: readonly string[];
  /** False where the image of the final stage has nothing that could run a RUN. */
  readonly hasShell: boolean;
  /** The programs that what stays in the final stage calls, as the start command and later RUNs say. */
  readonly called: ReadonlySet<string>;
}

/** True for a step that runs before the build is done. */
export function isBeforeBuild(step: Step, context: PlaceContext): boolean {
  return step.instruction.span.start <= context.lastBuild.instruction.span.start;
}
