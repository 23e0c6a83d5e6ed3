import { formatImageSize, formatSaving, formatShortSize } from '../../engine/estimate/describe.ts';
import { type ImageEstimate, imageSize } from '../../engine/estimate/estimate.ts';
import { countDone, type Report, type RuleFailure } from '../../engine/report.ts';
import { isTidying, type SlimSummary } from '../../engine/slim.ts';
import { unfixedOf } from '../../engine/unfixed.ts';
import type { Problem } from '../../rules/rule.ts';
import type { LineIndex } from '../../text/lines.ts';
import type { Change } from '../changes.ts';
import { printable, type Style, wrap } from './layout.ts';
import { columns } from './table.ts';

/** A Dockerfile with everything applied that is worth it. */
export interface Slimmed extends SlimSummary {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly before: Report;
  /** What is found in the text after the changes. */
  readonly after: Report;
  /** The text after the changes, as it is written. */
  readonly text: string;
  readonly lines: LineIndex;
  /** Rules that failed, and work that was ended. */
  readonly failures: readonly RuleFailure[];
}

/** What was changed, why and how much it brings, what was assumed, and what is left as it is. */
export function formatSlim(slimmed: Slimmed, style: Style, options: { readonly write?: true }): string {
  const { colors, width } = style;
  const { name, items, left, changes, lines } = slimmed;
  const output: string[] = [];
  const add = (indent: string, text: string, paint = (line: string): string => line): void => {
    const room = width === undefined ? undefined : width - indent.length;
    output.push(...wrap(printable(text), room).map((line) => `${indent}${paint(line)}`));
  };
  const [title = '', result] = [printable(name), printable(outcome(slimmed))];
  if (width === undefined || title.length + 2 + result.length <= width) {
    output.push(`${colors.underline(title)}  ${result}`);
  } else {
    output.push(colors.underline(title));
    add('  ', result);
  }
  const tidying = items.filter(({ rule }) => isTidying(rule));
  for (const item of [...items.filter((one) => !tidying.includes(one)), ...tidying]) {
    const { titles, rule, reason, assumptions } = item;
    if (item === tidying[0]) {
      output.push('  Tidy:');
    }
    const start = output.length;
    for (const title of titles) {
      add('    ', title, colors.bold);
    }
    output[start] = `  ${colors.green('+')} ${(output[start] ?? '').slice(4)}`;
    add('    ', `${reason} (${rule})`);
    for (const assumption of assumptions) {
      add('    ', `Assumed: ${assumption}`, colors.dim);
    }
  }
  const created = changes.filter((change) => change.before === undefined);
  if (created.length > 0) {
    add('  ', `${options.write ? 'Created' : 'Creates'} ${created.map((change) => change.name).join(', ')}`);
  }
  if (left.length > 0) {
    output.push('  Left as it is:');
    for (const problem of left) {
      const { line, character } = lines.positionAt(problem.span.start);
      add('    ', `${line + 1}:${character + 1} ${problem.message} (${problem.rule})`);
      for (const sentence of whyNotFixed(problem)) {
        add('      ', sentence, colors.dim);
      }
    }
  }
  if (items.length > 0 && options.write !== true) {
    output.push('  Nothing is written: ballast slim --write');
  }
  return `${output.join('\n')}\n\n`;
}

/** What each Dockerfile saves, the most first: after many of them, what to begin with. */
export function formatSavings(all: readonly Slimmed[], style: Style): string {
  const rows = all
    .map(({ name, before, after }) => ({
      name,
      sizes: [formatShortSize(before.image), formatShortSize(after.image)],
      saving: formatSaving(before.image, after.image),
      bytes: middle(before.image) - middle(after.image),
    }))
    .sort(
      (a, b) => Number(b.saving?.startsWith('≈')) - Number(a.saving?.startsWith('≈')) || b.bytes - a.bytes,
    )
    .map(({ name, sizes: [now = '', then = ''], saving }) => [name, now, then, saving ?? 'not known']);
  return `${columns(['Dockerfile', 'now', 'slimmed', 'saves'], rows, style).join('\n')}\n\n`;
}

function middle(image: ImageEstimate): number {
  const size = imageSize(image);
  return size.kind === 'known' ? (size.low + size.high) / 2 : 0;
}

/** Why a problem has no fix, as far as its message does not say so, and what would bring one. */
function whyNotFixed(problem: Problem): string[] {
  const [manual] = problem.fixes;
  const byHand = manual === undefined ? '' : `By hand: ${manual.title}.`;
  const { reason, lifts } = unfixedOf(problem) ?? { reason: byHand };
  const isSaid = problem.message.includes('No fix is offered');
  return [isSaid ? '' : reason, lifts ?? ''].filter((sentence) => sentence !== '');
}

/** `≈ 1.4 GB → ≈ 230 MB on disk, checklist 2 of 8 → 8 of 8` */
function outcome({ items, before, after }: Slimmed): string {
  const [now, then] = [formatImageSize(before.image), formatImageSize(after.image, ' on disk')];
  const [was, is] = [countDone(before.checklist), countDone(after.checklist)];
  return items.length === 0
    ? `nothing to change: ${then}, checklist ${was.done} of ${was.of}`
    : `${sizes(now, then, formatSaving(before.image, after.image))}, checklist ${was.done} of ${was.of} → ${is.done} of ${is.of}`;
}

/** An arrow stands between two figures that differ, and nowhere else. */
function sizes(now: string, then: string, saving: string | undefined): string {
  if (then.startsWith('not known')) {
    return now === 'not known' ? 'size not known' : `${now} before, size after not known`;
  }
  const nothing = saving === 'none' ? 'no size to save here' : 'saving not known';
  return now === formatPlain(then) ? `${then}, ${nothing}` : `${now} → ${then}`;
}

/** The figure without the words that say what it measures. */
function formatPlain(text: string): string {
  return text.replace(' on disk', '');
}
