import type { ImageReference } from '../images/reference.ts';
import type { ShellScript } from '../syntax/shell/script.ts';
import type { DockerfileSyntax, Instruction } from '../syntax/tree.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { ImagePath } from '../text/path-types.ts';
import type { Span } from '../text/span.ts';
import type { Scope } from './scope.ts';

/** The meaning of a Dockerfile: its stages and what holds at each instruction. */
export interface Dockerfile {
  readonly text: string;
  readonly syntax: DockerfileSyntax;
  readonly stages: readonly Stage[];
  /** The stage that ships: the build's target, or else the last one. */
  readonly final: Stage | undefined;
}

/** What a stage starts from. */
export type Base =
  | { readonly kind: 'image'; readonly name: string; readonly reference: ImageReference }
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'scratch' }
  /** The name holds a variable whose value is not known, or is not a name. */
  | { readonly kind: 'unknown' };

export interface Stage {
  readonly index: number;
  /** As written behind AS. */
  readonly name: string | undefined;
  readonly from: Instruction;
  /** The image's name in the text. */
  readonly imageSpan: Span;
  readonly base: Base;
  readonly platform: string | undefined;
  /** Every instruction behind the FROM, in order. */
  readonly steps: readonly Step[];
  /** What holds behind the last step, and so in the container when this stage ships. */
  readonly end: State;
  /** What its ONBUILDs run, as the first steps of a build that starts from it; undefined where it has none. */
  readonly triggered: Stage | undefined;
}

/** One instruction of a stage, with what holds when it runs. */
export interface Step {
  readonly instruction: Instruction;
  readonly before: State;
  /** The commands of a RUN; undefined for other instructions, and where the shell is not a POSIX one. */
  readonly script: Script | undefined;
}

/** What earlier instructions have set. */
export interface State {
  /** As written, variables replaced where known; undefined when no USER was seen, so that the base image decides. */
  readonly user: string | undefined;
  /** Absolute path; undefined where a variable hides it. Starts where the base image does, as far as that is known, else at `/`. */
  readonly workdir: ImagePath | undefined;
  /** What runs the shell form: `["/bin/sh", "-c"]` when no SHELL was seen. */
  readonly shell: readonly string[];
  /** True where a SHELL was seen. */
  readonly hasShell: boolean;
  readonly variables: Scope;
  /** Environment that ends up in the image (ENV), without the build's arguments. */
  readonly environment: Scope;
}

/** Shell text of a RUN, with the way back from its offsets to the document. */
export interface Script extends ShellScript {
  /** Document span of a stretch of the script. */
  sourceSpan(span: Span): Span;
  /** True when the script is the body of a heredoc, in which a command may simply follow on a line of its own. */
  readonly isHeredoc: boolean;
}

/** Stages, and behind each what its ONBUILDs run in a build that starts from it. */
export function withTriggered(stages: readonly Stage[]): Stage[] {
  return stages.flatMap((stage) => (stage.triggered === undefined ? [stage] : [stage, stage.triggered]));
}

/** True for what the ONBUILDs of a stage run: its context, and what is built behind it, are another project's. */
export function isTriggered(stage: Stage): boolean {
  return stage.base.kind === 'stage' && stage.base.stage.triggered === stage;
}

/** A stage, and the stages it was started from, nearest first. */
export function lineage(stage: Stage): Stage[] {
  const stages = [stage];
  for (let base = stage.base; base.kind === 'stage'; base = base.stage.base) {
    stages.push(base.stage);
  }
  return stages;
}

/** The image that a stage ends up on when the stages it starts from are followed down. */
export function rootBase(stage: Stage): Exclude<Base, { kind: 'stage' }> {
  let base = stage.base;
  while (base.kind === 'stage') {
    base = base.stage.base;
  }
  return base;
}

/** Every step that makes the content of a stage: those of the stages it starts from first. */
export const allSteps = memoizeFor((stage: Stage): readonly Step[] =>
  lineage(stage)
    .reverse()
    .flatMap((one) => [...one.steps]),
);

/** Where a step stands among the steps of its stage; -1 for one of another stage. */
export function indexOfStep(stage: Stage, step: Step): number {
  return stepIndexes(stage).get(step) ?? -1;
}

const stepIndexes = memoizeFor(
  (stage: Stage): ReadonlyMap<Step, number> => new Map(stage.steps.map((step, i) => [step, i])),
);

/** The last step with the given keyword, looking through the stages that the stage starts from. */
export function lastStep(stage: Stage, keyword: string): Step | undefined {
  return allSteps(stage).findLast((step) => step.instruction.keyword === keyword);
}
