import type { PlannedInstruction, RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import type { ImageKnowledge } from '../../images/knowledge.ts';
import type { Dockerfile, Stage, Step } from '../../model/dockerfile.ts';
import type { ImagePath } from '../../text/path-types.ts';
import { Layout } from '../layout.ts';
import type { Piece } from './pieces.ts';
import type { Place } from './place.ts';

/** A piece of the old stage, and where it goes. */
export interface Placed {
  readonly piece: Piece;
  readonly place: Place;
}

/** One stage that becomes two, all of it decided but the writing. */
export interface PlannedStages {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  readonly plan: RuntimePlan;
  readonly placed: readonly Placed[];
  readonly images: ImageKnowledge;
  /** The working directory that the project lies in. */
  readonly workdir: ImagePath;
  readonly lastBuild: Step;
}

/** How the file writes its instructions, and so how the new ones are written. */
export class StageText {
  readonly layout: Layout;
  /** True when the file parts its groups of instructions by blank lines. */
  readonly hasBlankLines: boolean;

  constructor({ dockerfile, placed }: PlannedStages) {
    this.layout = new Layout(dockerfile.syntax);
    this.hasBlankLines = placed.some(({ piece }) => /^[ \t]*\r?\n/m.test(piece.above));
  }

  /** A blank line, in files that have them and where none stands yet. */
  gap(before: readonly string[]): string[] {
    return this.hasBlankLines && before.at(-1) !== '' ? [''] : [];
  }

  keyword(name: string): string {
    return this.layout.keyword(name);
  }

  /** Instructions of a plan, keywords in the case of this file; what sets or runs nothing has no line. */
  linesOf(instructions: readonly PlannedInstruction[] = []): string[] {
    return instructions
      .map((one) => ({ keyword: one.kind.toUpperCase(), words: wordsOf(one) }))
      .filter(({ words }) => words !== '')
      .map(({ keyword, words }) => `${this.keyword(keyword)} ${words}`);
  }
}

/**
 * True where every name of a plan stays the one word that it is meant to be: they come from files of the project, where
 * they may hold anything, and a line break among them would start an instruction of its own.
 */
export function isWritable({ base, packages, copies, ...plan }: RuntimePlan): boolean {
  const words = [base, ...packages, ...copies.flatMap(({ from, to }) => [from, to])];
  const instructions = [plan.builderStart, plan.builderEnd, plan.beforeCopies, plan.afterCopies];
  const texts = instructions.flatMap((some) => (some ?? []).map(wordsOf));
  return (
    ![...words, ...(plan.writtenFolders ?? [])].some((word) => /[\s\p{Cc}]/u.test(word)) &&
    !texts.some((text) => /\p{Cc}/u.test(text))
  );
}

/** What stands behind the keyword of an instruction of a plan. */
function wordsOf(instruction: PlannedInstruction): string {
  switch (instruction.kind) {
    case 'env':
      return Object.entries(instruction.values)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ');
    case 'run':
      return instruction.commands.join(' && ');
    case 'copy':
      return `${instruction.source} ${instruction.target}`;
    case 'workdir':
      return instruction.path;
  }
}

/** The lines of a text that may have none. */
export function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/\r?\n/);
}

/** The lines above a piece, as lines without breaks; never more than one blank line in a row. */
export function aboveLines(above: string): string[] {
  const lines = above.split(/\r?\n/);
  lines.pop();
  return lines.filter((line, i) => line.trim() !== '' || lines[i - 1]?.trim() !== '');
}

/** Takes away blank lines at both ends, and doubled ones. */
export function trimBlank(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (const line of lines) {
    if (line.trim() !== '' || (result.length > 0 && result.at(-1) !== '')) {
      result.push(line.trim() === '' ? '' : line);
    }
  }
  while (result.at(-1) === '') {
    result.pop();
  }
  return result;
}
