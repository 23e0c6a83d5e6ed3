import { type Document, type LineCounter, parse, parseAllDocuments, parseDocument } from 'yaml';
import { memoize } from '../../text/memoize.ts';

/** Longer texts are machine-made; the settings of a project never are. */
const longest = 200_000;

/**
 * The deepest nesting that is read: the parser takes time in proportion to its square, and where it calls itself too often
 * V8 ends the process.
 */
const deepest = 50;

/**
 * Reads a settings file in YAML; undefined where it is none, has an error, or has several documents: the tool that the file is for
 * refuses it too, and half of its settings are not what it says. Never throws.
 */
export const readYaml = memoize((text): unknown => {
  if (text.length > longest || isDeep(text)) {
    return undefined;
  }
  try {
    const value: unknown = parse(text, { maxAliasCount: 100, logLevel: 'error' });
    return holdsItself(value) ? undefined : value;
  } catch {
    return undefined;
  }
}, 50);

/**
 * Parses one document, aliases and lines of its nodes with it; undefined where it is nested as none is that people write.
 *
 * @throws where its text goes beyond what the parser allows
 */
export function parseYaml(text: string, lineCounter?: LineCounter): Document.Parsed | undefined {
  return isDeep(text)
    ? undefined
    : parseDocument(text, {
        merge: true,
        uniqueKeys: false,
        logLevel: 'silent',
        ...(lineCounter === undefined ? {} : { lineCounter }),
      });
}

/** The documents of a file as plain values; none where it cannot be read. */
export const readYamlDocuments = memoize((text): readonly unknown[] => {
  if (isDeep(text)) {
    return [];
  }
  try {
    return parseAllDocuments(text, { logLevel: 'silent' })
      .map((one): unknown => one.toJS({ maxAliasCount: 100 }))
      .filter((one) => !holdsItself(one));
  } catch {
    // The parser throws where aliases multiply beyond reason.
    return [];
  }
}, 200);

/** True for a value that an alias puts into itself: whoever walks through it would come to no end. */
function holdsItself(value: unknown, above = new Set<object>(), seen = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null || (seen.has(value) && !above.has(value))) {
    return false;
  }
  if (above.has(value)) {
    return true;
  }
  seen.add(value);
  above.add(value);
  const found = Object.values(value).some((one) => holdsItself(one, above, seen));
  above.delete(value);
  return found;
}

/** More marks than anybody writes in one line: the parser takes time in proportion to their square. */
const mostMarks = 500;

/** True where brackets, lists in one line or indentation are nested as no settings are, or a line has marks without end. */
function isDeep(text: string): boolean {
  let brackets = 0;
  let indicators = 0;
  let marks = 0;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i] ?? '';
    if (ch === '[' || ch === '{') {
      brackets++;
    } else if (ch === ']' || ch === '}') {
      brackets = Math.max(0, brackets - 1);
    } else if (ch === '\n') {
      marks = 0;
      indicators = 0;
    }
    if ((ch === '-' || ch === '?' || ch === ':') && isBlank(text[i + 1])) {
      indicators++;
      marks++;
    } else if (!isBlank(ch)) {
      indicators = 0;
      marks += (ch === '&' || ch === '*' || ch === '!') && isBlank(text[i - 1]) ? 1 : 0;
    }
    if (brackets > deepest || indicators > deepest || marks > mostMarks) {
      return true;
    }
  }
  return /^ {200}/m.test(text) && stepsOf(text) > deepest;
}

function isBlank(ch: string | undefined): boolean {
  return ch === undefined || ch === ' ' || ch === '\t' || ch === '\n' || ch === '\r';
}

/** How often a line is indented further than all lines above it. */
function stepsOf(text: string): number {
  let deepestYet = 0;
  let steps = 0;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    if (indent > deepestYet) {
      deepestYet = indent;
      steps++;
    }
  }
  return steps;
}
