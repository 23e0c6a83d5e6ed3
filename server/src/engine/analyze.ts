import type { AnalysisContext } from '../facts/context.ts';
import { exclusionsOf } from '../facts/siblings/exclusion.ts';
import { baseEnvironment } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import type { ImageKnowledge } from '../images/knowledge.ts';
import { buildModel } from '../model/build-model.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { findRefusals } from '../model/refusals/refusals.ts';
import type { Project } from '../project/project.ts';
import { viewOf } from '../project/view.ts';
import { includesCheck } from '../rules/build-checks.ts';
import { ruleById, rules } from '../rules/index.ts';
import type { Category, Problem, Rule, Severity } from '../rules/rule.ts';
import type { CheckOptions } from '../syntax/check-options.ts';
import { parseDockerfile } from '../syntax/parse.ts';
import type { ShellParser } from '../syntax/shell/parser.ts';
import type { SyntaxProblem } from '../syntax/tree.ts';
import { memoizeFor, once } from '../text/memoize.ts';
import { checklistOf } from './checklist.ts';
import type { Config } from './config.ts';
import { damagedPlaces, keepsClearOf, staysReadable } from './damaged.ts';
import { estimateImage } from './estimate/estimate.ts';
import { askRules, type KeptFindings } from './kept-findings.ts';
import { emptyReport, type Report, type RuleFailure, savedBytes } from './report.ts';
import { type ShellChecks, shellCheckId, shellProblems } from './shell-checks.ts';
import { fileCheckOptions, splitSuppressed } from './suppress.ts';
import { AnalysisEnded, analysisSeconds, unwatched, type Watch } from './watch.ts';

export interface AnalysisInput {
  readonly text: string;
  readonly project: Project;
  readonly images: ImageKnowledge;
  readonly shell: ShellParser;
  readonly config: Config;
  /** ISO date of the day, to compare with the dates on which support ends. */
  readonly today: string;
  /** What ShellCheck has said of the RUNs; missing where it is not asked. */
  readonly shellChecks?: ShellChecks;
  /** Ends an analysis that takes too long; missing where nobody does. */
  readonly watch?: Watch;
  /** Told of every part that fails, also when it is asked for after the analysis. */
  readonly onFailure?: (failure: RuleFailure) => void;
}

/**
 * Reads one Dockerfile and reports everything there is to say about it. Never throws and does no I/O of its own: a rule
 * that fails is named in the report, and the others go on. Where the work takes too long, it is ended, and the report
 * holds what was found until then. Fixes, checklist and estimate are worked out when somebody asks for them.
 * @param kept what was found in the version before, for a file that somebody types in
 */
export function analyze(input: AnalysisInput, kept?: KeptFindings): Report {
  const found: Found = {
    work: 'the analysis',
    context: undefined,
    syntax: [],
    problems: [],
    failures: [],
    isWatched: false,
  };
  try {
    if (!watchOf(input)(() => run(input, found, kept), analysisSeconds)) {
      fail(input, found, found.work, new AnalysisEnded());
    }
  } catch (error) {
    fail(input, found, found.work, error);
  }
  const { context, syntax, failures } = found;
  if (context === undefined) {
    return { ...emptyReport, failures };
  }
  const problems = found.problems.sort(byPlace);
  const { active, suppressed } = splitSuppressed(context.dockerfile.syntax, problems);
  const isOff = offRules(input, context.dockerfile);
  const checklist = late(input, found, 'checklist', [], () =>
    checklistOf(context, problems, isOff, suppressed),
  );
  const image = late(input, found, 'image', emptyReport.image, () => estimateImage(context));
  return {
    problems: active,
    syntax,
    suppressed,
    get checklist() {
      return checklist();
    },
    get image() {
      return image();
    },
    exclusionsOf: (paths) => late(input, found, 'exclusions', [], () => exclusionsOf(context, paths))(),
    failures,
    atOnce(work) {
      if (!watchedAtOnce(input, found, work)) {
        work();
      }
    },
  };
}

