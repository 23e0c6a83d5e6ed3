import { LineIndex } from '../text/lines.ts';
import { complain, complainOf, failureOf, failuresOf } from './complain.ts';
import { exitCodes } from './exit.ts';
import { styleOf } from './format/layout.ts';
import type { CliHost, Engine } from './host.ts';
import { decode, displayPath, findInputs, type Input, type InputOptions } from './inputs.ts';
import { measured } from './measure.ts';
import { showProgress } from './progress.ts';
import { type CheckResult, type FileResult, findingsOf, isAtLeast } from './results.ts';

/** Flags of the command, as the command line gives them. */
export interface CheckFlags {
  readonly format: 'pretty' | 'json' | 'sarif' | 'github';
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
  const report = engine.analyze(text, project, config);
  return {
    path: input.name,
    ...(root === undefined ? {} : { root: displayPath(host, root) }),
    lines: new LineIndex(text),
    report,
  };
}

async function print(host: CliHost, result: CheckResult, options: CheckOptions): Promise<void> {
  complainOf(host, result.failures);
  switch (options.format) {
    case 'pretty': {
      if (result.files.length > 0) {
        const { formatPretty } = await import('./format/pretty.ts');
        host.stdout.write(formatPretty(result, styleOf(host.stdout, host.environment), options));
      } else if (result.failures.length === 0) {
        complain(host, `no Dockerfile found in ${options.paths.join(', ')}`);
      }
      return;
    }
    case 'json': {
      const { formatJson } = await import('./format/json.ts');
      host.stdout.write(formatJson(result));
      return;
    }
    case 'sarif': {
      const { formatSarif } = await import('./format/sarif.ts');
      host.stdout.write(formatSarif(result));
      return;
    }
    case 'github': {
      const { formatGithub } = await import('./format/github.ts');
      host.stdout.write(formatGithub(result));
    }
  }
}
