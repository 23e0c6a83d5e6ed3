import { memoize } from '../text/memoize.ts';
import { matchesWhole } from '../text/wildcard.ts';

/**
 * The lines of a .gitignore file as Git matches them: names with `*`, `?` and brackets, and `**` for any number of folders.
 * No line becomes a regular expression: a name is matched in time in proportion to the product of both lengths.
 */
export interface GitIgnore {
  /** What the last line that matches this very path says; undefined where none does. Folders above it are not looked at. */
  verdictOn(path: string, isFolder: boolean): 'ignored' | 'taken-in' | undefined;
  /** True where Git ignores the path: by a line of its own, or because it ignores a folder above it. */
  ignores(path: string, isFolder: boolean): boolean;
}

/** Longer files are machine-made; each of their lines would be compared with each path. They ignore nothing. */
const longest = 200_000;

interface Line {
  readonly isTakenIn: boolean;
  readonly isForFolders: boolean;
  /** From the folder of the file downwards. */
  readonly parts: readonly Part[];
}

/** `**` between slashes, or what one name has to be like. */
type Part = 'any-folders' | readonly Token[];

/** Any number of characters, or what one character has to be. */
type Token = 'any-text' | ((ch: string) => boolean);

export const readGitIgnore = memoize((text): GitIgnore => {
  const lines = text.length > longest ? [] : text.split('\n').flatMap(readLine).reverse();
  const verdictOf = (names: readonly string[], isFolder: boolean): ReturnType<GitIgnore['verdictOn']> => {
    const found = lines.find(
      ({ isForFolders, parts }) => (isFolder || !isForFolders) && matchesNames(parts, names),
    );
    return found === undefined ? undefined : found.isTakenIn ? 'taken-in' : 'ignored';
  };
  return {
    verdictOn: (path, isFolder) => verdictOf(path.split('/'), isFolder),
    ignores(path, isFolder) {
      const names = path.split('/');
      return names.some(
        (_, i) => verdictOf(names.slice(0, i + 1), isFolder || i < names.length - 1) === 'ignored',
      );
    },
  };
}, 100);

function readLine(raw: string, index: number): Line[] {
  const text = withoutLastSpaces((index === 0 ? raw.replace(/^\uFEFF/, '') : raw).replace(/\r$/, ''));
  if (text.startsWith('#')) {
    return [];
  }
  const isTakenIn = text.startsWith('!');
  const pattern = isTakenIn ? text.slice(1) : text;
  const isForFolders = pattern.endsWith('/');
  const path = isForFolders ? pattern.slice(0, -1) : pattern;
  const isAnchored = path.includes('/');
  const names = (path.startsWith('/') ? path.slice(1) : path).split('/');
  if (names.some((name) => name === '' || endsInBackslash(name))) {
    // An empty line, and what matches no path.
    return [];
  }
  const parts = names.map((name): Part => (isAnchored && name === '**' ? 'any-folders' : tokensOf(name)));
  if (!isAnchored) {
    parts.unshift('any-folders');
  } else if (parts.at(-1) === 'any-folders') {
    // What stands below a folder is meant, not the folder.
    parts.push(['any-text']);
  }
  return [{ isTakenIn, isForFolders, parts }];
}

/** Spaces at the end do not count, but for one behind a backslash. */
function withoutLastSpaces(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ') {
    end--;
  }
  return end < text.length && endsInBackslash(text.slice(0, end))
    ? text.slice(0, end + 1)
    : text.slice(0, end);
}

/** True where the last character is a backslash that nothing escapes. */
function endsInBackslash(text: string): boolean {
  let count = 0;
  while (text[text.length - 1 - count] === '\\') {
    count++;
  }
  return count % 2 === 1;
}

function tokensOf(name: string): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < name.length; i++) {
    const ch = name.charAt(i);
    if (ch === '*') {
      tokens.push('any-text');
    } else if (ch === '?') {
      tokens.push(() => true);
    } else if (ch === '[') {
      const { token, last } = readBrackets(name, i);
      tokens.push(token);
      i = last;
    } else {
      i += ch === '\\' ? 1 : 0;
      const wanted = name.charAt(i);
      tokens.push((one) => one === wanted);
    }
  }
  return tokens;
}

const classes: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[a-z\d]/i],
  ['alpha', /[a-z]/i],
  ['blank', /[ \t]/],
  ['digit', /\d/],
  ['lower', /[a-z]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /\s/],
  ['upper', /[A-Z]/],
  ['xdigit', /[a-f\d]/i],
]);

/** What stands in brackets, as `[a-z_]`, `[!.]` and `[[:digit:]]`; brackets without an end match nothing. */
function readBrackets(name: string, start: number): { readonly token: Token; readonly last: number } {
  let i = start + 1;
  const isNegated = name[i] === '!' || name[i] === '^';
  i += isNegated ? 1 : 0;
  const tests: ((ch: string) => boolean)[] = [];
  for (let isFirst = true; i < name.length && (isFirst || name[i] !== ']'); isFirst = false) {
    const named = name.startsWith('[:', i) ? name.indexOf(':]', i) : -1;
    if (named > 0) {
      const pattern = classes.get(name.slice(i + 2, named));
      tests.push((ch) => pattern?.test(ch) === true);
      i = named + 2;
      continue;
    }
    i += name[i] === '\\' ? 1 : 0;
    const from = name.charAt(i);
    i++;
    if (name[i] === '-' && i + 1 < name.length && name[i + 1] !== ']') {
      i += name[i + 1] === '\\' ? 2 : 1;
      const to = name.charAt(i);
      i++;
      tests.push((ch) => from <= ch && ch <= to);
    } else {
      tests.push((ch) => ch === from);
    }
  }
  return i >= name.length
    ? { token: () => false, last: name.length }
    : { token: (ch) => tests.some((test) => test(ch)) !== isNegated, last: i };
}

/** True for the texts that stand for any number of characters or folders. */
function isAnyNumber(wanted: Part | Token): wanted is 'any-folders' | 'any-text' {
  return typeof wanted === 'string';
}

function matchesNames(parts: readonly Part[], names: readonly string[]): boolean {
  return matchesWhole(
    parts,
    names,
    isAnyNumber,
    (part, name) =>
      !isAnyNumber(part) &&
      matchesWhole(part, name, isAnyNumber, (token, ch) => !isAnyNumber(token) && token(ch)),
  );
}
