import { summarizeFixes } from '../engine/slim.ts';
import { LineIndex } from '../text/lines.ts';
import { changesOf, newDiffs, readOriginal, writeChanges } from './changes.ts';
import { complain, complainOf, failureOf, failuresOf } from './complain.ts';
import { exitCodes } from './exit.ts';
import { type Style, styleOf } from './format/layout.ts';
import { formatSavings, formatSlim, type Slimmed } from './format/slim.ts';
import type { CliHost, Engine } from './host.ts';
import { findInputs, type Input, type InputOptions } from './inputs.ts';
import { measured } from './measure.ts';
import { showProgress } from './progress.ts';

/** Flags of the command, as the command line gives them. */
export interface SlimFlags {
  readonly format?: 'pretty' | 'json';
  readonly write?: true;
  /** Nothing is said about what is done. */
  readonly quiet?: true;
  readonly config?: string;
}

export interface SlimOptions extends SlimFlags, InputOptions {
  readonly offline: boolean;
}

/**
 * Shows what everything worth changing makes of Dockerfiles as one diff, with a list of what, why and how much; or writes
 * it. The diff is often piped on, so that what is said about it goes to standard error.
 */
export async function slim(host: CliHost, options: SlimOptions): Promise<number> {
  const { inputs, failures } = findInputs(host, options);
  const engine = await host.loadEngine({ offline: options.offline });
  const isPiped = options.write !== true || options.paths.includes('-');
  const about = isPiped ? host.stderr : host.stdout;
  const style: Style = styleOf(about, host.environment);
  const isJson = options.format === 'json';
  const progress = showProgress(host, inputs.length, 'Slimmed');
  const shown = new Set<string>();
  const all: Slimmed[] = [];
  for (const input of inputs) {
    try {
      const slimmed = await slimOne(host, engine, input);
      failures.push(...failuresOf(host, input.name, slimmed.failures));
      if (isJson) {
        all.push(slimmed);
      } else if (options.write !== true) {
        host.stdout.write(newDiffs(slimmed.changes, shown, styleOf(host.stdout, host.environment).colors));
      } else if (input.path === undefined) {
        host.stdout.write(slimmed.text);
      }
      if (options.write === true && input.path !== undefined) {
        writeChanges(host, slimmed.changes);
      }
      if (!isJson && options.quiet !== true) {
        about.write(formatSlim(slimmed, style, options));
        all.push(slimmed);
      }
    } catch (error) {
      failures.push(failureOf(input.name, error));
    }
    progress.step();
  }
  progress.clear();
  if (isJson) {
    const { formatSlimJson } = await import('./format/slim-json.ts');
    host.stdout.write(formatSlimJson(host.version, all, failures));
  } else if (all.length > 1) {
    about.write(formatSavings(all, style));
  }
  complainOf(host, failures);
  if (inputs.length === 0 && failures.length === 0) {
    complain(host, `no Dockerfile found in ${options.paths.join(', ')}`);
  }
  return failures.length > 0 ? exitCodes.failure : exitCodes.ok;
}

/** @throws FileError when the file, or one beside it that a fix changes, cannot be used. */
async function slimOne(host: CliHost, engine: Engine, input: Input): Promise<Slimmed> {
  const original = await readOriginal(input);
  const config = input.config();
  const opened = host.openProject(input.path, [input.buildContexts()]);
  const project = await measured(host, opened, opened.project, original.text);
  const result = engine.fixAll(original.text, project, config, 'review');
  const before = engine.analyze(original.text, project, config);
  // An ignore file that was written changes what a COPY brings.
  const changed = await measured(host, opened, result.project, result.text);
  const after = engine.analyze(result.text, changed, config);
  return {
    ...summarizeFixes(result),
    name: input.name,
    changes: changesOf(host, input, opened, original, result),
    before,
    after,
    failures: [...before.failures, ...result.failures, ...after.failures],
    text: original.byteOrderMark + result.text,
    lines: new LineIndex(result.text),
  };
}
