import type { AppliedFix } from '../engine/apply.ts';
import type { RuleFailure } from '../engine/report.ts';
import { type Change, changesOf, newDiffs, readOriginal, writeChanges } from './changes.ts';
import { complain, complainOf, failureOf, failuresOf } from './complain.ts';
import { exitCodes } from './exit.ts';
import { type Colors, count, printable, styleOf } from './format/layout.ts';
import type { CliHost, Engine } from './host.ts';
import { findInputs, type Input, type InputOptions } from './inputs.ts';
import { showProgress } from './progress.ts';

/** Flags of the command, as the command line gives them. */
export interface FixFlags {
  readonly diff?: true;
  /** Nothing is said about what is done. */
  readonly quiet?: true;
  readonly config?: string;
}

export interface FixOptions extends FixFlags, InputOptions {
  readonly offline: boolean;
}

interface Fixed {
  readonly input: Input;
  readonly applied: readonly AppliedFix[];
  readonly changes: readonly Change[];
  /** The text after the fixes, as the engine has it. */
  readonly text: string;
  /** Problems that are left and can be fixed after a review. */
  readonly review: number;
  readonly failures: readonly RuleFailure[];
}

/** Applies safe fixes to the Dockerfiles that are named or found, and writes them unless only a diff is asked for. */
export async function fix(host: CliHost, options: FixOptions): Promise<number> {
  const { inputs, failures } = findInputs(host, options);
  const engine = await host.loadEngine({ offline: options.offline });
  const { colors } = styleOf(host.stdout, host.environment);
  const progress = showProgress(host, inputs.length, 'Fixed');
  const shown = new Set<string>();
  const totals = { fixes: 0, files: 0, review: 0 };
  for (const input of inputs) {
    try {
      const fixed = await fixOne(host, engine, input);
      failures.push(...failuresOf(host, input.name, fixed.failures));
      if (options.diff) {
        host.stdout.write(newDiffs(fixed.changes, shown, colors));
      } else if (input.path === undefined) {
        host.stdout.write(fixed.text);
      }
      if (!options.diff) {
        writeChanges(host, fixed.changes);
        if (input.path !== undefined && options.quiet !== true) {
          host.stdout.write(describe(fixed, colors));
        }
      }
      totals.fixes += fixed.applied.length;
      totals.files += fixed.changes.length > 0 ? 1 : 0;
      totals.review += fixed.review;
    } catch (error) {
      failures.push(failureOf(input.name, error));
    }
    progress.step();
  }
  progress.clear();
  complainOf(host, failures);
  if (options.quiet === true) {
    return failures.length > 0 ? exitCodes.failure : exitCodes.ok;
  }
  if (totals.fixes > 0 || (inputs.length > 0 && failures.length === 0)) {
    // The diff and the fixed text are often piped on: what is said about them goes to standard error.
    const summary = options.diff || options.paths.includes('-') ? host.stderr : host.stdout;
    summary.write(summaryOf(totals, options));
  } else if (failures.length === 0) {
    complain(host, `no Dockerfile found in ${options.paths.join(', ')}`);
  }
  return failures.length > 0 ? exitCodes.failure : exitCodes.ok;
}

/** @throws FileError when the file, or one beside it that a fix changes, cannot be used. */
async function fixOne(host: CliHost, engine: Engine, input: Input): Promise<Fixed> {
  const original = await readOriginal(input);
  const opened = host.openProject(input.path, [input.buildContexts()]);
  const result = engine.fixAll(original.text, opened.project, input.config(), 'safe');
  const changes = changesOf(host, input, opened, original, result);
  return {
    input,
    changes,
    applied: result.applied,
    failures: result.failures,
    text: original.byteOrderMark + result.text,
    review: result.left.filter((problem) => problem.fixes[0]?.applicability === 'review').length,
  };
}

function describe(fixed: Fixed, colors: Colors): string {
  if (fixed.changes.length === 0) {
    return '';
  }
  const fixes = fixed.applied.map(
    ({ problem, fix }) =>
      `  ${colors.green('fixed')}    ${printable(fix.title)}  ${colors.cyan(problem.rule)}\n`,
  );
  const files = fixed.changes
    .filter((change) => change.path !== fixed.input.path)
    .map((change) => `  ${change.before === undefined ? 'created' : 'changed'}  ${printable(change.name)}\n`);
  return `${colors.underline(printable(fixed.input.name))}\n${[...fixes, ...files].join('')}\n`;
}

function summaryOf(totals: { fixes: number; files: number; review: number }, options: FixOptions): string {
  const what =
    totals.fixes === 0
      ? 'Nothing to fix safely.'
      : `${options.diff ? 'Would apply' : 'Applied'} ${count(totals.fixes, 'fix', 'fixes')} in ${count(totals.files, 'Dockerfile')}.`;
  const more = totals.review === 0 ? '' : ` ${totals.review} more after a review: ballast slim`;
  return `${what}${more}\n`;
}
