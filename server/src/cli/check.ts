import { resolve } from 'node:path';
import type { Config } from '../engine/config.ts';
import { imageSize } from '../engine/estimate/estimate.ts';
import type { Report } from '../engine/report.ts';
import type { Project } from '../project/project.ts';
import type { SizeAnswer } from '../sizes/size.ts';
import { LineIndex } from '../text/lines.ts';
import { complain, complainOf, failureOf, failuresOf } from './complain.ts';
import { exitCodes, UsageError } from './exit.ts';
import { plainStyle, type Style, styleOf } from './format/layout.ts';
import { type Printer, printAtEnd, type Run } from './format/printer.ts';
import { Baseline, defaultBaseline } from './gates/baseline.ts';
import { bytesOf, type Limits, lowerOf, overBudget } from './gates/budgets.ts';
import { isTouched } from './gates/changed.ts';
import type { CliHost, Engine, OpenProject } from './host.ts';
import { decode, displayPath, findInputs, type Input, type InputOptions } from './inputs.ts';
import { type Kept, keepAll, keepFindings } from './kept.ts';
import { measured } from './measure.ts';
import { writeOutput } from './output.ts';
import { type Progress, showProgress } from './progress.ts';
import { type CheckFormat, type FileResult, findingsOf, isAtLeast, type Threshold } from './results.ts';

/** Flags of the command, as the command line gives them. */
export interface CheckFlags {
  /** In the order given; the n-th output belongs to the n-th format. */
  readonly format?: readonly CheckFormat[];
  /** Files to write to; what has none goes to standard output. */
  readonly output?: readonly string[];
  /** `warning`, or what hadolint's settings say, where it is missing. */
  readonly failOn?: Threshold;
  readonly all?: true;
  /** Findings alone, without a summary and the next step. */
  readonly quiet?: true;
  /** In place of findings, how often each rule finds something. */
  readonly statistics?: true;
  /** For JSON: what the image takes after slimming is worked out as well. */
  readonly slimmed?: true;
  readonly config?: string;
  /** File of what is known already: only what is new is reported. */
  readonly baseline?: string;
  /** Path of ShellCheck, or `off`; the one on PATH where it is missing. */
  readonly shellcheck?: string;
  /** A Git revision: only Dockerfiles that a change since then touches are looked at. */
  readonly changedSince?: string;
  /** Limits for every Dockerfile, beside those of the project file. */
  readonly maxSize?: string;
  readonly maxLayer?: string;
  readonly maxContext?: string;
}

export interface CheckOptions extends CheckFlags, InputOptions {
  readonly offline: boolean;
}

/** Formats that show neither fixes nor sizes nor the checklist. */
const findingFormats: readonly CheckFormat[] = ['tty', 'github', 'gitlab', 'junit', 'checkstyle'];

/** Reports what is wrong with the Dockerfiles that are named or found. Returns the exit code. */
export async function check(host: CliHost, options: CheckOptions): Promise<number> {
  const gates = gatesOf(host, options);
  const { inputs, failures, hadolint } = findInputs(host, options);
  const format = options.format ?? (hadolint?.formats.length ? hadolint.formats : ['pretty' as const]);
  refuseLostOutput(host, format, options.output ?? []);
  const engine = await host.loadEngine({ offline: options.offline });
  const progress = showProgress(host, inputs.length, 'Checked');
  const keep = format.every((one) => findingFormats.includes(one)) ? keepFindings : keepAll;
  const rules = new Map(engine.rules.map((rule) => [rule.meta.id, rule.meta]));
  const run = { version: host.version, rules };
  const outputs = await outputsOf(host, run, { ...options, format }, progress);
  let count = 0;
  let isFailing = false;
  for (const input of inputs) {
    try {
      const result = await checkOne(host, engine, input, gates, keep);
      if (result !== undefined) {
        count++;
        for (const output of outputs) {
          output.write(output.printer.file(result));
        }
        isFailing ||= isOverThreshold(result, options.failOn ?? input.hadolint()?.failOn ?? 'warning');
        failures.push(...failuresOf(host, input.name, result.report.failures));
      }
    } catch (error) {
      failures.push(failureOf(input.name, error));
    }
    progress.step();
  }
  progress.clear();
  complainOf(host, failures);
  for (const output of outputs) {
    if (output.format === 'pretty' && output.file === undefined && count === 0) {
      if (failures.length === 0) {
        complain(host, `no Dockerfile found in ${options.paths.join(', ')}`);
      }
    } else {
      output.write(output.printer.end(failures));
      output.close();
    }
  }
  if (failures.length > 0) {
    return exitCodes.failure;
  }
  return isFailing ? exitCodes.findings : exitCodes.ok;
}

