import { replaceFirst, trimBack, trimFront } from './shell-patterns.ts';

/** Values of variables; undefined for one that exists and whose value is not known before the build. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** What a text stands for once its variables are replaced. */
export interface Expansion {
  /** The text with the values, quotes and escapes removed; undefined where a value is not known before the build. */
  readonly value: string | undefined;
  /** Names in the text that are set. */
  readonly used: ReadonlySet<string>;
  /** Names in the text that are not set; they stand for nothing, even where the text gives a default. */
  readonly missing: ReadonlySet<string>;
  /** True where a variable that is not set has no default in the text: the value takes it for empty. */
  readonly leansOnMissing: boolean;
  /** True where BuildKit refuses the text: a quote or a brace that is not closed, a form it does not know. */
  readonly isRefused: boolean;
}

/** Where the values of variables are looked up. */
export type Lookup = Pick<Variables, 'get' | 'has'>;

export interface ExpansionOptions {
  readonly escape: string;
  /** Quotes stand for themselves, as in the body of a heredoc. */
  readonly keepsQuotes?: boolean;
}

/** A longer value is not known. Each variable may double the one before it, so that values have to be bounded. */
const longestValue = 16_384;

/** Words within words, as in `${A:-${B:-c}}`; a text that nests them deeper is not known. */
const deepestWord = 50;

/**
 * Replaces variables in a text the way BuildKit does. Takes time in proportion to the length of the text, and a value
 * that grows beyond all use is not known.
 */
export function expandText(text: string, variables: Lookup, options: ExpansionOptions): Expansion {
  return new Expander(text, variables, options).expand();
}

/** Parameters that a shell sets, and BuildKit takes for names of variables all the same. */
const specialNames = '@*#?-$!0';

class Expander {
  private readonly text: string;
  private readonly variables: Lookup;
  private readonly escape: string;
  private readonly keepsQuotes: boolean;
  private readonly used = new Set<string>();
  private readonly missing = new Set<string>();
  private at = 0;
  private isKnown = true;
  private leansOnMissing = false;
  private isRefused = false;
  /** How many characters the values of variables have brought. */
  private brought = 0;
  private depth = 0;
  private isGivenUp = false;

  constructor(text: string, variables: Lookup, options: ExpansionOptions) {
    this.text = text;
    this.variables = variables;
    this.escape = options.escape;
    this.keepsQuotes = options.keepsQuotes === true;
  }

  expand(): Expansion {
    const value = this.readUntil(undefined, false);
    const isLost = this.isRefused || this.isGivenUp;
    return {
      value: this.isKnown && !isLost && value.length <= longestValue ? value : undefined,
      used: this.used,
      missing: this.missing,
      leansOnMissing: this.leansOnMissing,
      isRefused: this.isRefused,
    };
  }

  /** Reads up to a character that is not quoted, which is taken as well. A pattern keeps its escapes. */
  private readUntil(stop: string | undefined, isPattern: boolean): string {
    let result = '';
    while (this.at < this.text.length) {
      const ch = this.text.charAt(this.at);
      if (ch === stop) {
        this.at++;
        return result;
      }
      if (ch === "'" && !this.keepsQuotes) {
        result += this.readSingleQuoted();
      } else if (ch === '"' && !this.keepsQuotes) {
        result += this.readDoubleQuoted();
      } else if (ch === '$') {
        result += this.readReference();
      } else if (ch === this.escape) {
        result += (isPattern ? ch : '') + this.text.charAt(this.at + 1);
        this.at += 2;
      } else {
        result += ch;
        this.at++;
      }
    }
    return stop === undefined ? result : this.refuse();
  }

  private readSingleQuoted(): string {
    const close = this.text.indexOf("'", this.at + 1);
    if (close < 0) {
      return this.refuse();
    }
    const inside = this.text.slice(this.at + 1, close);
    this.at = close + 1;
    return inside;
  }

  private readDoubleQuoted(): string {
    let result = '';
    this.at++;
    while (this.at < this.text.length) {
      const ch = this.text.charAt(this.at);
      const next = this.text.charAt(this.at + 1);
      if (ch === '"') {
        this.at++;
        return result;
      }
      if (ch === '$') {
        result += this.readReference();
      } else if (ch === this.escape && (next === '"' || next === '$' || next === this.escape)) {
        result += next;
        this.at += 2;
      } else {
        result += ch;
        this.at++;
      }
    }
    return this.refuse();
  }

