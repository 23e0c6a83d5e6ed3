/** A place in the text. Lines and columns count from 1, columns and offsets in UTF-16 units. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A part of the text; the end is not included. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** A figure in bytes: a range with its basis, source and date, or why there is none. */
export type Size =
  | {
      readonly kind: 'known';
      readonly low: number;
      readonly high: number;
      /** True when something of unknown size comes on top. */
      readonly atLeast: boolean;
      /** Compressed as pulled, or unpacked on disk. */
      readonly measure: 'pull' | 'disk';
      readonly basis: 'measured' | 'catalogue' | 'estimated';
      readonly source: string;
      /** ISO date. */
      readonly date: string;
      readonly platform?: string | undefined;
    }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'pending' };

/** A change that removes a finding. */
export interface Fix {
  readonly title: string;
  /** `safe`: the container behaves the same. `review`: look at it first. `manual`: a value is not known. */
  readonly applicability: 'safe' | 'review' | 'manual';
  /** Sorted, not overlapping. */
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
  /** Whole files beside the Dockerfile that the fix creates (`before` is null) or rewrites. */
  readonly files: readonly {
    readonly path: string;
    readonly before: string | null;
    readonly after: string;
  }[];
  readonly assumptions: readonly string[];
}

/** Something that is wrong with the Dockerfile. */
export interface Finding {
  /** Rule id; `syntax` for text that BuildKit refuses. */
  readonly rule: string;
  /** Names of the same check in hadolint and BuildKit. */
  readonly aliases: readonly string[];
  readonly category: 'size' | 'cache' | 'context' | 'hardening' | 'correctness';
  /** Page of the rule. */
  readonly url: string | null;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  readonly span: Span;
  readonly related: readonly { readonly message: string; readonly span: Span }[];
  /** What fixing it saves; null where it is not about size. */
  readonly saving: Size | null;
  /** In order of preference. */
  readonly fixes: readonly Fix[];
  /** Why there is no fix; null where there is one. */
  readonly unfixed: {
    /** Kind of the reason; it never changes its meaning. */
    readonly code: string;
    readonly reason: string;
    /** What would bring a fix; null where nothing is known that would. */
    readonly lifts: string | null;
  } | null;
}

/** One item of the checklist, with what speaks for its state. */
export interface ChecklistItem {
  readonly id: string;
  readonly title: string;
  readonly state: 'done' | 'open' | 'unknown' | 'not-applicable';
  readonly evidence: string;
  readonly span: Span | null;
  readonly rules: readonly string[];
}

/** Everything that is to be said of one Dockerfile, as in `ballast check --format json`. */
export interface Analysis {
  /** Sorted by position. */
  readonly findings: readonly Finding[];
  /** Findings that a comment in the file silences. */
  readonly suppressed: readonly Finding[];
  readonly checklist: readonly ChecklistItem[];
}

/** What `ballast slim` makes of a Dockerfile. */
export interface Slimmed {
  readonly text: string;
  /** Whole files beside the Dockerfile, path in the build context to text. */
  readonly files: Readonly<Record<string, string>>;
  /** Titles of what was applied, in order. */
  readonly applied: readonly string[];
}

/** Files of the build context, path (with `/`) to text. */
export type ContextFiles = Readonly<Record<string, string>>;

export interface Options {
  /** Severity per rule, or `off`, as under `rules` of `.ballast.json`. */
  readonly rules?: Readonly<Record<string, 'off' | 'hint' | 'information' | 'warning' | 'error'>>;
}
