import type { CommandStep } from '../model/commands.ts';
import type { ShellWord } from '../syntax/shell/script.ts';
import type { TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';

/**
 * Puts words behind a word of a command, whatever the form of its RUN: in shell text and heredocs as they are, in exec
 * form as elements of the list. Undefined where the list starts a shell, or the word is none of the command's own.
 */
export function insertWords(
  at: CommandStep,
  behind: ShellWord,
  words: readonly string[],
): TextEdit | undefined {
  const { instruction } = at.step;
  if (instruction.form !== 'json') {
    const { end } = at.script.sourceSpan(behind.span);
    return { span: span(end, end), text: ` ${words.join(' ')}` };
  }
  const own = [at.command.nameWord, ...at.command.args];
  const place = instruction.words[own.indexOf(behind)];
  // As many elements as words: nothing stands in front of the command, and no text is read by a shell.
  return place === undefined || instruction.words.length !== own.length || own.indexOf(behind) < 0
    ? undefined
    : {
        span: span(place.span.end, place.span.end),
        text: words.map((word) => `, ${JSON.stringify(word)}`).join(''),
      };
}
