import { type Span, span } from '../text/span.ts';
import { type CompiledPattern, cleanPath, compilePattern, type PatternProblem } from './ignore-pattern.ts';

/** A line of a .dockerignore file that excludes something or, after `!`, takes it in again. */
export interface IgnorePattern {
  /** The pattern with its `!`, without the spaces around it. */
  readonly span: Span;
  /** Number of the line, starting at 0. */
  readonly line: number;
  readonly isNegated: boolean;
  /** What is compared with paths: without `!`, leading and trailing slash, and without `.` and `..`. */
  readonly pattern: string;
  /** Why Docker refuses the pattern: no build can be run with this file. It is then passed over here. */
  readonly problem?: PatternProblem;
}

export interface Dockerignore {
  readonly text: string;
  readonly patterns: readonly IgnorePattern[];
  readonly comments: readonly Span[];
  readonly matcher: IgnoreMatcher;
}

/** For each pattern whether it matches a folder or one above it. What lies in the folder starts from there. */
export type FolderMatches = readonly boolean[];

export interface PathMatch {
  /** True where the path does not get into the build context. */
  readonly isIgnored: boolean;
  /** Index of the pattern that had the last word; undefined where none matched. */
  readonly decidedBy: number | undefined;
  readonly matches: FolderMatches;
}

/** Answers for paths relative to the build context, with `/`. */
export interface IgnoreMatcher {
  readonly hasNegations: boolean;
  ignores(path: string): boolean;
  /** As `ignores`, with the pattern that decides. */
  decide(path: string): Pick<PathMatch, 'isIgnored' | 'decidedBy'>;
  /**
   * As `ignores`, for a walk from the root downwards: `folder` is what the walk was told about the folder that holds
   * the path, undefined for the root. A pattern that could not change the answer is not asked, so `matches` is false for it.
   */
  match(path: string, folder: FolderMatches | undefined): PathMatch;
  /** Which patterns match the path or a folder above it, each by itself; `folder` is the answer for the folder that holds it. */
  matchesOf(path: string, folder: FolderMatches | undefined): FolderMatches;
  /** True where a pattern with `!` might take in something below a folder that is itself ignored. */
  mayTakeInBelow(folder: string): boolean;
}

/** What follows is not read: no file that people write is so long, and every pattern costs time for every path. */
const maxCharacters = 200_000;

/** What Go takes for white space, where JavaScript differs in U+0085 and U+FEFF. */
const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const leadingSpace = new RegExp(`^${space}*`);
const trailingSpace = new RegExp(`${space}$`);

/**
 * Reads a .dockerignore file as BuildKit does (moby/patternmatcher/ignorefile): a byte order mark is dropped, a line
 * that starts with `#` is a comment, spaces around a pattern and after its `!` do not count, nor does a leading `/`.
 * Backslashes escape, as on Linux; a Docker client on Windows takes them for slashes.
 */
export function parseDockerignore(text: string): Dockerignore {
  const lines: Line[] = [];
  const comments: Span[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let line = 0; start <= Math.min(text.length, maxCharacters); line++) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak < 0 ? text.length : lineBreak;
    if (text[start] === '#') {
      comments.push(span(start, text[end - 1] === '\r' ? end - 1 : end));
    } else {
      const parsed = parseLine(text, start, end, line);
      if (parsed !== undefined) {
        lines.push(parsed);
      }
    }
    start = end + 1;
  }
  return { text, patterns: lines.map((line) => line.pattern), comments, matcher: createMatcher(lines) };
}

interface Line {
  readonly pattern: IgnorePattern;
  readonly compiled: CompiledPattern;
}

const never: CompiledPattern = { matches: () => false };

