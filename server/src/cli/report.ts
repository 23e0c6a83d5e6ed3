import { LineIndex } from '../text/lines.ts';
import { complain, complainOf, failureOf, failuresOf } from './complain.ts';
import { exitCodes } from './exit.ts';
import { styleOf } from './format/layout.ts';
import type { CliHost, Engine } from './host.ts';
import { decode, findInputs, type Input, type InputOptions } from './inputs.ts';
import { measured } from './measure.ts';
import type { ImageReport } from './results.ts';

/** Flags of the command, as the command line gives them. */
export interface ReportFlags {
  readonly json?: true;
  readonly config?: string;
}

export interface ReportOptions extends ReportFlags, InputOptions {
  readonly offline: boolean;
}

/** Prints what the layers of images bring, and the checklist. */
export async function report(host: CliHost, options: ReportOptions): Promise<number> {
  const { inputs, failures } = findInputs(host, options);
  const engine = await host.loadEngine({ offline: options.offline });
  const files: ImageReport[] = [];
  for (const input of inputs) {
    try {
      const { after, ...result } = await reportOne(host, engine, input);
      files.push({ ...result, after });
      failures.push(...failuresOf(host, input.name, [...result.before.failures, ...after.failures]));
    } catch (error) {
      failures.push(failureOf(input.name, error));
    }
  }
  complainOf(host, failures);
  if (options.json === true) {
    const { formatImageJson } = await import('./format/image-json.ts');
    host.stdout.write(formatImageJson(host.version, files, failures));
  } else if (files.length > 0) {
    const { formatImage } = await import('./format/image.ts');
    const style = styleOf(host.stdout, host.environment);
    host.stdout.write(files.map((file) => formatImage(file, style)).join('\n'));
  } else if (failures.length === 0) {
    complain(host, `no Dockerfile found in ${options.paths.join(', ')}`);
  }
  return failures.length > 0 ? exitCodes.failure : exitCodes.ok;
}

/** @throws FileError when the file cannot be read. */
async function reportOne(host: CliHost, engine: Engine, input: Input): Promise<ImageReport> {
  const text = decode(await input.bytes());
  const config = input.config();
  const opened = host.openProject(input.path, [input.buildContexts()]);
  const project = await measured(host, opened, opened.project, text);
  const result = engine.fixAll(text, project, config, 'review');
  return {
    path: input.name,
    lines: new LineIndex(text),
    before: engine.analyze(text, project, config),
    after: engine.analyze(result.text, await measured(host, opened, result.project, result.text), config),
  };
}
