/** The part of the TextMate grammar format that Ballast's grammars use. */
export interface Grammar {
  readonly scopeName: string;
  /** Where in the host grammar the patterns apply; `L:` puts them before the host's own. */
  readonly injectionSelector: string;
  readonly patterns: readonly Rule[];
  readonly repository?: Readonly<Record<string, Rule>>;
}

export interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly while?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
  readonly include?: string;
  /** 1: a pattern that matches where the end matches too wins over the end. */
  readonly applyEndPatternLast?: 1;
}

export type Captures = Readonly<
  Record<number, { readonly name?: string; readonly patterns?: readonly Rule[] }>
>;

/** A reference to a rule of the same grammar's repository. */
export function use(name: string): Rule {
  return { include: `#${name}` };
}

/** A capture table from scope names, the first one for group 1; an empty name leaves its group out. */
export function scopes(...names: readonly string[]): Captures {
  return Object.fromEntries(names.flatMap((name, index) => (name === '' ? [] : [[index + 1, { name }]])));
}

/** The end of a region that only something outside of it closes. */
export const never = '(?!)';
