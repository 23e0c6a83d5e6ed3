import { isSpace } from './space.ts';

/** A heredoc as it is announced in an instruction's line. Offsets count in the logical line. */
export interface HeredocStart {
  readonly name: string;
  readonly expands: boolean;
  readonly stripsTabs: boolean;
  readonly start: number;
  readonly end: number;
}

interface ShellWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const start = /^(\d*)<<(-?)\s*((?:[^<\s][^<]*)?)$/;
const specialParameter = /[@*#?\-$!0]/;
const letterOrDigit = /[\p{L}\p{Nd}_]/u;

/** Variables within the defaults of variables: nobody nests them deeper, and each level takes a part of the stack. */
const deepest = 100;

/** Thrown inside this file where BuildKit's word lexer gives up on a line. */
class LexFailure extends Error {}

/**
 * Finds the heredocs of a line, by the rules of BuildKit's word lexer rather than a shell's: the `<<` must start a
 * word (behind an optional descriptor number), white space may follow it, quotes in the name switch off replacement of
 * variables. A line that the lexer cannot read (an open quote, `${{`) has no heredoc at all.
 */
export function findHeredocs(line: string, from: number): HeredocStart[] {
  if (!line.includes('<<', from)) {
    return [];
  }
  let words: ShellWord[];
  try {
    words = new Lexer(line, from, true).words();
  } catch (failure) {
    if (failure instanceof LexFailure) {
      return [];
    }
    throw failure;
  }
  const found: HeredocStart[] = [];
  for (const word of words) {
    const match = start.exec(word.text);
    const rest = match?.[3] ?? '';
    if (match === null || rest === '') {
      continue;
    }
    const name = unquotedName(rest);
    if (name !== undefined) {
      found.push({
        name,
        expands: countQuotes(name) === countQuotes(rest),
        stripsTabs: match[2] === '-',
        start: word.start,
        end: word.end,
      });
    }
  }
  return found;
}

function unquotedName(rest: string): string | undefined {
  try {
    const words = new Lexer(rest, 0, false).words();
    return words.length === 1 ? words[0]?.text : undefined;
  } catch (failure) {
    if (failure instanceof LexFailure) {
      return undefined;
    }
    throw failure;
  }
}

function countQuotes(text: string): number {
  return [...text].filter((ch) => ch === '"' || ch === "'").length;
}

/**
 * BuildKit's splitting of a line into words. Variables are never set here, so they stay as written. `raw` keeps quotes
 * and escapes.
 */
class Lexer {
  private readonly text: string;
  private readonly raw: boolean;
  private at: number;
  private current = '';
  private currentStart = -1;
  private depth = 0;
  private readonly found: ShellWord[] = [];

  constructor(text: string, from: number, raw: boolean) {
    this.text = text;
    this.raw = raw;
    this.at = from;
  }

  words(): ShellWord[] {
    while (this.at < this.text.length) {
      const begin = this.at;
      const ch = this.text.charAt(begin);
      if (ch === '$') {
        // What comes out of a variable is split at white space; everything else that is special is kept together.
        for (const part of this.dollar()) {
          this.addCharacter(part, begin);
        }
      } else if (ch === "'") {
        this.add(this.singleQuoted(), begin);
      } else if (ch === '"') {
        this.add(this.doubleQuoted(), begin);
      } else if (ch === '<') {
        this.add(this.angle(), begin);
      } else if (ch === '\\') {
        const next = this.text.charAt(begin + 1);
        this.at += 2;
        this.add((this.raw ? ch : '') + next, begin);
      } else {
        this.at++;
        this.addCharacter(ch, begin);
      }
    }
    this.finishWord(this.text.length);
    return this.found;
  }

  private add(text: string, begin: number): void {
    if (this.currentStart < 0) {
      this.currentStart = begin;
    }
    this.current += text;
  }

  private addCharacter(ch: string, begin: number): void {
    if (isSpace(ch)) {
      this.finishWord(begin);
    } else {
      this.add(ch, begin);
    }
  }

  private finishWord(end: number): void {
    if (this.current !== '') {
      this.found.push({ text: this.current, start: this.currentStart, end });
      this.current = '';
    }
    this.currentStart = -1;
  }

  private singleQuoted(): string {
    const close = this.text.indexOf("'", this.at + 1);
    if (close < 0) {
      throw new LexFailure();
    }
    const inner = this.text.slice(this.at + 1, close);
    this.at = close + 1;
    return this.raw ? `'${inner}'` : inner;
  }

  private doubleQuoted(): string {
    let result = this.raw ? '"' : '';
    this.at++;
    for (;;) {
      const ch = this.text.charAt(this.at);
      if (ch === '') {
        throw new LexFailure();
      }
      if (ch === '"') {
        this.at++;
        return this.raw ? `${result}"` : result;
      }
      if (ch === '$') {
        result += this.dollar();
        continue;
      }
      this.at++;
      if (ch !== '\\') {
        result += ch;
        continue;
      }
      const next = this.text.charAt(this.at);
      result += this.raw ? ch : '';
      if (next === '"' || next === '$' || next === '\\') {
        result += next;
        this.at++;
      } else {
        // BuildKit writes an escape that escapes nothing as it stands, and in raw mode once more.
        result += ch;
      }
    }
  }

  private angle(): string {
    if (this.text.charAt(this.at + 1) !== '<') {
      this.at++;
      return '<';
    }
    this.at += 2;
    let white = '';
    while (this.text.charAt(this.at) === ' ' || this.text.charAt(this.at) === '\t') {
      white += this.text.charAt(this.at);
      this.at++;
    }
    return `<<${white}`;
  }

  /** A variable that is not set, in the words BuildKit leaves for it. */
  private dollar(): string {
    this.at++;
    if (this.depth > deepest) {
      throw new LexFailure();
    }
    if (this.text.charAt(this.at) !== '{') {
      return `$${this.name()}`;
    }
    this.at++;
    if (['', '{', '}', ':'].includes(this.text.charAt(this.at))) {
      throw new LexFailure();
    }
    const name = this.name();
    let modifier = this.text.charAt(this.at);
    this.at++;
    if (modifier === '}') {
      return `\${${name}}`;
    }
    if (modifier === '/') {
      const all = this.text.charAt(this.at) === '/';
      this.at += all ? 1 : 0;
      const pattern = this.until('/');
      return `\${${name}/${pattern}/${this.until('}')}}`;
    }
    if (modifier === ':') {
      modifier += this.text.charAt(this.at);
      this.at++;
    }
    // Behind a colon BuildKit takes any character as long as the variable is not set, but for the two of patterns.
    if (!/^(?::[^#%]|[-+?#%])$/s.test(modifier)) {
      throw new LexFailure();
    }
    return `\${${name}${modifier}${this.until('}')}}`;
  }

  private until(stop: string): string {
    this.depth++;
    let result = '';
    for (;;) {
      const ch = this.text.charAt(this.at);
      if (ch === '') {
        throw new LexFailure();
      }
      if (ch === stop) {
        this.at++;
        // BuildKit's lexer shares one buffer here and so forgets what stood before the variable in this word.
        this.current = '';
        this.depth--;
        return result;
      }
      if (ch === '$') {
        result += this.dollar();
      } else if (ch === "'") {
        result += this.singleQuoted();
      } else if (ch === '"') {
        result += this.doubleQuoted();
      } else if (ch === '<') {
        result += this.angle();
      } else if (ch === '\\') {
        result += (this.raw ? ch : '') + this.text.charAt(this.at + 1);
        this.at += 2;
      } else {
        result += ch;
        this.at++;
      }
    }
  }

  private name(): string {
    const first = this.text.charAt(this.at);
    if (/\d/.test(first)) {
      const digits = /^\d+/.exec(this.text.slice(this.at, this.at + 20))?.[0] ?? first;
      this.at += digits.length;
      return digits;
    }
    if (specialParameter.test(first)) {
      this.at++;
      return first;
    }
    const begin = this.at;
    while (this.at < this.text.length && letterOrDigit.test(this.text.charAt(this.at))) {
      this.at++;
    }
    return this.text.slice(begin, this.at);
  }
}
