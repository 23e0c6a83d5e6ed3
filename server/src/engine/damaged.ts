import type { Fix } from '../fixes/fix.ts';
import type { DockerfileSyntax, SyntaxProblem } from '../syntax/tree.ts';
import type { Span } from '../text/span.ts';

/**
 * The places that no fix may touch: each instruction with a syntax problem, up to and with the start of the next, and
 * one at the end of the file that goes on in a line that is not there. What is written at such a place may become one
 * command with what stands beside it.
 */
export function damagedPlaces(syntax: DockerfileSyntax, problems: readonly SyntaxProblem[]): readonly Span[] {
  const { instructions, text } = syntax;
  const starts = problems.map((problem) => problem.span.start).sort((a, b) => a - b);
  let next = 0;
  return instructions.flatMap(({ span }, i) => {
    const end = instructions[i + 1]?.span.start ?? text.length;
    while ((starts[next] ?? end) < span.start) {
      next++;
    }
    const isDamaged =
      (starts[next] ?? end) < end || (end === text.length && goesOn(text.slice(span.start), syntax.escape));
    return isDamaged ? [{ start: span.start, end }] : [];
  });
}

/** True where the last line that counts ends in the escape character. */
function goesOn(text: string, escapeCharacter: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const last = lines.findLast((line, i) => line !== '' && (i === 0 || !line.startsWith('#')));
  return last?.endsWith(escapeCharacter) === true;
}

/** True where a fix changes nothing at one of the places, nor beside it. */
export function keepsClearOf(places: readonly Span[], fix: Fix): boolean {
  return fix.edits.every(
    (edit) => !places.some((place) => edit.span.start <= place.end && edit.span.end >= place.start),
  );
}
