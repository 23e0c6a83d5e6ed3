import { compilePattern } from '../../project/ignore-pattern.ts';
import { nameOf } from '../../project/paths.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { Called, CalledCommand } from './called.ts';

/** Commands that do not read what they name, or do without it. */
const indifferent = /^(?:echo|printf|mkdir|test|\[|\[\[|git|export|apt-get|apk|find|ls|touch|:)$/;

/** What of the commands and scripts of a build names an entry of the context, in words; undefined where nothing does. */
export function namedIn(called: Called, path: string): string | undefined {
  const command = readersOf(called).find(({ parts }) => parts.some((part) => namesPath(part, path)))?.command;
  if (command !== undefined) {
    const words = command.words.slice(0, 4).join(' ');
    return command.file === undefined
      ? `\`${words}\` names ${path}`
      : `\`${words}\` of ${command.file} names ${path}`;
  }
  const text = called.texts.find(
    (one) => !/\.(?:sh|bash)$/.test(one.path) && mentions(one.text, nameOf(path)),
  );
  return text === undefined ? undefined : `${text.path} names ${path}`;
}

/** A command that reads what it names, with the parts of its words that may be paths. */
interface Reader {
  readonly command: CalledCommand;
  readonly parts: readonly string[];
}

/** The readers among the commands of a build: every entry of the context is looked for in all of them. */
const readersOf = memoizeFor(({ commands }: Called): readonly Reader[] =>
  commands.flatMap((command): Reader[] => {
    const parts = [...new Set(readWords(command.words).flatMap(pathsIn))];
    return parts.length === 0 ? [] : [{ command, parts }];
  }),
);

/** The words of a command that it reads, if they are paths. */
function readWords([name = '', ...rest]: readonly string[]): readonly string[] {
  const operands = rest.filter((word) => !/^-\w+$/.test(word));
  const isForced = name === 'rm' && rest.some((word) => /^-\w*f|^--force$/.test(word));
  if (indifferent.test(name) || isForced) {
    return [];
  }
  // The last word of a copy is where it goes to.
  return /^(?:cp|mv|ln|install|rsync)$/.test(name) && operands.length > 1 ? operands.slice(0, -1) : rest;
}

/** What of a word may be a path; also behind `--option=`. */
function pathsIn(word: string): string[] {
  return word
    .split(/[=:,;'"()\s]+/)
    .map((part) => part.replace(/^(?:\.\/)+/, '').replace(/(?<!\/)\/+$/, ''))
    .filter((part) => part !== '' && part !== '.' && part.length <= 300);
}

/** True for a part of a word that is the path, lies below it, or is a pattern that matches it. */
function namesPath(part: string, path: string): boolean {
  if (/[*?]/.test(part)) {
    const pattern = compilePattern(part.replace(/^\//, ''));
    // `*` and `.*` alone take everything that is there.
    return (
      typeof pattern === 'object' &&
      /[\w.]{2}/.test(part) &&
      (pattern.matches(path) || pattern.matches(nameOf(path)))
    );
  }
  return part.includes(path) && `/${part}/`.includes(`/${path}/`);
}

/** True where a text holds a name as a whole: `.env`, but neither `process.env` nor `.env.example`. */
export function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const behind = text.slice(at + name.length, at + name.length + 2);
    if (!/[\w.-]/.test(before) && !/^(?:[\w-]|\.\w)/.test(behind)) {
      return true;
    }
  }
  return false;
}
