import { findStage } from '../model/copy.ts';
import type { Dockerfile, Stage } from '../model/dockerfile.ts';
import { type Flag, findFlag } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { type Span, span } from '../text/span.ts';

/** Where the name of a stage stands behind AS. */
export function stageNameSpan(stage: Stage): Span | undefined {
  return stage.name === undefined ? undefined : stage.from.words[2]?.span;
}

/** Renames a stage where it is named, and in every FROM, `--from` and mount that means it. */
export function renamedStage(dockerfile: Dockerfile, stage: Stage, name: string): TextEdit[] {
  const named = stageNameSpan(stage);
  const places = dockerfile.stages.flatMap((one) => [
    ...(one.base.kind === 'stage' && one.base.stage === stage ? [one.imageSpan] : []),
    ...one.steps.flatMap(({ instruction }) =>
      [findFlag(instruction, 'from'), ...instruction.flags.filter((flag) => flag.name === 'mount')]
        .map((flag) => (flag === undefined ? undefined : referenceIn(dockerfile, flag)))
        .filter((at) => at !== undefined)
        .filter((at) => {
          const text = dockerfile.text.slice(at.start, at.end);
          return !/^\d+$/.test(text) && findStage(text, dockerfile) === stage;
        }),
    ),
  ]);
  return [...(named === undefined ? [] : [named]), ...places].map((at) => ({ span: at, text: name }));
}

/** The stage or image that a flag names, as written. */
function referenceIn(dockerfile: Dockerfile, flag: Flag): Span | undefined {
  if (flag.name === 'from') {
    return flag.valueSpan;
  }
  const text = dockerfile.text.slice(flag.span.start, flag.span.end);
  const match = /(?<=[,=]from=)[^,"'\s]+/.exec(text);
  return match === null
    ? undefined
    : span(flag.span.start + match.index, flag.span.start + match.index + match[0].length);
}