function isOverThreshold({ report }: FileResult, failOn: Threshold): boolean {
  return failOn !== 'never' && findingsOf(report).some((finding) => isAtLeast(finding.severity, failOn));
}

/** @throws FileError when the file cannot be read. */
async function checkOne(
  host: CliHost,
  engine: Engine,
  input: Input,
  gates: Gates,
  keep: (report: Report) => Kept,
): Promise<FileResult | undefined> {
  const config = input.config();
  const text = decode(await input.bytes());
  const opened = host.openProject(input.path, [input.buildContexts()]);
  const { root } = opened;
  if (gates.changed !== undefined && input.path !== undefined) {
    const { realPath } = host.files;
    const place = root === undefined ? undefined : realPath(root);
    if (!isTouched(gates.changed, realPath(input.path), opened.project, place)) {
      return undefined;
    }
  }
  const project = await measured(host, opened, opened.project, text);
  if (gates.shellCheck !== 'off') {
    await engine.checkShell(text, project, config, gates.shellCheck);
  }
  const report = engine.analyze(text, project, config);
  const result: FileResult = {
    path: input.name,
    ...(root === undefined ? {} : { root: displayPath(host, root) }),
    lines: new LineIndex(text),
    ...keep(report),
    ...(gates.isSlimmed ? { sizeAfter: await slimmedSize(host, engine, opened, project, text, config) } : {}),
  };
  const { file, known } = gates.baseline?.withoutKnown(host, result) ?? { file: result, known: 0 };
  const limits = lowerOf(input.limits(), gates.limits);
  const budget = overBudget(report, project, limits);
  for (const reason of budget.unknown) {
    complain(host, `${input.name}: ${reason}`);
  }
  const problems = [...file.report.problems, ...budget.problems];
  return {
    ...file,
    known,
    report: budget.problems.length === 0 ? file.report : { ...file.report, problems },
  };
}

/** What the image takes on disk after everything that `slim` does. */
async function slimmedSize(
  host: CliHost,
  engine: Engine,
  opened: OpenProject,
  project: Project,
  text: string,
  config: Config,
): Promise<SizeAnswer> {
  const slimmed = engine.fixAll(text, project, config, 'review');
  const after = await measured(host, opened, slimmed.project, slimmed.text);
  return imageSize(engine.analyze(slimmed.text, after, config).image);
}

/** What is asked of each file beside its findings, and decides whether a run fails. */
interface Gates {
  readonly baseline: Baseline | undefined;
  /** Absolute paths. */
  readonly changed: readonly string[] | undefined;
  readonly limits: Limits;
  readonly isSlimmed: boolean;
  /** Path of ShellCheck, or `off`; undefined for the one on PATH. */
  readonly shellCheck: string | undefined;
}

