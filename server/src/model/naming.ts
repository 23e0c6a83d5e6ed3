import { memoizeFor } from '../text/memoize.ts';
import { indexOfStep, type Stage, type Step } from './dockerfile.ts';

/** The instructions of a stage as one text, so that one search goes through all of them. */
interface StageText {
  readonly text: string;
  /** Where each step starts in it, and where one more would. */
  readonly starts: readonly number[];
}

const textOf = memoizeFor((stage: Stage): StageText => {
  const starts = [0];
  const lines = stage.steps.map(({ instruction }) => `${instruction.line.text}\n`);
  for (const line of lines) {
    starts.push((starts.at(-1) ?? 0) + line.length);
  }
  return { text: lines.join(''), starts };
});

/** True where an instruction of the stage below a step holds a text. */
export function isNamedBelow(stage: Stage, step: Step, name: string): boolean {
  const { text, starts } = textOf(stage);
  return text.indexOf(name, starts[indexOfStep(stage, step) + 1]) >= 0;
}

/** True where an instruction of the stage other than the given ones holds a text. */
export function isNamedElsewhere(stage: Stage, steps: readonly Step[], name: string): boolean {
  const { text, starts } = textOf(stage);
  const others = steps.map((step) => indexOfStep(stage, step)).sort((a, b) => a - b);
  let from = 0;
  for (const index of [...others, stage.steps.length]) {
    const at = text.indexOf(name, from);
    if (at < 0) {
      return false;
    }
    if (at < (starts[index] ?? 0)) {
      return true;
    }
    from = starts[index + 1] ?? text.length;
  }
  return false;
}
