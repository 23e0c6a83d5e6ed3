import type { AnalysisContext } from '../facts/context.ts';
import type { Fix } from '../fixes/fix.ts';
import type { SizeAnswer } from '../sizes/size.ts';
import type { Span } from '../text/span.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export type Category = 'size' | 'cache' | 'context' | 'hardening' | 'correctness';

/** What a rule needs beyond the text; without it the rule keeps silent. */
export type Need = 'project' | 'images';

/** A fenced example of a rule's page. It is run as a test: `bad` must be found, `good` must be silent. */
export interface Example {
  readonly dockerfile: string;
  /** Other files of the build context, path to text; none means that the project is not known. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Texts of the generated page of a rule. Full sentences in markdown. */
export interface RuleDocs {
  readonly what: string;
  readonly why: string;
  /** When the rule says nothing although it might. */
  readonly silent: string;
  /** What the fix does, and when it is safe; undefined where the rule has none. */
  readonly fix?: string;
  readonly bad: Example;
  readonly good: Example;
  readonly switchOff: string;
  readonly references: readonly string[];
}

export interface RuleMeta {
  /** Kebab-case, names the bad pattern, is never reused and holds no category. */
  readonly id: string;
  /** Names of the same check elsewhere (hadolint `DL….`, BuildKit's check names); accepted in ignore comments. */
  readonly aliases: readonly string[];
  /**
   * True where the rule says exactly what a check of `docker build --check` says. Editors that run those checks by
   * themselves need not be told twice.
   */
  readonly isBuildCheck?: boolean;
  /** One line for tables: what is found. */
  readonly summary: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly enabled: boolean;
  /** Whether a problem of this rule brings a fix. */
  readonly fix: 'none' | 'sometimes' | 'always';
  /** Why a problem of this rule may have no fix, in one sentence; every rule that is not `always` fixed has one. */
  readonly unfixed?: string;
  /** True where fixes of this rule come behind those of all others, which may leave nothing for it to do. */
  readonly isFixedLast?: true;
  /** True where a finding depends on comments outside of instructions: it does not stay as it is while one is typed. */
  readonly readsComments?: true;
  readonly needs: readonly Need[];
  readonly docs: RuleDocs;
}

/** Another place that belongs to a problem, with a note of its own. */
export interface RelatedSpan {
  readonly span: Span;
  readonly message: string;
}

/** Why a finding has no fix. */
export interface Unfixed {
  /** Never changes its meaning, so that programs may hold on to it. */
  readonly code: string;
  /** One sentence. */
  readonly reason: string;
  /** What would bring a fix, in one sentence; missing where nothing would. */
  readonly lifts?: string;
}

/** What a rule reports. The engine adds the rule and its severity. */
export interface Finding {
  /** One or two sentences: what is wrong here, and what it costs in this file. */
  readonly message: string;
  /** One line, as narrow as reads well. */
  readonly span: Span;
  readonly related?: readonly RelatedSpan[];
  /** In order of preference. A function where they take work: it is called when somebody asks for the fixes. */
  readonly fixes?: readonly Fix[] | (() => readonly Fix[]);
  /** Why there is no fix, where the rule knows better than `meta.unfixed` says. */
  readonly unfixed?: Unfixed;
  /** What fixing it saves, where a figure is known. */
  readonly saving?: SizeAnswer;
  /** True where BuildKit's checks do not say it, though the rule has the name of one: `# check=skip=…` does not hide it. */
  readonly isBeyondCheck?: boolean;
  /** The aliases of the rule that stand for this finding; missing where all of them do. */
  readonly aliases?: readonly string[];
  /** Lowers or raises the rule's own severity for this finding. */
  readonly severity?: Severity;
}

/** A rule is a value: it keeps no state between files. */
export interface Rule {
  readonly meta: RuleMeta;
  check(context: AnalysisContext): Iterable<Finding>;
}

/** A finding with its rule, as the engine reports it. */
export interface Problem extends Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly related: readonly RelatedSpan[];
  /** Worked out when first asked for. */
  readonly fixes: readonly Fix[];
}
