import type { AnalysisContext } from '../facts/context.ts';
import { baseEnvironment } from '../facts/stage.ts';
import type { ImageKnowledge } from '../images/knowledge.ts';
import { buildModel } from '../model/build-model.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { findRefusals } from '../model/refusals/refusals.ts';
import type { Project } from '../project/project.ts';
import { rememberingReader } from '../project/reader.ts';
import { includesCheck } from '../rules/build-checks.ts';
import { ruleById, rules } from '../rules/index.ts';
import type { Category, Problem, Rule, Severity } from '../rules/rule.ts';
import type { CheckOptions } from '../syntax/check-options.ts';
import { parseDockerfile } from '../syntax/parse.ts';
import type { ShellParser } from '../syntax/shell/parser.ts';
import type { SyntaxProblem } from '../syntax/tree.ts';
import { checklistOf } from './checklist.ts';
import type { Config } from './config.ts';
import { damagedPlaces, keepsClearOf } from './damaged.ts';
import { estimateImage } from './estimate/estimate.ts';
import { emptyReport, type Report, type RuleFailure } from './report.ts';
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
  /** Ends an analysis that takes too long; missing where nobody does. */
  readonly watch?: Watch;
}

/**
 * Reads one Dockerfile and reports everything there is to say about it. Never throws and does no I/O of its own: a rule
 * that fails is named in the report, and the others go on. Where the work takes too long, it is ended, and the report
 * holds what was found until then.
 */
export function analyze(input: AnalysisInput): Report {
  const found: Found = { work: 'the analysis', ...emptyReport, problems: [], failures: [] };
  try {
    if (!watchOf(input)(() => run(input, found), analysisSeconds)) {
      found.failures.push({ rule: found.work, error: new AnalysisEnded() });
    }
  } catch (error) {
    found.failures.push({ rule: found.work, error });
  }
  const { syntax, checklist, image, failures } = found;
  const problems = found.problems.sort(byPlace);
  if (found.dockerfile === undefined) {
    return { ...emptyReport, failures };
  }
  const { active, suppressed } = splitSuppressed(found.dockerfile.syntax, problems);
  return { problems: active, syntax, suppressed, checklist, image, failures };
}

/** What has been found so far. */
interface Found extends Pick<Report, 'syntax' | 'checklist' | 'image'> {
  /** What is being worked at, for the message when it fails. */
  work: string;
  dockerfile?: Dockerfile;
  syntax: Report['syntax'];
  checklist: Report['checklist'];
  image: Report['image'];
  readonly problems: Problem[];
  readonly failures: RuleFailure[];
}

function run(input: AnalysisInput, found: Found): void {
  const dockerfile = readModel(input);
  found.dockerfile = dockerfile;
  found.syntax = dockerfile.syntax.problems;
  const context: AnalysisContext = {
    dockerfile,
    project: withOneView(input.project),
    images: input.images,
    shell: input.shell,
    today: input.today,
    reread: (text) => readModel({ ...input, text }),
  };
  const checks = fileCheckOptions(dockerfile.syntax);
  const isOff = (id: string): boolean => {
    const rule = ruleById(id);
    return rule === undefined || severityOf(rule, input.config, checks) === undefined;
  };
  attempt(found, 'syntax', () => {
    found.syntax = [...dockerfile.syntax.problems, ...refusalsOf(dockerfile, input.images)];
  });
  const damaged = damagedPlaces(dockerfile.syntax, dockerfile.syntax.problems);
  // What BuildKit refuses behind its parser may be what a fix mends, but never without a look at it.
  const refused = damagedPlaces(dockerfile.syntax, found.syntax);
  for (const rule of rules) {
    const severity = severityOf(rule, input.config, checks);
    if (severity !== undefined) {
      attempt(found, rule.meta.id, () => {
        for (const finding of rule.check(context)) {
          const isSet = input.config.rules[rule.meta.id] !== undefined || isRaised(rule, checks);
          const chosen = isSet ? undefined : finding.severity;
          found.problems.push({
            ...finding,
            rule: rule.meta.id,
            severity: chosen ?? severity,
            related: finding.related ?? [],
            fixes: (finding.fixes ?? []).filter((fix) =>
              keepsClearOf(fix.applicability === 'safe' ? refused : damaged, fix),
            ),
          });
        }
      });
    }
  }
  const problems = [...found.problems].sort(byPlace);
  const { suppressed } = splitSuppressed(dockerfile.syntax, problems);
  attempt(found, 'checklist', () => {
    found.checklist = checklistOf(context, problems, isOff, suppressed);
  });
  attempt(found, 'image', () => {
    found.image = estimateImage(context);
  });
}

/** The project as it is now, however often it is asked. */
function withOneView(project: Project): Project {
  const { reader, repository } = project;
  return {
    ...project,
    reader: rememberingReader(reader),
    ...(repository === undefined ? {} : { repository: rememberingReader(repository) }),
  };
}

/** What BuildKit refuses behind its parser. */
function refusalsOf(dockerfile: Dockerfile, images: ImageKnowledge): readonly SyntaxProblem[] {
  return findRefusals(dockerfile, (stage) => baseEnvironment(stage, images));
}

/** One part of the analysis. When it fails, what the others find is still worth having. */
function attempt(found: Found, name: string, work: () => void): void {
  found.work = name;
  try {
    work();
  } catch (error) {
    found.failures.push({ rule: name, error });
  }
}

/**
 * The meaning of the text under analysis, for those who need more than the report (hovers, lenses).
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

function readModel(input: Pick<AnalysisInput, 'text' | 'shell' | 'project'>): Dockerfile {
  return buildModel(parseDockerfile(input.text), input.shell, input.project);
}

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

function savedBytes(problem: Problem): number {
  return problem.saving?.kind === 'known' ? problem.saving.low : 0;
}

function rankOf(problem: Problem): number {
  return categories.indexOf(ruleById(problem.rule)?.meta.category ?? 'hardening');
}

const categories: readonly Category[] = ['correctness', 'size', 'cache', 'context', 'hardening'];

/** The severity a rule has under a configuration and the file's own `# check=…`; undefined when it is off. */
function severityOf({ meta }: Rule, config: Config, checks: CheckOptions): Severity | undefined {
  const configured = config.rules[meta.id];
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
