import { RE2JS } from 're2js';
import { memoize } from '../text/memoize.ts';

/**
 * The matching of one pattern of a .dockerignore file, as BuildKit does it. This follows moby/patternmatcher v0.6.1
 * step by step, on purpose: what it does with brackets and backslashes is an accident of how it builds a regular
 * expression, and builds depend on it.
 *
 * A layer of our own, because the libraries on npm answer otherwise. `@balena/dockerignore` 1.0.2 follows Docker 19.03:
 * of the 480 cases in test/project/data/dockerignore-cases.json it gets 35 wrong even with its case-insensitive default
 * switched off (`**b` misses folders, `+ ( )` are not escaped, a `!` brings back what Docker leaves out), and a pattern of nine
 * `*` takes it seconds. `ignore` implements .gitignore, which is another language. RE2JS has the syntax of Go's
 * regular expressions and their linear time.
 */
export interface CompiledPattern {
  /** True where the pattern matches this very path (parents are not looked at). Paths use `/`. */
  matches(path: string): boolean;
}

/** Why Docker refuses a pattern; the build then fails. */
export type PatternProblem = 'nothing-after-exclamation-mark' | 'malformed' | 'too-long';

/** Longer than any pattern people write; the limit keeps a hostile file from costing time. */
const maxLength = 1024;

/**
 * The pattern that stands for one path, whatever its name holds: files of other people may be called `*` or `!a`. A
 * line break, and white space at an end, which Docker takes away, can only be stood for by any character.
 */
