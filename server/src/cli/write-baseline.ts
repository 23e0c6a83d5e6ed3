import { resolve } from 'node:path';
import { LineIndex } from '../text/lines.ts';
import { complain, complainOf, failureOf } from './complain.ts';
import { exitCodes, UsageError } from './exit.ts';
import { count } from './format/layout.ts';
import { baselineText, defaultBaseline } from './gates/baseline.ts';
import type { CliHost } from './host.ts';
import { decode, displayPath, findInputs, type InputOptions } from './inputs.ts';
import { keepFindings } from './kept.ts';
import { measured } from './measure.ts';
import { writeOutput } from './output.ts';
import type { FileResult } from './results.ts';

/** Flags of the command, as the command line gives them. */
export interface BaselineFlags {
  readonly output?: string;
  readonly config?: string;
  /** As for `check`. */
  readonly shellcheck?: string;
}

export interface BaselineOptions extends BaselineFlags, InputOptions {
  readonly offline: boolean;
}

/** Writes down what is found in the Dockerfiles that are named or found. */
export async function writeBaseline(host: CliHost, options: BaselineOptions): Promise<number> {
  if (options.paths.includes('-')) {
    throw new UsageError('a baseline knows files by their path; standard input has none');
  }
  const { inputs, failures } = findInputs(host, options);
  const engine = await host.loadEngine({ offline: options.offline });
  const files: FileResult[] = [];
  for (const input of inputs) {
    try {
      const text = decode(await input.bytes());
      const opened = host.openProject(input.path, [input.buildContexts()]);
      const project = await measured(host, opened, opened.project, text);
      const config = input.config();
      if (options.shellcheck !== 'off') {
        await engine.checkShell(text, project, config, options.shellcheck);
      }
      const report = engine.analyze(text, project, config);
      files.push({ path: input.name, lines: new LineIndex(text), ...keepFindings(report) });
    } catch (error) {
      failures.push(failureOf(input.name, error));
    }
  }
  complainOf(host, failures);
  if (failures.length > 0) {
    complain(host, 'nothing was written');
    return exitCodes.failure;
  }
  const path =
    options.output === undefined ? defaultBaseline(host) : resolve(host.workingDirectory, options.output);
  writeOutput(host, displayPath(host, path), baselineText(host, path, files));
  const findings = files.reduce((sum, { report }) => sum + report.problems.length, 0);
  host.stdout.write(
    `${displayPath(host, path)}: ${count(findings, 'finding')} in ${count(files.length, 'Dockerfile')}\n`,
  );
  return exitCodes.ok;
}
