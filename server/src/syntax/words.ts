import { isSpace } from './space.ts';

/** A stretch of a logical line with the value it stands for. Offsets count in that line. */
export interface Token {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the flags in front of the arguments as BuildKit does: words that start with `--`, in which quotes group and the
 * escape character escapes. A lone `--` ends them. Returns where the arguments start.
 */
export function readFlags(text: string, from: number, escapeChar: string): { flags: Token[]; end: number } {
  const flags: Token[] = [];
  let at = from;
  for (;;) {
    while (at < text.length && isSpace(text.charAt(at))) {
      at++;
    }
    if (!text.startsWith('--', at)) {
      return { flags, end: at };
    }
    const start = at;
    let value = '';
    let quote = '';
    while (at < text.length) {
      const ch = text.charAt(at);
      if (quote === '' && isSpace(ch)) {
        break;
      }
      if (quote === '' && (ch === '"' || ch === "'")) {
        quote = ch;
      } else if (ch === quote) {
        quote = '';
      } else if (ch === escapeChar) {
        at++;
        value += text.charAt(at);
      } else {
        value += ch;
      }
      at++;
    }
    at = Math.min(at, text.length);
    if (value === '--') {
      return { flags, end: at };
    }
    flags.push({ value, start, end: at });
  }
}

/** Splits at white space, as BuildKit does for FROM, COPY, EXPOSE and the like: quotes do not group there. */
export function splitWords(text: string, from: number, to: number): Token[] {
  const tokens: Token[] = [];
  const word = /[^\t\v\f\r ]+/g;
  word.lastIndex = from;
  for (let match = word.exec(text); match !== null && match.index < to; match = word.exec(text)) {
    const value = match[0].slice(0, to - match.index);
    tokens.push({ value, start: match.index, end: match.index + value.length });
  }
  return tokens;
}

/** Splits into words in which quotes group, the quotes kept: the way BuildKit reads ENV, LABEL and ARG. */
export function splitQuotedWords(text: string, from: number, to: number, escapeChar: string): Token[] {
  const tokens: Token[] = [];
  let at = from;
  while (at < to) {
    if (isSpace(text.charAt(at))) {
      at++;
      continue;
    }
    const start = at;
    let value = '';
    let quote = '';
    while (at < to) {
      const ch = text.charAt(at);
      if (quote === '' && isSpace(ch)) {
        break;
      }
      if (ch === escapeChar && quote !== "'") {
        if (at + 1 === to) {
          // BuildKit drops an escape character at the very end.
          at++;
          break;
        }
        value += ch + text.charAt(at + 1);
        at += 2;
        continue;
      }
      if (quote === '' && (ch === '"' || ch === "'")) {
        quote = ch;
      } else if (ch === quote) {
        quote = '';
      }
      value += ch;
      at++;
    }
    if (value !== '') {
      tokens.push({ value, start, end: at });
    }
  }
  return tokens;
}

/**
 * Reads a JSON array of strings that fills the given stretch. `not-json` where it is something else; `not-strings`
 * where it is an array that holds another type, which BuildKit refuses.
 */
export function readJsonWords(text: string, from: number, to: number): Token[] | 'not-json' | 'not-strings' {
  const source = text.slice(from, to);
  if (!/^\s*\[/.test(source)) {
    return 'not-json';
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch {
    return 'not-json';
  }
  if (!Array.isArray(parsed)) {
    return 'not-json';
  }
  if (!parsed.every((item): item is string => typeof item === 'string')) {
    return 'not-strings';
  }
  const items = parsed;
  const tokens: Token[] = [];
  for (const match of source.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
    const start = from + match.index;
    tokens.push({ value: items[tokens.length] ?? '', start, end: start + match[0].length });
  }
  return tokens;
}
