import type { Fix } from '../fixes/fix.ts';
import { parseDockerfile } from '../syntax/parse.ts';
import type { DockerfileSyntax, SyntaxProblem } from '../syntax/tree.ts';
import { applyEdits } from '../text/edits.ts';
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

/**
 * True where BuildKit refuses no more of the changed instructions than before. A fix that writes the words of a RUN
 * anew may bring one to the start of a line that reads like an instruction.
 */
export function staysReadable(
  { instructions, text, escape: escapeCharacter }: DockerfileSyntax,
  fix: Fix,
): boolean {
  const places = fix.edits.map((edit) => edit.span);
  const first = Math.min(...places.map((place) => place.start));
  const last = Math.max(...places.map((place) => place.end));
  // From the end of the instruction above: a line of a lone escape character belongs to none.
  const at = instructions.findLastIndex(({ span }) => span.start <= first);
  const start = instructions[at - 1]?.span.end ?? 0;
  const end = instructions.find(({ span }) => span.start > last)?.span.start ?? text.length;
  const count = (lines: string): number =>
    parseDockerfile(`# escape=${escapeCharacter}\n${lines}`).problems.length;
  const before = text.slice(start, end);
  const moved = fix.edits.map((edit) => ({
    ...edit,
    span: { start: edit.span.start - start, end: edit.span.end - start },
  }));
  return fix.edits.length === 0 || count(applyEdits(before, moved)) <= count(before);
}

/** True where a fix changes nothing at one of the places, nor beside it. */
export function keepsClearOf(places: readonly Span[], fix: Fix): boolean {
  return fix.edits.every(
    (edit) => !places.some((place) => edit.span.start <= place.end && edit.span.end >= place.start),
  );
}
