import { parseDockerfile } from '../syntax/parse.ts';
import type { Instruction } from '../syntax/tree.ts';
import type { Span } from '../text/span.ts';

/** How the library can read the start of a heredoc. Others it takes for no heredoc, and their lines for instructions. */
const readableHeredoc = /^<<-?(?:\w+|"\w+"|'\w+')$/;

/** A line that starts with escaped escape characters, which in a continued instruction makes the library throw. */
const escapedStart = /^([ \t]*)((?:\\\\|``)+)/gm;

/**
 * A text of the same length and with the same lines that dockerfile-language-service reads as BuildKit reads the
 * original: backslashes in comments are blanked (within a continued instruction they make it throw), and so are
 * heredocs in spellings that it does not know.
 */
export function readableText(original: string): string {
  const text = original.replace(
    escapedStart,
    (_, indent: string, run: string) => indent + 'x'.repeat(run.length),
  );
  const needsWork = text.includes('<<') || /^[ \t]*#.*\\/m.test(text);
  if (!needsWork) {
    return text;
  }
  const { comments, instructions } = parseDockerfile(text);
  const blanks: [Span, RegExp][] = [];
  for (const { span } of comments) {
    blanks.push([span, /\\/g]);
  }
  for (const { heredocs } of instructions.flatMap(withTrigger)) {
    for (const heredoc of heredocs) {
      if (!readableHeredoc.test(text.slice(heredoc.span.start, heredoc.span.end))) {
        blanks.push([heredoc.span, /[^\r\n]/g], [heredoc.body, /[^\r\n]/g]);
        if (heredoc.terminator !== undefined) {
          blanks.push([heredoc.terminator, /[^\r\n]/g]);
        }
      }
    }
  }
  let result = '';
  let at = 0;
  for (const [{ start, end }, what] of blanks.sort(([a], [b]) => a.start - b.start)) {
    if (start >= at) {
      result += text.slice(at, start) + text.slice(start, end).replace(what, ' ');
      at = end;
    }
  }
  return result + text.slice(at);
}

function withTrigger(instruction: Instruction): Instruction[] {
  return instruction.trigger === undefined ? [instruction] : [instruction, instruction.trigger];
}
