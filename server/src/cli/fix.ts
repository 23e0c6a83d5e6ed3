import { join, relative, sep } from 'node:path';
import type { AppliedFix } from '../engine/apply.ts';
import type { FileChange } from '../fixes/fix.ts';
import { messageOf } from './discover.ts';
import { exitCodes } from './exit.ts';
import { formatDiff } from './format/diff.ts';
import { type Colors, count, printable, styleOf } from './format/layout.ts';
import { type CliHost, type Engine, FileError, type OpenProject } from './host.ts';
import { displayPath, findInputs, type Input, type InputOptions } from './inputs.ts';
import { showProgress } from './progress.ts';

/** Flags of the command, as the command line gives them. */
export interface FixFlags {
  readonly review?: true;
  readonly diff?: true;
  readonly config?: string;
}

export interface FixOptions extends FixFlags, InputOptions {
  readonly offline: boolean;
}

/** One file that a run changes. */
interface Change {
  /** Absolute path; undefined for standard input. */
  readonly path: string | undefined;
  readonly name: string;
  /** What the file held; undefined where it is created. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array;
}

interface Fixed {
  readonly input: Input;
  readonly applied: readonly AppliedFix[];
  readonly changes: readonly Change[];
  /** The text after the fixes, as the engine has it. */
  readonly text: string;
}

/** Applies fixes to the Dockerfiles that are named or found, and writes them unless only a diff is asked for. */
export async function fix(host: CliHost, options: FixOptions): Promise<number> {
  const { inputs, failures } = findInputs(host, options);
  const engine = await host.loadEngine({ offline: options.offline });
  const { colors } = styleOf(host.stdout, host.environment);
  const progress = showProgress(host, inputs.length, 'Fixed');
  const shown = new Set<string>();
  const totals = { fixes: 0, files: 0, review: 0 };
  for (const input of inputs) {
    try {
      const fixed = await fixOne(host, engine, input, options);
      if (options.diff) {
        host.stdout.write(newDiffs(fixed.changes, shown, colors));
      } else if (input.path === undefined) {
        host.stdout.write(fixed.text);
      }
      if (!options.diff) {
        for (const change of fixed.changes) {
          if (change.path !== undefined) {
            host.files.replace(change.path, change.before, change.after);
          }
        }
        if (input.path !== undefined) {
          host.stdout.write(describe(fixed, colors));
        }
      }
      totals.fixes += fixed.applied.length;
      totals.files += fixed.changes.length > 0 ? 1 : 0;
      totals.review += options.review ? 0 : countReviewFixes(host, engine, fixed);
    } catch (error) {
      failures.push({ path: input.name, message: messageOf(error) });
    }
    progress.step();
  }
  progress.end();
  for (const failure of failures) {
    host.stderr.write(`ballast: ${failure.path}: ${failure.message}\n`);
  }
  if (totals.fixes > 0 || (inputs.length > 0 && failures.length === 0)) {
    // The diff and the fixed text are often piped on: what is said about them goes to standard error.
    const summary = options.diff || options.paths.includes('-') ? host.stderr : host.stdout;
    summary.write(summaryOf(totals, options));
  } else if (failures.length === 0) {
    host.stderr.write(`ballast: no Dockerfile found in ${options.paths.join(', ')}\n`);
  }
  return failures.length > 0 ? exitCodes.failure : exitCodes.ok;
}

/** @throws FileError when the file, or one beside it that a fix changes, cannot be used. */
async function fixOne(host: CliHost, engine: Engine, input: Input, options: FixOptions): Promise<Fixed> {
  const config = input.config();
  const bytes = await input.bytes();
  const { text, byteOrderMark } = decodeExactly(bytes);
  const opened = host.openProject(input.path);
  const result = engine.fixAll(text, opened.project, config, options.review ? 'review' : 'safe');
  // Files beside the Dockerfile come first: if one of them cannot be written, the Dockerfile stays as it was.
  const changes = result.files.map((change) => changeOf(host, opened, change));
  if (result.text !== text) {
    const after = new TextEncoder().encode(byteOrderMark + result.text);
    changes.push({ path: input.path, name: input.name, before: bytes, after });
  }
  return { input, applied: result.applied, changes, text: byteOrderMark + result.text };
}

function changeOf(host: CliHost, opened: OpenProject, change: FileChange): Change {
  if (opened.root === undefined) {
    throw new FileError(`cannot write ${change.path}: the build context is not known`);
  }
  const path = join(opened.root, change.path);
  const below = relative(opened.root, path);
  if (below === '' || below === '..' || below.startsWith(`..${sep}`)) {
    throw new FileError(`will not write ${change.path}: it lies outside the build context`);
  }
  const exists = host.files.kindOf(path) !== 'missing';
  if (exists !== (change.before !== undefined)) {
    throw new FileError(
      `${change.path} was ${exists ? 'created' : 'removed'} meanwhile; nothing was written`,
    );
  }
  const name = displayPath(host, path);
  if (!exists) {
    return { path, name, before: undefined, after: new TextEncoder().encode(change.after) };
  }
  const before = host.files.read(path);
  const { text, byteOrderMark } = decodeExactly(before);
  if (text !== change.before) {
    throw new FileError(`${change.path} changed meanwhile; nothing was written`);
  }
  return { path, name, before, after: new TextEncoder().encode(byteOrderMark + change.after) };
}

/** Text of a file that is to be written back. @throws FileError when that would change bytes that no fix touches. */
function decodeExactly(bytes: Uint8Array): { text: string; byteOrderMark: string } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\ufeff')
      ? { text: text.slice(1), byteOrderMark: '\ufeff' }
      : { text, byteOrderMark: '' };
  } catch {
    throw new FileError('is not UTF-8 text; nothing was written');
  }
}

/** Diffs of the changes; a file that several Dockerfiles share is shown once. */
function newDiffs(changes: readonly Change[], shown: Set<string>, colors: Colors): string {
  let text = '';
  for (const change of changes) {
    const diff = formatDiff(change, colors);
    if (!shown.has(diff)) {
      shown.add(diff);
      text += diff;
    }
  }
  return text;
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

/** Problems of the fixed text whose first fix has to be reviewed. */
function countReviewFixes(host: CliHost, engine: Engine, fixed: Fixed): number {
  const { project } = host.openProject(fixed.input.path);
  const report = engine.analyze(fixed.text.replace(/^\ufeff/, ''), project, fixed.input.config());
  return report.problems.filter((problem) => problem.fixes[0]?.applicability === 'review').length;
}

function summaryOf(totals: { fixes: number; files: number; review: number }, options: FixOptions): string {
  const what =
    totals.fixes === 0
      ? `Nothing to fix${options.review ? '' : ' safely'}.`
      : `${options.diff ? 'Would apply' : 'Applied'} ${count(totals.fixes, 'fix', 'fixes')} in ${count(totals.files, 'Dockerfile')}.`;
  const more =
    totals.review === 0 ? '' : ` ${totals.review} more after a review: ballast fix --review --diff`;
  return `${what}${more}\n`;
}