/** True where the work was done within the time of an analysis, in which its parts are not watched by themselves. */
function watchedAtOnce(input: AnalysisInput, found: Found, work: () => void): boolean {
  const outer = found.isWatched;
  found.isWatched = true;
  try {
    return watchOf(input)(work, analysisSeconds);
  } finally {
    found.isWatched = outer;
  }
}

/** What has been found so far. */
interface Found {
  /** What is being worked at, for the message when it fails. */
  work: string;
  /** Undefined until the text has been read. */
  context: AnalysisContext | undefined;
  syntax: Report['syntax'];
  readonly problems: Problem[];
  readonly failures: RuleFailure[];
  /** True while a watch over several parts runs. */
  isWatched: boolean;
}

function run(input: AnalysisInput, found: Found, kept: KeptFindings | undefined): void {
  found.problems.length = 0;
  found.failures.length = 0;
  const dockerfile = readModel(input);
  found.syntax = dockerfile.syntax.problems;
  const context: AnalysisContext = {
    dockerfile,
    project: viewOf(input.project),
    images: input.images,
    shell: input.shell,
    today: input.today,
    trustedRegistries: input.config.trustedRegistries ?? [],
    labels: {
      types: input.config.labelSchema ?? {},
      isStrict: input.config.strictLabels ?? false,
    },
    reread: (text) => readModel({ ...input, text }),
  };
  found.context = context;
  const checks = fileCheckOptions(dockerfile.syntax);
  attempt(input, found, 'syntax', () => {
    found.syntax = [...dockerfile.syntax.problems, ...refusalsOf(dockerfile, input.images)];
  });
  if (input.shellChecks !== undefined) {
    const { shellChecks } = input;
    attempt(input, found, shellCheckId, () => {
      found.problems.push(...shellProblems(dockerfile, shellChecks, input.config));
    });
  }
  const damaged = damagedPlaces(dockerfile.syntax, dockerfile.syntax.problems);
  // What BuildKit refuses behind its parser may be what a fix fixes, but never without a look at it.
  const refused = damagedPlaces(dockerfile.syntax, found.syntax);
  const findings = kept?.of(context, input.config) ?? askRules(context);
  for (const rule of rulesThatAreOn(input.config)(checks)) {
    const { id, aliases } = rule.meta;
    attempt(input, found, id, () => {
      for (const finding of findings.of(rule)) {
        const { fixes = [] } = finding;
        const names = finding.aliases ?? aliases;
        const severity = severityOf(rule, names, input.config, checks);
        if (severity === undefined) {
          continue;
        }
        const isSet = configuredOf(rule, names, input.config) !== undefined || isRaised(rule, checks);
        const clear = (all: readonly Fix[]): readonly Fix[] =>
          all.filter(
            (fix) =>
              keepsClearOf(fix.applicability === 'safe' ? refused : damaged, fix) &&
              staysReadable(dockerfile.syntax, fix),
          );
        const made =
          typeof fixes === 'function'
            ? late(input, found, id, [], () => clear(fixes()))
            : once(() => clear(fixes));
        found.problems.push({
          ...finding,
          rule: id,
          severity: (isSet ? undefined : finding.severity) ?? severity,
          related: finding.related ?? [],
          get fixes() {
            return made();
          },
        });
      }
    });
  }
  findings.keep();
}

/** The rules of which a finding may be shown. */
const rulesThatAreOn = memoizeFor((config: Config) =>
  memoizeFor((checks: CheckOptions): readonly Rule[] =>
    rules.filter((rule) => {
      const { aliases } = rule.meta;
      return [aliases, [], ...aliases.map((one) => [one])].some(
        (names) => severityOf(rule, names, config, checks) !== undefined,
      );
    }),
  ),
);

/** Tells rules that are switched off, and names that are no rule's. */
function offRules(input: AnalysisInput, dockerfile: Dockerfile): (id: string) => boolean {
  const checks = fileCheckOptions(dockerfile.syntax);
  return (id) => {
    const rule = ruleById(id);
    return rule === undefined || severityOf(rule, rule.meta.aliases, input.config, checks) === undefined;
  };
}

