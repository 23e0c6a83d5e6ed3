import type { Dockerfile, Stage, Step } from '../../model/dockerfile.ts';
import type { Instruction } from '../../syntax/tree.ts';
import { Layout } from '../layout.ts';

/** One instruction of a stage as it stands in the file, with all that stands between it and the one above. */
export interface Piece {
  readonly step: Step | undefined;
  readonly instruction: Instruction;
  /** Blank lines and comments above, line breaks included. */
  readonly above: string;
  /** The instruction itself, without its last line break. */
  readonly text: string;
}

/** Takes a stage apart into pieces, FROM first. Joined again, they give the text of the stage. */
export function piecesOf(
  dockerfile: Dockerfile,
  stage: Stage,
): { head: Piece; pieces: Piece[]; start: number; end: number } {
  const layout = new Layout(dockerfile.syntax);
  const start = layout.blockStart(stage.from);
  let at = start;
  const cut = (instruction: Instruction, step: Step | undefined): Piece => {
    const lineStart = layout.lineStart(instruction.span.start);
    const piece = {
      step,
      instruction,
      above: dockerfile.text.slice(at, lineStart),
      text: dockerfile.text.slice(lineStart, instruction.span.end),
    };
    at = layout.nextLine(instruction.span.end);
    return piece;
  };
  const head = cut(stage.from, undefined);
  const pieces = stage.steps.map((step) => cut(step.instruction, step));
  return { head, pieces, start, end: at };
}
