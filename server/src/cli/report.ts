import { LineIndex } from '../text/lines.ts';
import { complain, complainOf, failureOf, failuresOf } from './complain.ts';
import { exitCodes } from './exit.ts';
import { plainStyle, styleOf } from './format/layout.ts';
import type { CliHost, Engine } from './host.ts';
import { decode, findInputs, type Input, type InputOptions } from './inputs.ts';
import { measured } from './measure.ts';
import { writeOutput } from './output.ts';
import { showProgress } from './progress.ts';
import type { FileFailure, ImageReport } from './results.ts';

/** Flags of the command, as the command line gives them. */
export interface ReportFlags {
  readonly format?: ReportFormat;
  readonly output?: string;
  readonly config?: string;
}

/** Ways of printing what images consist of. */
export type ReportFormat = 'pretty' | 'json' | 'html';

export interface ReportOptions extends ReportFlags, InputOptions {
  readonly offline: boolean;
}

/** Prints what the layers of images bring, and the checklist. */
export async function report(host: CliHost, options: ReportOptions): Promise<number> {
  const { inputs, failures } = findInputs(host, options);
  const engine = await host.loadEngine({ offline: options.offline });
  const files: ImageReport[] = [];
  const progress = showProgress(host, inputs.length, 'Weighed');
  for (const input of inputs) {
    try {
      const result = await reportOne(host, engine, input);
      files.push(result);
      failures.push(...failuresOf(host, input.name, [...result.before.failures, ...result.after.failures]));
    } catch (error) {
      failures.push(failureOf(input.name, error));
    }
    progress.step();
  }
  progress.clear();
  complainOf(host, failures);
  if (files.length === 0 && failures.length === 0) {
    complain(host, `no Dockerfile found in ${options.paths.join(', ')}`);
  }
  // A program gets its JSON in any case; a page or a text of nothing helps nobody.
  if (files.length > 0 || options.format === 'json') {
    const text = await formatted(host, files, failures, options);
    if (options.output === undefined) {
      host.stdout.write(text);
    } else {
      writeOutput(host, options.output, text);
    }
  }
  return failures.length > 0 ? exitCodes.failure : exitCodes.ok;
}

async function formatted(
  host: CliHost,
  files: readonly ImageReport[],
  failures: readonly FileFailure[],
  { format, output }: ReportOptions,
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('./format/image-json.ts')).formatImageJson(host.version, files, failures);
    case 'html':
      return (await import('./format/html.ts')).formatHtml(host.version, files);
    default: {
      const { formatImage } = await import('./format/image.ts');
      const style = output === undefined ? styleOf(host.stdout, host.environment) : plainStyle;
      return files.map((file) => formatImage(file, style)).join('\n');
    }
  }
}

/** @throws FileError when the file cannot be read. */
async function reportOne(host: CliHost, engine: Engine, input: Input): Promise<ImageReport> {
  const text = decode(await input.bytes());
  const config = input.config();
  const opened = host.openProject(input.path, [input.buildContexts()]);
  const project = await measured(host, opened, opened.project, text);
  const result = engine.fixAll(text, project, config, 'review');
  const projectAfter = await measured(host, opened, result.project, result.text);
  return {
    path: input.name,
    lines: new LineIndex(text),
    project,
    before: engine.analyze(text, project, config),
    after: engine.analyze(result.text, projectAfter, config),
    linesAfter: new LineIndex(result.text),
    projectAfter,
  };
}
