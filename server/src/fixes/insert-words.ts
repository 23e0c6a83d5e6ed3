import type { CommandStep } from '../model/commands.ts';
import type { ShellWord } from '../syntax/shell/script.ts';
import type { TextEdit } from '../text/edits.ts';
import { type Span, span } from '../text/span.ts';

/**
 * Where a word of a command stands in the document: in shell text the word itself, in exec form the element with its
 * quotes. Undefined where the list starts a shell, or the word is none of the command's own.
 */
export function placeOfWord(at: CommandStep, word: ShellWord): Span | undefined {
  const { instruction } = at.step;
  if (instruction.form !== 'json') {
    return at.script.sourceSpan(word.span);
  }
  const own = [at.command.nameWord, ...at.command.args];
  const index = own.indexOf(word);
  // As many elements as words: nothing stands in front of the command, and no text is read by a shell.
  return index < 0 || instruction.words.length !== own.length ? undefined : instruction.words[index]?.span;
}

/** The last word that an option may stand behind: what follows `--` is taken for names. Undefined where there is none. */
export function lastOption(args: readonly ShellWord[]): ShellWord | undefined {
  const end = args.findIndex((word) => word.text === '--');
  return end < 0 ? args.at(-1) : args[end - 1];
}

/** Puts words behind a word of a command: as they are in shell text and heredocs, as elements of the list in exec form. */
export function insertWords(
  at: CommandStep,
  behind: ShellWord,
  words: readonly string[],
): TextEdit | undefined {
  const place = placeOfWord(at, behind);
  const isList = at.step.instruction.form === 'json';
  return place === undefined
    ? undefined
    : {
        span: span(place.end, place.end),
        text: words.map((word) => (isList ? `, ${JSON.stringify(word)}` : ` ${word}`)).join(''),
      };
}

/** Puts a word in front of a word of a command, in the same way. */
export function insertWordBefore(at: CommandStep, before: ShellWord, word: string): TextEdit | undefined {
  const place = placeOfWord(at, before);
  const isList = at.step.instruction.form === 'json';
  return place === undefined
    ? undefined
    : {
        span: span(place.start, place.start),
        text: isList ? `${JSON.stringify(word)}, ` : `${word} `,
      };
}
