import { resolve } from 'node:path';
import { settled } from '../engine/report.ts';
import { LineIndex } from '../text/lines.ts';
import { complain, complainOf, failureOf, failuresOf } from './complain.ts';
import { messageOf } from './discover.ts';
import { exitCodes, UsageError } from './exit.ts';
import { plainStyle, type Style, styleOf } from './format/layout.ts';
import type { CliHost, Engine } from './host.ts';
import { decode, displayPath, findInputs, type Input, type InputOptions } from './inputs.ts';
import { measured } from './measure.ts';
import { showProgress } from './progress.ts';
import { type CheckResult, type FileResult, findingsOf, isAtLeast } from './results.ts';

/** Ways of printing what was found. */
export type CheckFormat =
  | 'pretty'
  | 'tty'
  | 'json'
  | 'sarif'
  | 'github'
  | 'gitlab'
  | 'junit'
  | 'checkstyle'
  | 'markdown';

/** Flags of the command, as the command line gives them. */
export interface CheckFlags {
  /** In the order given; the n-th output belongs to the n-th format. */
  readonly format: readonly CheckFormat[];
  /** Files to write to; what has none goes to standard output. */
  readonly output?: readonly string[];
  readonly failOn: 'error' | 'warning' | 'information' | 'hint' | 'never';
  readonly all?: true;
  readonly config?: string;
}

export interface CheckOptions extends CheckFlags, InputOptions {
  readonly offline: boolean;
}

/** Reports what is wrong with the Dockerfiles that are named or found. Returns the exit code. */
export async function check(host: CliHost, options: CheckOptions): Promise<number> {
  const { inputs, failures } = findInputs(host, options);
  const engine = await host.loadEngine({ offline: options.offline });
  const progress = showProgress(host, inputs.length, 'Checked');
  const files: FileResult[] = [];
  for (const input of inputs) {
    try {
      const result = await checkOne(host, engine, input);
      files.push(result);
      failures.push(...failuresOf(host, input.name, result.report.failures));
    } catch (error) {
      failures.push(failureOf(input.name, error));
    }
    progress.step();
  }
  progress.end();
  const rules = new Map(engine.rules.map((rule) => [rule.meta.id, rule.meta]));
  await print(host, { version: host.version, rules, files, failures }, options);
  if (failures.length > 0) {
    return exitCodes.failure;
  }
  const { failOn } = options;
  const failing =
    failOn !== 'never' &&
    files.some((file) => findingsOf(file.report).some((finding) => isAtLeast(finding.severity, failOn)));
  return failing ? exitCodes.findings : exitCodes.ok;
}

/** @throws FileError when the file cannot be read. */
async function checkOne(host: CliHost, engine: Engine, input: Input): Promise<FileResult> {
  const config = input.config();
  const text = decode(await input.bytes());
  const opened = host.openProject(input.path, [input.buildContexts()]);
  const { root } = opened;
  const project = await measured(host, opened, opened.project, text);
  const report = settled(engine.analyze(text, project, config));
  return {
    path: input.name,
    ...(root === undefined ? {} : { root: displayPath(host, root) }),
    lines: new LineIndex(text),
    report,
  };
}

async function print(host: CliHost, result: CheckResult, options: CheckOptions): Promise<void> {
  complainOf(host, result.failures);
  const formats = options.format;
  for (const [i, format] of formats.entries()) {
    const file = options.output?.[i];
    if (file === undefined && format === 'pretty' && result.files.length === 0) {
      if (result.failures.length === 0) {
        complain(host, `no Dockerfile found in ${options.paths.join(', ')}`);
      }
      continue;
    }
    const style = file === undefined ? styleOf(host.stdout, host.environment) : plainStyle;
    const text = await formatted(format, result, style, options);
    if (file === undefined) {
      host.stdout.write(text);
    } else {
      writeOutput(host, file, text);
    }
  }
}

async function formatted(
  format: CheckFormat,
  result: CheckResult,
  style: Style,
  options: CheckOptions,
): Promise<string> {
  switch (format) {
    case 'pretty':
      return (await import('./format/pretty.ts')).formatPretty(result, style, options);
    case 'tty':
      return (await import('./format/tty.ts')).formatTty(result);
    case 'json':
      return (await import('./format/json.ts')).formatJson(result);
    case 'sarif':
      return (await import('./format/sarif.ts')).formatSarif(result);
    case 'github':
      return (await import('./format/github.ts')).formatGithub(result);
    case 'gitlab':
      return (await import('./format/gitlab.ts')).formatGitlab(result);
    case 'junit':
      return (await import('./format/junit.ts')).formatJunit(result);
    case 'checkstyle':
      return (await import('./format/checkstyle.ts')).formatCheckstyle(result);
    case 'markdown':
      return (await import('./format/markdown.ts')).formatMarkdown(result);
  }
}

/** @throws UsageError when the file cannot be written. */
function writeOutput(host: CliHost, file: string, text: string): void {
  const path = resolve(host.workingDirectory, file);
  try {
    const before = host.files.kindOf(path) === 'missing' ? undefined : host.files.read(path);
    host.files.replace(path, before, new TextEncoder().encode(text));
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}`);
  }
}