function parseLine(text: string, from: number, to: number, line: number): Line | undefined {
  const { start, end } = trim(text, from, to);
  if (start === end) {
    return undefined;
  }
  const written = { span: span(start, end), line };
  const isNegated = text[start] === '!';
  const rest = isNegated ? trim(text, start + 1, end) : { start, end };
  let path = text.slice(rest.start, rest.end);
  if (path !== '') {
    path = cleanPath(path);
    path = path.length > 1 && path.startsWith('/') ? path.slice(1) : path;
  }
  // The cleaned text is trimmed and cleaned once more with its `!`; only then is the `!` taken off for good.
  const trimmed = sliceTrimmed(isNegated ? `!${path}` : path);
  if (trimmed === '') {
    return undefined;
  }
  const again = cleanPath(trimmed);
  const pattern = again.startsWith('!') ? again.slice(1) : again;
  const compiled = pattern === '' ? 'nothing-after-exclamation-mark' : compilePattern(pattern);
  return {
    pattern: {
      ...written,
      isNegated: again.startsWith('!'),
      pattern,
      ...(typeof compiled === 'string' ? { problem: compiled } : {}),
    },
    compiled: typeof compiled === 'string' ? never : compiled,
  };
}

function sliceTrimmed(text: string): string {
  const { start, end } = trim(text, 0, text.length);
  return text.slice(start, end);
}

function trim(text: string, from: number, to: number): Span {
  const line = text.slice(from, to);
  const start = leadingSpace.exec(line)?.[0].length ?? 0;
  let end = line.length;
  while (end > start && trailingSpace.test(line[end - 1] ?? '')) {
    end--;
  }
  return span(from + start, from + end);
}

/** Joins patterns in their order: the last one that matches a path or a folder above it wins. */
function createMatcher(lines: readonly Line[]): IgnoreMatcher {
  const compiled = lines.map((line) => line.compiled);
  const negated = lines.map((line) => line.pattern.isNegated);
  const reaches = lines.flatMap((line, at) =>
    line.pattern.isNegated ? [{ at, parts: line.pattern.pattern.split('/') }] : [],
  );

  function match(path: string, folder: FolderMatches | undefined): PathMatch {
    const matches = new Array<boolean>(compiled.length).fill(false);
    let isIgnored = false;
    let decidedBy: number | undefined;
    for (let i = 0; i < compiled.length; i++) {
      if (folder?.[i] || (negated[i] === isIgnored && compiled[i]?.matches(path))) {
        matches[i] = true;
        isIgnored = !negated[i];
        decidedBy = i;
      }
    }
    return { isIgnored, decidedBy, matches };
  }

  function decide(path: string): PathMatch {
    const cleaned = cleanPath(path).replace(/^\//, '');
    if (cleaned === '' || cleaned === '.') {
      return { isIgnored: false, decidedBy: undefined, matches: [] };
    }
    let folder: FolderMatches | undefined;
    for (const parent of foldersOf(cleaned)) {
      folder = match(parent, folder).matches;
    }
    return match(cleaned, folder);
  }

  return {
    hasNegations: reaches.length > 0,
    ignores: (path) => decide(path).isIgnored,
    decide,
    match,
    matchesOf: (path, folder) => compiled.map((pattern, i) => folder?.[i] === true || pattern.matches(path)),
    mayTakeInBelow(folder) {
      // What leaves the folder out does so for all that lies in it: only a later line takes some of it in again.
      const { isIgnored, decidedBy = -1 } = decide(folder);
      const from = isIgnored ? decidedBy : -1;
      return reaches.some(({ at, parts }) => at > from && mayReachBelow(parts, folder.split('/')));
    },
  };
}

/** The folders above a path, the outermost first: `a`, `a/b` for `a/b/c`. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    folders.push(path.slice(0, at));
  }
  return folders;
}

/**
 * True where a pattern may match something below a folder: each part of it fits the folder at its place, and more
 * follows. A pattern that ends at the folder, or above it, has had its word about the folder itself.
 */
function mayReachBelow(pattern: readonly string[], folder: readonly string[]): boolean {
  for (const [i, name] of folder.entries()) {
    const part = pattern[i];
    if (part === undefined) {
      return false;
    }
    // `**` spans folders, and brackets and the like may mean more than they seem to within one part.
    if (part.includes('**') || /[[\]{}|\\^]/.test(part)) {
      return true;
    }
    const compiled = compilePattern(part);
    if (typeof compiled === 'string' || !compiled.matches(name)) {
      return false;
    }
  }
  return pattern.length > folder.length;
}
