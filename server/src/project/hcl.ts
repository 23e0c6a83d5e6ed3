import { table } from '../text/table.ts';
/** Stands for an expression that this reader does not evaluate: a call, a condition, a loop, a heredoc. */
export const unknownValue = Symbol('not evaluated');

export type HclValue =
  | string
  | number
  | boolean
  | null
  | typeof unknownValue
  | readonly HclValue[]
  | { readonly [key: string]: HclValue };

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  /** Line of the block's first word, starting at 1. */
  readonly line: number;
  readonly attributes: Readonly<Record<string, HclValue>>;
}

interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'newline' | 'other' | 'end';
  readonly text: string;
  readonly line: number;
}

/** Deeper lists and maps are taken as not evaluated. */
const maxDepth = 20;
const maxCharacters = 300_000;

/**
 * Reads the part of HCL that Bake files are written in for the most part: blocks with attributes that hold strings
 * (with `${NAME}` left in them), numbers, true, false, null, the name of a variable (given as `${NAME}`), lists and
 * maps. Everything else becomes `unknownValue`. Undefined where the text is not well-formed.
 *
 * The parsers of HCL for Node.js are Go programs of 2 to 4 MB, too much for the four attributes that matter here.
 */
export function parseHcl(text: string): readonly HclBlock[] | undefined {
  const tokens = text.length <= maxCharacters ? tokenize(text) : undefined;
  return tokens === undefined ? undefined : new HclParser(tokens).parseFile();
}

class HclParser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parseFile(): HclBlock[] | undefined {
    const blocks: HclBlock[] = [];
    for (;;) {
      this.skipNewlines();
      const first = this.next();
      if (first.kind === 'end') {
        return blocks;
      }
      if (first.kind !== 'name') {
        return undefined;
      }
      if (this.isSign('=')) {
        this.next();
        this.parseExpression(0);
        continue;
      }
      const labels: string[] = [];
      while (this.peek().kind === 'text' || this.peek().kind === 'name') {
        labels.push(this.next().text);
      }
      const attributes = this.isSign('{') ? this.parseBody() : undefined;
      if (attributes === undefined) {
        return undefined;
      }
      blocks.push({ type: first.text, labels, line: first.line, attributes });
    }
  }

  /** The attributes of a block; blocks inside it are passed over. */
  private parseBody(): Record<string, HclValue> | undefined {
    this.next();
    const attributes: Record<string, HclValue> = Object.create(null);
    for (;;) {
      this.skipNewlines();
      const token = this.next();
      if (token.kind === 'sign' && token.text === '}') {
        return attributes;
      }
      if (token.kind !== 'name') {
        return undefined;
      }
      if (this.isSign('=')) {
        this.next();
        attributes[token.text] = this.parseExpression(0);
      } else {
        this.skipExpression();
      }
    }
  }

  private parseExpression(depth: number): HclValue {
    const start = this.at;
    const value = this.parseValue(depth);
    const after = this.peek();
    const isWhole =
      after.kind === 'newline' ||
      after.kind === 'end' ||
      (after.kind === 'sign' && /^[,}\]]$/.test(after.text));
    if (isWhole && value !== unknownValue) {
      return value;
    }
    this.at = start;
    this.skipExpression();
    return unknownValue;
  }

  private parseValue(depth: number): HclValue {
    const token = this.next();
    if (token.kind === 'text') {
      return token.text;
    }
    if (token.kind === 'number') {
      return Number(token.text);
    }
    if (token.kind === 'name') {
      const constants: Readonly<Record<string, HclValue>> = table({ true: true, false: false, null: null });
      return Object.hasOwn(constants, token.text) ? (constants[token.text] ?? null) : `\${${token.text}}`;
    }
    if (token.kind === 'sign' && depth < maxDepth) {
      if (token.text === '[') {
        return this.parseList(depth);
      }
      if (token.text === '{') {
        return this.parseMap(depth);
      }
    }
    return unknownValue;
  }

  private parseList(depth: number): HclValue {
    const items: HclValue[] = [];
    for (;;) {
      this.skipNewlines();
      if (this.isSign(']')) {
        this.next();
        return items;
      }
      if (this.peek().kind === 'end') {
        return unknownValue;
      }
      items.push(this.parseExpression(depth + 1));
      this.skipNewlines();
      if (this.isSign(',')) {
        this.next();
      } else if (!this.isSign(']')) {
        return unknownValue;
      }
    }
  }

  private parseMap(depth: number): HclValue {
    const entries: Record<string, HclValue> = Object.create(null);
    for (;;) {
      this.skipNewlines();
      const key = this.next();
      if (key.kind === 'sign' && key.text === '}') {
        return entries;
      }
      if ((key.kind !== 'name' && key.kind !== 'text') || !(this.isSign('=') || this.isSign(':'))) {
        return unknownValue;
      }
      this.next();
      entries[key.text] = this.parseExpression(depth + 1);
      if (this.isSign(',')) {
        this.next();
      }
    }
  }

  /** Passes over an expression: up to the end of the line, or to the bracket or comma that ends it. */
  private skipExpression(): void {
    let depth = 0;
    for (;;) {
      const token = this.peek();
      if (token.kind === 'end' || (depth === 0 && token.kind === 'newline')) {
        return;
      }
      if (token.kind === 'sign') {
        if (/^[({[]$/.test(token.text)) {
          depth++;
        } else if (/^[)}\]]$/.test(token.text)) {
          if (depth === 0) {
            return;
          }
          depth--;
        } else if (token.text === ',' && depth === 0) {
          return;
        }
      }
      this.at++;
    }
  }

  private skipNewlines(): void {
    while (this.peek().kind === 'newline') {
      this.at++;
    }
  }

  private isSign(text: string): boolean {
    const token = this.peek();
    return token.kind === 'sign' && token.text === text;
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '', line: 0 };
  }

  private next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }
}