export function literalPattern(path: string): string {
  return path
    .replace(/[\\*?[]/g, '\\$&')
    .replace(/\p{Cc}|^\s|\s$/gu, '?')
    .replace(/^[#!]/, '\\$&');
}

/** Compiles a pattern that `cleanPath` has gone over, without its `!`. */
export const compilePattern = memoize(compile, 500);

function compile(pattern: string): CompiledPattern | PatternProblem {
  if (pattern.length > maxLength) {
    return 'too-long';
  }
  if (!isWellFormed(pattern)) {
    return 'malformed';
  }
  const { kind, expression } = translate(pattern);
  if (kind === 'exact') {
    return { matches: (path) => path === pattern };
  }
  if (kind === 'prefix') {
    const prefix = pattern.slice(0, -2);
    return { matches: (path) => path.startsWith(prefix) };
  }
  if (kind === 'suffix') {
    const suffix = pattern.slice(2);
    const whole = suffix.startsWith('/') ? suffix.slice(1) : undefined;
    return { matches: (path) => path.endsWith(suffix) || path === whole };
  }
  return compileExpression(pattern, expression);
}

/** The shortest form of a path, as Go's `path.Clean` has it: no `.`, no `..` but leading ones, no double or last slash. */
export function cleanPath(path: string): string {
  const isRooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      const last = parts.at(-1);
      if (last !== undefined && last !== '..') {
        parts.pop();
      } else if (!isRooted) {
        parts.push('..');
      }
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return `${isRooted ? '/' : ''}${parts.join('/')}` || '.';
}

function compileExpression(pattern: string, expression: string): CompiledPattern | PatternProblem {
  let regexp: RE2JS;
  try {
    regexp = RE2JS.compile(expression);
  } catch {
    return 'malformed';
  }
  // Almost every path fails at its start or end already, at a fraction of the cost.
  const isPlain = !/[[\]\\^|{}]/.test(pattern);
  const prefix = isPlain ? (/^[^*?]*/.exec(pattern)?.[0] ?? '') : '';
  const suffix = isPlain ? (/(?<![^*?/])[^*?/]*$/.exec(pattern)?.[0] ?? '') : '';
  return {
    matches: (path) => path.startsWith(prefix) && path.endsWith(suffix) && regexp.test(path),
  };
}

interface Translation {
  readonly kind: 'exact' | 'prefix' | 'suffix' | 'expression';
  readonly expression: string;
}

/** `Pattern.compile` of patternmatcher, for `/` as the separator. */
function translate(pattern: string): Translation {
  const characters = [...pattern];
  let kind: Translation['kind'] = 'exact';
  let expression = '^';
  for (let at = 0, step = 0; at < characters.length; step++) {
    const c = characters[at++] ?? '';
    if (c === '*' && characters[at] === '*') {
      at++;
      if (characters[at] === '/') {
        at++;
      }
      if (at < characters.length) {
        expression += '(.*/)?';
        kind = 'expression';
      } else if (kind === 'exact') {
        kind = 'prefix';
      } else {
        expression += '.*';
        kind = 'expression';
      }
      if (step === 0) {
        kind = 'suffix';
      }
    } else if (c === '*') {
      expression += '[^/]*';
      kind = 'expression';
    } else if (c === '?') {
      expression += '[^/]';
      kind = 'expression';
    } else if ('.+()$'.includes(c)) {
      // Docker means to escape `|`, `{` and `}` too, but does not: they keep their meaning.
      expression += `\\${c}`;
    } else if (c === '\\') {
      expression += `\\${characters[at++] ?? ''}`;
      kind = 'expression';
    } else {
      expression += c;
      if (c === '[' || c === ']') {
        kind = 'expression';
      }
    }
  }
  return { kind, expression: `${expression}$` };
}

/**
 * The syntax check that patternmatcher makes before it goes its own way: whether Go's `filepath.Match(pattern, ".")`
 * finds a mistake. It looks at the part before the first `*`, and at the next one only where the first matches `.`.
 */
function isWellFormed(pattern: string): boolean {
  const characters = [...pattern];
  const first = takeChunk(characters, 0);
  const match = matchDot(first.chunk);
  if (match === 'no' || match === 'malformed' || first.end >= characters.length) {
    return match !== 'malformed';
  }
  return matchDot(takeChunk(characters, first.end).chunk) !== 'malformed';
}

/** The characters from `start` up to the next `*`, those it starts with passed over. */
function takeChunk(characters: readonly string[], start: number): { chunk: readonly string[]; end: number } {
  let from = start;
  while (characters[from] === '*') {
    from++;
  }
  let isInBrackets = false;
  let end = from;
  for (; end < characters.length; end++) {
    const c = characters[end];
    if (c === '\\' && end + 1 < characters.length) {
      end++;
    } else if (c === '[' || c === ']') {
      isInBrackets = c === '[';
    } else if (c === '*' && !isInBrackets) {
      break;
    }
  }
  return { chunk: characters.slice(from, end), end };
}

/** Whether a chunk, which has no `*`, matches the name `.`. */
function matchDot(chunk: readonly string[]): 'yes' | 'no' | 'malformed' {
  let length = 0;
  let matches = true;
  for (let at = 0; at < chunk.length; length++) {
    const c = chunk[at++];
    if (c === '[') {
      const brackets = readBrackets(chunk, at);
      if (brackets === undefined) {
        return 'malformed';
      }
      at = brackets.end;
      matches &&= brackets.holdsDot;
    } else if (c === '\\') {
      if (at >= chunk.length) {
        return 'malformed';
      }
      matches &&= chunk[at] === '.';
      at++;
    } else {
      matches &&= c === '.' || c === '?';
    }
  }
  return matches && length === 1 ? 'yes' : 'no';
}

/** Reads `…]`; undefined where a range lacks an end, or nothing follows it. */
function readBrackets(
  chunk: readonly string[],
  start: number,
): { end: number; holdsDot: boolean } | undefined {
  let at = start;
  const readCharacter = (): string | undefined => {
    if (chunk[at] === '-' || chunk[at] === ']') {
      return undefined;
    }
    at += chunk[at] === '\\' ? 2 : 1;
    return at < chunk.length ? chunk[at - 1] : undefined;
  };
  const isNegated = chunk[at] === '^';
  if (isNegated) {
    at++;
  }
  let holds = false;
  for (let ranges = 0; ranges === 0 || chunk[at] !== ']'; ranges++) {
    const low = readCharacter();
    let high = low;
    if (low !== undefined && chunk[at] === '-') {
      at++;
      high = readCharacter();
    }
    if (low === undefined || high === undefined) {
      return undefined;
    }
    holds ||= low <= '.' && '.' <= high;
  }
  return { end: at + 1, holdsDot: holds !== isNegated };
}
