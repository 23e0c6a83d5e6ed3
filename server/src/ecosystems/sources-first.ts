import { isWholeContext } from '../model/copy.ts';
import { findFlag } from '../syntax/tree.ts';
import type { PlanInput } from './runtime-plan.ts';

/** True when the whole project lies in the image before the last command that builds. */
export function bringsSources({ stage, builds, directory }: PlanInput): boolean {
  const last = builds.at(-1)?.step;
  const before = stage.steps.slice(0, last === undefined ? 0 : stage.steps.indexOf(last));
  return before.some(({ instruction }) => {
    const source = instruction.words[0]?.value ?? '';
    return (
      ['COPY', 'ADD'].includes(instruction.keyword) &&
      findFlag(instruction, 'from') === undefined &&
      (isWholeContext(source) || source.replace(/^\.?\/|\/$/g, '') === directory)
    );
  });
}
