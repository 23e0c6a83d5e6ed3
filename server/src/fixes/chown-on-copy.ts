import type { CommandStep } from '../model/commands.ts';
import type { Copy } from '../model/copy.ts';
import type { Dockerfile, Stage } from '../model/dockerfile.ts';
import { findFlag } from '../syntax/tree.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/**
 * Gives copied files their owner when they are copied, and removes the chown behind them. Undefined where the owner does
 * not exist yet when the files are copied, or where something else than the copies wrote below the folder.
 */
export function chownOnCopy(
  dockerfile: Dockerfile,
  stage: Stage,
  at: CommandStep,
  copies: readonly Copy[],
  path: string,
): Fix | undefined {
  const owner = at.command.args.find((word) => !word.text.startsWith('-'))?.value;
  const first = copies[0]?.step;
  const { instruction } = at.step;
  const comments = dockerfile.syntax.comments.some(
    (comment) =>
      comment.inside &&
      comment.span.start > instruction.span.start &&
      comment.span.end < instruction.span.end,
  );
  if (owner === undefined || first === undefined || at.script.commands.length !== 1 || comments) {
    return undefined;
  }
  const between = stage.steps.slice(stage.steps.indexOf(first), stage.steps.indexOf(at.step));
  const others = between.filter(
    (step) => step.instruction.keyword === 'RUN' || step.instruction.keyword === 'WORKDIR',
  );
  const isPlain = copies.every(
    (copy) =>
      findFlag(copy.step.instruction, 'chown') === undefined && copy.step.instruction.heredocs.length === 0,
  );
  if (others.some((step) => step.instruction.keyword === 'RUN') || !isPlain) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  return {
    title: `Copy with --chown=${owner} instead`,
    applicability: 'review',
    edits: [
      ...copies.map((copy) => {
        const { end } = copy.step.instruction.keywordSpan;
        return { span: span(end, end), text: ` --chown=${owner}` };
      }),
      layout.remove(instruction),
    ],
    assumptions: [`Nothing has to be created in ${path} itself, which keeps its owner.`],
  };
}
