import type { Span } from '../text/span.ts';
import type { Step } from './dockerfile.ts';
import { expand } from './variables.ts';

/** One port of an EXPOSE. */
export interface ExposedPort {
  /** Variables replaced. */
  readonly text: string;
  /** The word that names it. */
  readonly span: Span;
  /** True where the text is the one in the file. */
  readonly isWritten: boolean;
}

/** The ports of an EXPOSE; those that a variable hides are left out. */
export function exposedPorts({ instruction, before }: Step, escapeChar: string): ExposedPort[] {
  if (instruction.keyword !== 'EXPOSE') {
    return [];
  }
  return instruction.words.flatMap(({ value, span }) =>
    (expand(value, before.variables, escapeChar) ?? '')
      .split(/\s+/)
      .filter((text) => text !== '')
      .map((text) => ({ text, span, isWritten: text === value })),
  );
}