/** What BuildKit refuses behind its parser. */
function refusalsOf(dockerfile: Dockerfile, images: ImageKnowledge): readonly SyntaxProblem[] {
  return findRefusals(dockerfile, (stage) => baseEnvironment(stage, images));
}

/** One part of the analysis. When it fails, what the others find is still worth having. */
function attempt(input: AnalysisInput, found: Found, name: string, work: () => void): void {
  found.work = name;
  try {
    work();
  } catch (error) {
    fail(input, found, name, error);
  }
}

/** A part that is worked out once somebody asks for it, watched like the analysis; `empty` where it fails. */
function late<T>(input: AnalysisInput, found: Found, name: string, empty: T, work: () => T): () => T {
  return once(() => {
    let result = empty;
    try {
      const watch = found.isWatched ? unwatched : watchOf(input);
      const isDone = watch(() => {
        result = work();
      }, analysisSeconds);
      if (!isDone) {
        fail(input, found, name, new AnalysisEnded());
      }
    } catch (error) {
      fail(input, found, name, error);
    }
    return result;
  });
}

function fail({ onFailure }: AnalysisInput, found: Found, rule: string, error: unknown): void {
  const failure = { rule, error };
  found.failures.push(failure);
  onFailure?.(failure);
}

/**
 * The meaning of the text under analysis, for those who need more than the report (hovers, lenses): read once for both.
 * @throws AnalysisEnded where that takes too long
 */
export function modelOf(input: Pick<AnalysisInput, 'text' | 'shell' | 'project' | 'watch'>): Dockerfile {
  let dockerfile: Dockerfile | undefined;
  watchOf(input)(() => {
    dockerfile = readModel(input);
  }, analysisSeconds);
  if (dockerfile === undefined) {
    throw new AnalysisEnded();
  }
  return dockerfile;
}

const readModel = memoizeFor(
  ({ text, shell, project }: Pick<AnalysisInput, 'text' | 'shell' | 'project'>): Dockerfile =>
    buildModel(parseDockerfile(text), shell, project),
);

function watchOf(input: Pick<AnalysisInput, 'watch'>): Watch {
  return input.watch ?? unwatched;
}

/** In the order of the text; of two at one place, the one that saves more, then the one whose kind costs more. */
function byPlace(a: Problem, b: Problem): number {
  return (
    a.span.start - b.span.start ||
    savedBytes(b) - savedBytes(a) ||
    rankOf(a) - rankOf(b) ||
    a.span.end - b.span.end
  );
}

function rankOf(problem: Problem): number {
  return categories.indexOf(ruleById(problem.rule)?.meta.category ?? 'hardening');
}

const categories: readonly Category[] = ['correctness', 'size', 'cache', 'context', 'hardening'];

/** What a configuration says of a finding that has these names: of an alias, which may be one of many, else of the rule. */
function configuredOf(
  { meta }: Rule,
  aliases: readonly string[],
  { rules: set }: Config,
): Severity | 'off' | undefined {
  const alias = aliases.find((name) => set[name] !== undefined);
  return set[alias ?? meta.id];
}

/**
 * The severity that a finding has under a configuration and the file's own `# check=…`; undefined when it is off.
 * `aliases` are what other tools call the finding.
 */
function severityOf(
  rule: Rule,
  aliases: readonly string[],
  config: Config,
  checks: CheckOptions,
): Severity | undefined {
  const { meta } = rule;
  const configured = configuredOf(rule, aliases, config);
  const isOn =
    configured === undefined
      ? meta.enabled || includesCheck(checks.experimental, meta)
      : configured !== 'off';
  if (!isOn) {
    return undefined;
  }
  return isRaised({ meta }, checks)
    ? 'error'
    : configured === 'off'
      ? undefined
      : (configured ?? meta.severity);
}

/** True where `# check=error=true` has the build fail for what a rule finds. */
function isRaised({ meta }: Pick<Rule, 'meta'>, checks: CheckOptions): boolean {
  return checks.isError && includesCheck('all', meta);
}
