import type { SyntaxProblem } from '../../syntax/tree.ts';
import type { Step } from '../dockerfile.ts';
import { expandedTexts } from '../expanded-texts.ts';
import type { Values } from './values.ts';

/** Texts whose quotes are not closed, or whose `${…}` BuildKit does not know. */
export function textRefusals({ instruction }: Step, values: Values): SyntaxProblem[] {
  const texts =
    instruction.keyword === 'ARG' || instruction.keyword === 'EXPOSE'
      ? [
          ...instruction.pairs.map((pair) => ({
            text: pair.value ?? '',
            place: pair.valueSpan ?? pair.span,
            isBody: false,
          })),
          ...(instruction.keyword === 'EXPOSE' ? instruction.words : []).map((word) => ({
            text: word.value,
            place: word.span,
            isBody: false,
          })),
        ]
      : expandedTexts(instruction);
  // The arguments of one ARG see those before them.
  const own = instruction.keyword === 'ARG' ? instruction.pairs.slice(0, -1).map((pair) => pair.name) : [];
  return texts
    .filter(({ text, isBody }) => values.isRefused(text, { keepsQuotes: isBody === true, alsoSet: own }))
    .map(({ text, place }) => ({
      message: textProblem(text),
      span: firstLine(instruction.documentText, place),
    }));
}

/** Says what is wrong with a text that BuildKit cannot replace the variables of. */
export function textProblem(text: string): string {
  const needed = /\$\{(\w+):?\?/.exec(text)?.[1];
  const odd = /\$\{[^}]*\}?/.exec(text)?.[0];
  if (odd === undefined) {
    const quote = /["']/.exec(text)?.[0] === "'" ? 'single' : 'double';
    return `The ${quote} quote is not closed.`;
  }
  return needed === undefined
    ? `BuildKit cannot replace ${odd.length > 40 ? `${odd.slice(0, 40)}…` : odd}: it knows \${name}, :-, :+, :?, #, % and /, with the brace closed.`
    : `${needed} has to be set here, and nothing sets it.`;
}

function firstLine(text: string, { start, end }: { readonly start: number; readonly end: number }) {
  const stop = text.slice(start, end).search(/[\r\n]/);
  return { start, end: stop < 0 ? end : start + stop };
}