/** @throws UsageError when one of the flags cannot be used. */
function gatesOf(host: CliHost, options: CheckOptions): Gates {
  const limit = (flag: string, value: string | undefined): number | undefined => {
    const bytes = value === undefined ? undefined : bytesOf(value);
    if (value !== undefined && bytes === undefined) {
      throw new UsageError(`${flag} takes a size such as 250MB, not ${value}`);
    }
    return bytes;
  };
  const isThere = host.files.kindOf(defaultBaseline(host)) === 'file';
  const baseline = options.baseline ?? (isThere ? defaultBaseline(host) : undefined);
  return {
    baseline: baseline === undefined ? undefined : Baseline.read(host, baseline),
    changed: options.changedSince === undefined ? undefined : host.changedSince(options.changedSince),
    limits: {
      maxSize: limit('--max-size', options.maxSize),
      maxLayer: limit('--max-layer', options.maxLayer),
      maxContext: limit('--max-context', options.maxContext),
    },
    isSlimmed: options.slimmed === true,
    shellCheck: options.shellcheck,
  };
}

/** One of the formats that were asked for, and where it goes. */
interface FormatOutput {
  readonly format: CheckFormat;
  /** The file it goes to; undefined for standard output. */
  readonly file: string | undefined;
  readonly printer: Printer;
  write(text: string): void;
  /** Writes the file, which is made in one step. @throws UsageError when it cannot be written. */
  close(): void;
}

/** @throws UsageError where a file would be overwritten by the next format, or has none. */
function refuseLostOutput(host: CliHost, format: readonly CheckFormat[], output: readonly string[]): void {
  const paths = output.map((file) => resolve(host.workingDirectory, file));
  const again = output.find((_, i) => paths.indexOf(paths[i] ?? '') < i);
  if (again !== undefined) {
    throw new UsageError(`two formats cannot go to ${again}`);
  }
  if (output.length > format.length) {
    throw new UsageError(`no --format belongs to --output ${output[format.length]}`);
  }
}

function outputsOf(
  host: CliHost,
  run: Run,
  options: CheckOptions & Required<Pick<CheckOptions, 'format'>>,
  progress: Progress,
): Promise<FormatOutput[]> {
  const print = (text: string): void => {
    if (text !== '') {
      if (host.stdout.isTerminal) {
        progress.clear();
      }
      host.stdout.write(text);
    }
  };
  let isStarted = false;
  return Promise.all(
    options.format.map(async (format, i): Promise<FormatOutput> => {
      const file = options.output?.[i];
      const style = file === undefined ? styleOf(host.stdout, host.environment) : plainStyle;
      const printer = await printerOf(format, run, style, options);
      if (file === undefined && !isStarted) {
        isStarted = true;
        return { format, file, printer, write: print, close() {} };
      }
      const texts: string[] = [];
      return {
        format,
        file,
        printer,
        write: (text) => texts.push(text),
        close: () => (file === undefined ? print(texts.join('')) : writeOutput(host, file, texts.join(''))),
      };
    }),
  );
}

async function printerOf(
  format: CheckFormat,
  run: Run,
  style: Style,
  options: CheckOptions,
): Promise<Printer> {
  switch (format) {
    case 'pretty': {
      if (options.statistics === true) {
        const { formatStatistics } = await import('./format/statistics.ts');
        return printAtEnd(run, (result) => formatStatistics(result, style));
      }
      return (await import('./format/pretty.ts')).prettyPrinter(style, options);
    }
    case 'tty':
      return (await import('./format/tty.ts')).ttyPrinter;
    case 'json':
      return (await import('./format/json.ts')).jsonPrinter(run);
    case 'sarif':
      return printAtEnd(run, (await import('./format/sarif.ts')).formatSarif);
    case 'github':
      return (await import('./format/github.ts')).githubPrinter;
    case 'gitlab':
      return printAtEnd(run, (await import('./format/gitlab.ts')).formatGitlab);
    case 'junit':
      return printAtEnd(run, (await import('./format/junit.ts')).formatJunit);
    case 'checkstyle':
      return printAtEnd(run, (await import('./format/checkstyle.ts')).formatCheckstyle);
    case 'markdown':
      return printAtEnd(run, (await import('./format/markdown.ts')).formatMarkdown);
  }
}
