import { compilePattern } from '../../project/ignore-pattern.ts';
import { nameOf } from '../../project/paths.ts';
import type { Called } from './called.ts';

/** Commands that do not read what they name, or do without it. */
const indifferent = /^(?:echo|printf|mkdir|test|\[|\[\[|git|export|apt-get|apk|find|ls|touch|:)$/;

/** What of the commands and scripts of a build names an entry of the context, in words; undefined where nothing does. */
export function namedIn(called: Called, path: string): string | undefined {
  const command = called.commands.find(({ words }) => reads(words, path));
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

function reads([name = '', ...rest]: readonly string[], path: string): boolean {
  const operands = rest.filter((word) => !/^-\w+$/.test(word));
  const isForced = name === 'rm' && rest.some((word) => /^-\w*f|^--force$/.test(word));
  if (indifferent.test(name) || isForced) {
    return false;
  }
  // The last word of a copy is where it goes to.
  const read =
    /^(?:cp|mv|ln|install|rsync)$/.test(name) && operands.length > 1 ? operands.slice(0, -1) : rest;
  return read.some((word) => wordNames(word, path));
}

/** True for a word that is the path, lies below it, or is a pattern that matches it; also behind `--option=`. */
function wordNames(word: string, path: string): boolean {
  return word.split(/[=:,;'"()\s]+/).some((part) => {
    const clean = part.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
    if (clean === '' || clean === '.' || clean.length > 300) {
      return false;
    }
    if (/[*?]/.test(clean)) {
      const pattern = compilePattern(clean.replace(/^\//, ''));
      // `*` and `.*` alone take everything that is there.
      return (
        typeof pattern === 'object' &&
        /[\w.]{2}/.test(clean) &&
        (pattern.matches(path) || pattern.matches(nameOf(path)))
      );
    }
    return (
      clean === path ||
      clean.startsWith(`${path}/`) ||
      clean.endsWith(`/${path}`) ||
      clean.includes(`/${path}/`)
    );
  });
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
