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
import { estimateImage } from './estimate/estimate.ts';
import { emptyReport, type Report, type RuleFailure } from './report.ts';
import { fileCheckOptions, splitSuppressed } from './suppress.ts';

export interface AnalysisInput {
  readonly text: string;
  readonly project: Project;
  readonly images: ImageKnowledge;
  readonly shell: ShellParser;
  readonly config: Config;
  /** ISO date of the day, to compare with the dates on which support ends. */
  readonly today: string;
}

/**
 * Reads one Dockerfile and reports everything there is to say about it. Never throws and does no I/O of its own: a rule
 * that fails is named in the report, and the others go on.
 */
export function analyze(input: AnalysisInput): Report {
  const dockerfile = modelOf(input);
  const context: AnalysisContext = {
    dockerfile,
    project: { ...input.project, reader: rememberingReader(input.project.reader) },
    images: input.images,
    shell: input.shell,
    today: input.today,
    reread: (text) => modelOf({ ...input, text }),
  };
  const checks = fileCheckOptions(dockerfile.syntax);
  const isOff = (id: string): boolean => {
    const rule = ruleById(id);
    return rule === undefined || severityOf(rule, input.config, checks) === undefined;
  };
  const failures: RuleFailure[] = [];
  const problems: Problem[] = [];
  for (const rule of rules) {
    const severity = severityOf(rule, input.config, checks);
    if (severity === undefined) {
      continue;
    }
    try {
      for (const finding of rule.check(context)) {
        const isSet = input.config.rules[rule.meta.id] !== undefined || isRaised(rule, checks);
        const chosen = isSet ? undefined : finding.severity;
        problems.push({
          ...finding,
          rule: rule.meta.id,
          severity: chosen ?? severity,
          related: finding.related ?? [],
          fixes: finding.fixes ?? [],
        });
      }
    } catch (error) {
      failures.push({ rule: rule.meta.id, error });
    }
  }
  problems.sort(byPlace);
  const { active, suppressed } = splitSuppressed(dockerfile.syntax, problems);
  return {
    problems: active,
    syntax: [
      ...dockerfile.syntax.problems,
      ...orEmpty('syntax', failures, [], () => refusalsOf(dockerfile, input.images)),
    ],
    suppressed,
    checklist: orEmpty('checklist', failures, [], () => checklistOf(context, problems, isOff)),
    image: orEmpty('image', failures, emptyReport.image, () => estimateImage(context)),
    failures,
  };
}

/** What BuildKit refuses behind its parser. */
function refusalsOf(dockerfile: Dockerfile, images: ImageKnowledge): readonly SyntaxProblem[] {
  return findRefusals(dockerfile, (stage) => baseEnvironment(stage, images));
}

/** What is worked out beside the findings: when it fails, the findings are still worth having. */
function orEmpty<T>(name: string, failures: RuleFailure[], empty: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    failures.push({ rule: name, error });
    return empty;
  }
}

/** The meaning of the text under analysis, for those who need more than the report (hovers, lenses). */
export function modelOf(input: Pick<AnalysisInput, 'text' | 'shell' | 'project'>): Dockerfile {
  return buildModel(parseDockerfile(input.text), input.shell, input.project);
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
