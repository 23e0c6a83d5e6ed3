import { type SourceFile, sourceFiles } from '../../ecosystems/source-text.ts';
import type { Project } from '../../project/project.ts';
import { memoize, memoizeFor } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';

/** A source file as a program reads it: without comments. Strings stay. */
export interface Code {
  readonly path: string;
  readonly text: string;
}

/** Sources of the languages that servers are written in. */
export const serverSource =
  /\.(?:[cm]?[jt]sx?|py|go|rb|ru|rs|cs|java|kt|kts|php|p[lm]|psgi|c|cc|cpp|ex|exs)$/;

/** The sources of a project that may make a server, tests left out. */
export function serverCode(project: Project, directory: ContextPath): readonly Code[] {
  return codeOf(sourceFiles(project, directory, serverSource));
}

const codeOf = memoizeFor((files: readonly SourceFile[]): readonly Code[] =>
  files
    .filter(({ path }) => !/\.(?:test|spec|d)\.\w+$|(?:^|\/)(?:test_\w+|\w+_test)\.\w+$/.test(path))
    .map(withoutComments),
);

/** Asks whether a pattern is found in a source; each is looked at once. */
export function codeQuestion(pattern: RegExp): (code: Code) => boolean {
  return memoizeFor(({ text }: Code) => pattern.test(text));
}

const hashComments = /\.(?:py|rb|ru|ex|exs|p[lm]|psgi)$/;
const longQuotes = ['"""', "'''"];

const withoutComments = memoizeFor(({ path, text }: SourceFile): Code => {
  const hasHash = hashComments.test(path);
  const isPhp = path.endsWith('.php');
  let result = '';
  let at = 0;
  while (at < text.length) {
    const ch = text.charAt(at);
    const long = hasHash ? longQuotes.find((quote) => text.startsWith(quote, at)) : undefined;
    if (long !== undefined) {
      const close = text.indexOf(long, at + 3);
      const end = close < 0 ? text.length : close + 3;
      result += text.slice(at, end);
      at = end;
    } else if (ch === '"' || ch === "'" || ch === '`') {
      const end = endOfString(text, at);
      result += text.slice(at, end);
      at = end;
    } else if (
      (!hasHash && text.startsWith('//', at)) ||
      // `#{name}` stands in a text of Ruby, `$#list` is a number of Perl.
      (ch === '#' && (hasHash || isPhp) && text.charAt(at + 1) !== '{' && text.charAt(at - 1) !== '$')
    ) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (!hasHash && text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else {
      result += ch;
      at++;
    }
  }
  return { path, text: result };
});

/** Where a string ends that starts at `open`: short ones do not go over the end of their line. */
function endOfString(text: string, open: number): number {
  const quote = text.charAt(open);
  for (let at = open + 1; at < text.length; at++) {
    const ch = text.charAt(at);
    if (ch === '\\') {
      at++;
    } else if (ch === quote) {
      return at + 1;
    } else if (ch === '\n' && quote !== '`') {
      return at;
    }
  }
  return text.length;
}

const closing: Readonly<Record<string, string>> = table({ '(': ')', '{': '}', '[': ']' });

/** The text between a bracket and the one that closes it, strings passed over; up to the end where none does. */
export function bracketed(text: string, open: number): string {
  const expected: string[] = [];
  let at = open;
  while (at < text.length) {
    const ch = text.charAt(at);
    if (ch === '"' || ch === "'" || ch === '`') {
      at = endOfString(text, at);
      continue;
    }
    const close = closing[ch];
    if (close !== undefined) {
      expected.push(close);
    } else if (ch === expected.at(-1)) {
      expected.pop();
      if (expected.length === 0) {
        return text.slice(open + 1, at);
      }
    }
    at++;
  }
  return text.slice(open + 1);
}

/** The arguments of a call as texts, split at the commas of the outermost level. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let at = 0;
  while (at < text.length) {
    const ch = text.charAt(at);
    if (ch === '"' || ch === "'" || ch === '`') {
      at = endOfString(text, at);
      continue;
    }
    if (closing[ch] !== undefined) {
      depth++;
    } else if (')}]'.includes(ch)) {
      depth--;
    } else if (ch === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
    at++;
  }
  const last = text.slice(start).trim();
  return last === '' ? parts : [...parts, last];
}

/** A call in a source: where it stands, and the text of its arguments. */
export interface Call {
  readonly at: number;
  readonly match: RegExpMatchArray;
  readonly args: string;
}

/** The calls that a pattern finds; it ends with the opening bracket. */
export function callsOf(text: string, pattern: RegExp): readonly Call[] {
  const read = callReaders.get(pattern.source) ?? memoize((code) => readCalls(code, pattern), 200);
  callReaders.set(pattern.source, read);
  return read(text);
}

/** Each letter that is typed asks the same of the same sources. */
const callReaders = new Map<string, (text: string) => readonly Call[]>();

function readCalls(text: string, pattern: RegExp): readonly Call[] {
  return [...text.matchAll(pattern)].map((match) => ({
    at: match.index,
    match,
    args: bracketed(text, match.index + match[0].length - 1),
  }));
}