const tokenPattern =
  /(?<space>[ \t\r]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<newline>\n)|(?<heredoc><<-?\w+)|(?<name>[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}_][\p{L}\p{N}_-]*)*)|(?<number>\d+(?:\.\d+)?)|(?<sign>[=:{}[\](),])|(?<other>[^"])/uy;

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    if (text[at] === '"') {
      const found = readText(text, at);
      if (found === undefined) {
        return undefined;
      }
      tokens.push({ kind: 'text', text: found.text, line });
      at = found.end;
      continue;
    }
    tokenPattern.lastIndex = at;
    const groups = tokenPattern.exec(text)?.groups;
    const whole = groups === undefined ? '' : text.slice(at, tokenPattern.lastIndex);
    if (groups === undefined) {
      return undefined;
    }
    let end = at + whole.length;
    if (groups['heredoc'] !== undefined) {
      end = endOfHeredoc(text, end, whole.replace(/^<<-?/, ''));
      tokens.push({ kind: 'other', text: '', line });
    } else if (groups['space'] === undefined) {
      const kind = (['newline', 'name', 'number', 'sign'] as const).find((k) => groups[k] !== undefined);
      tokens.push({ kind: kind ?? 'other', text: whole, line });
    }
    line += text.slice(at, end).split('\n').length - 1;
    at = end;
  }
  return tokens;
}

/** Where the line that ends a heredoc begins its line break; the end of the text where it is missing. */
function endOfHeredoc(text: string, from: number, word: string): number {
  let at = text.indexOf('\n', from);
  while (at >= 0) {
    const next = text.indexOf('\n', at + 1);
    if (text.slice(at + 1, next < 0 ? text.length : next).trim() === word) {
      return next < 0 ? text.length : next;
    }
    at = next;
  }
  return text.length;
}

/** A quoted string from its first quote on. Templates stay as written; they may hold quoted strings themselves. */
function readText(text: string, from: number): { text: string; end: number } | undefined {
  const escapes: Readonly<Record<string, string>> = table({ n: '\n', t: '\t', r: '\r' });
  let result = '';
  let depth = 0;
  for (let at = from + 1; at < text.length; at++) {
    const c = text[at] ?? '';
    if (c === '\n') {
      return undefined;
    }
    if (c === '\\') {
      at++;
      result += escapes[text[at] ?? ''] ?? text[at] ?? '';
    } else if (c === '$' && text[at + 1] === '{') {
      depth++;
      result += '${';
      at++;
    } else if (c === '}' && depth > 0) {
      depth--;
      result += c;
    } else if (c === '"' && depth === 0) {
      return { text: result, end: at + 1 };
    } else {
      result += c;
    }
  }
  return undefined;
}