  private readReference(): string {
    this.at++;
    if (this.text.charAt(this.at) !== '{') {
      const name = this.readName();
      return name === '' ? '$' : this.bringValueOf(name);
    }
    this.at++;
    if (this.at >= this.text.length || '{}:'.includes(this.text.charAt(this.at))) {
      return this.refuse();
    }
    const name = this.readName();
    const operator = this.readOperator();
    if (operator === '}') {
      return this.bringValueOf(name);
    }
    if (operator === '/') {
      return this.replace(name);
    }
    if (!/^(?::?[-+?]|[#%])$/.test(operator)) {
      return this.refuse();
    }
    return this.substitute(name, operator);
  }

  private readOperator(): string {
    const first = this.text.charAt(this.at);
    const operator = first === ':' ? first + this.text.charAt(this.at + 1) : first;
    this.at += operator.length;
    return operator;
  }

  /** `${name-word}` and the like. */
  private substitute(name: string, operator: string): string {
    const { isKnown, leansOnMissing } = this;
    const isPattern = operator === '#' || operator === '%';
    const word = this.readWord('}', isPattern);
    if (this.isRefused || this.isGivenUp) {
      return '';
    }
    if (isPattern) {
      const value = this.valueOf(name) ?? '';
      return this.bring(operator === '#' ? trimFront(value, word) : trimBack(value, word));
    }
    const value = this.look(name);
    if (value === undefined && this.variables.has(name)) {
      this.isKnown = false;
      return '';
    }
    const counts = value !== undefined && (value !== '' || !operator.startsWith(':'));
    const kind = operator.at(-1);
    if ((kind === '-' && !counts) || (kind === '+' && counts)) {
      return word;
    }
    // The word is not used, and so does not matter.
    this.isKnown = isKnown;
    this.leansOnMissing = leansOnMissing;
    return kind === '?' && !counts ? this.refuse() : this.bring(value ?? '');
  }

  /** `${name/pattern/replacement}`. */
  private replace(name: string): string {
    const isGlobal = this.text.charAt(this.at) === '/';
    this.at += isGlobal ? 1 : 0;
    const pattern = this.readWord('/', true);
    const replacement = this.isRefused ? '' : this.readWord('}', true);
    const value = this.valueOf(name) ?? '';
    const options = { isGlobal, longest: longestValue };
    return this.isRefused ? '' : this.bring(replaceFirst(value, pattern, replacement, options));
  }

  /** Reads the word of a `${…}`. */
  private readWord(stop: string, isPattern: boolean): string {
    if (this.depth >= deepestWord) {
      this.isGivenUp = true;
      this.at = this.text.length;
      return '';
    }
    this.depth++;
    const word = this.readUntil(stop, isPattern);
    this.depth--;
    return word;
  }

  /** A value that goes into the text, as far as all of them together stay within bounds. */
  private bring(value: string | undefined): string {
    this.brought += value?.length ?? 0;
    return this.known(this.brought > longestValue ? undefined : value);
  }

  private bringValueOf(name: string): string {
    return this.bring(this.valueOf(name) ?? '');
  }

  private known(value: string | undefined): string {
    this.isKnown &&= value !== undefined;
    return value ?? '';
  }

  /** The value of a variable that the text needs; undefined where it is not known, or not set. */
  private valueOf(name: string): string | undefined {
    const value = this.look(name);
    if (value === undefined) {
      this.isKnown &&= !this.variables.has(name);
      this.leansOnMissing ||= !this.variables.has(name);
    }
    return value;
  }

  private look(name: string): string | undefined {
    (this.variables.has(name) ? this.used : this.missing).add(name);
    return this.variables.get(name);
  }

  private readName(): string {
    const first = this.text.charAt(this.at);
    const digits = /\p{Nd}+/uy;
    const word = /[\p{L}\p{Nd}_]+/uy;
    digits.lastIndex = this.at;
    word.lastIndex = this.at;
    const name =
      digits.exec(this.text)?.[0] ??
      (first !== '' && specialNames.includes(first) ? first : (word.exec(this.text)?.[0] ?? ''));
    this.at += name.length;
    return name;
  }

  private refuse(): string {
    this.isRefused = !this.isGivenUp;
    this.at = this.text.length;
    return '';
  }
}
