import { countDone } from '../../engine/report.ts';
import type { Applicability } from '../../fixes/fix.ts';
import type { Problem, Severity } from '../../rules/rule.ts';
import { formatSize, type SizeAnswer } from '../../sizes/size.ts';
import { type CheckResult, type FileResult, findingsOf, isAtLeast } from '../results.ts';
import { count, printable, type Style, wrap } from './layout.ts';

/** The message column is not made narrower than this: the rule goes below the message instead. */
const narrowestMessage = 48;
const severityWidth = 'information'.length;

interface Row {
  readonly at: string;
  readonly severity: Severity;
  readonly message: string;
  readonly rule: string;
  readonly saving: string;
}

/**
 * What was found, for people: grouped by file, lower severities counted but not shown unless `all` is set, and the
 * next step named; without the summary where `quiet` is set.
 */
export function formatPretty(
  result: CheckResult,
  style: Style,
  options: { readonly all?: true; readonly quiet?: true },
): string {
  const shown = result.files.map((file) => ({
    file,
    rows: findingsOf(file.report)
      .filter((finding) => options.all || isAtLeast(finding.severity, 'warning'))
      .map((finding) => rowOf(file, finding)),
  }));
  const parts = shown
    .filter(({ rows }) => rows.length > 0)
    .map(({ file, rows }) => `${heading(file, style)}\n${formatRows(rows, style)}\n`);
  return [...parts, ...(options.quiet === true ? [] : [summary(result, style, options)])].join('\n');
}

/** What fixing a problem saves, in words; empty where no figure is known. */
export function savingText(saving: SizeAnswer | undefined): string {
  if (saving?.kind !== 'known') {
    return '';
  }
  return `saves ${formatSize(saving)}${saving.measure === 'pull' ? ' to pull' : ''}`;
}

/** The message of a finding with what fixing it saves, for formats that have one text for both. */
export function messageWithSaving({ message, saving }: Problem): string {
  const text = savingText(saving);
  return text === '' ? message : `${message} (${text})`;
}

function rowOf(file: FileResult, finding: Problem): Row {
  const { line, character } = file.lines.positionAt(finding.span.start);
  return {
    at: `${line + 1}:${character + 1}`,
    severity: finding.severity,
    message: printable(finding.message),
    rule: finding.rule,
    saving: savingText(finding.saving),
  };
}

function heading(file: FileResult, { colors, width }: Style): string {
  const path = printable(file.path);
  const { done, of } = countDone(file.report.checklist);
  const size = file.sizeText;
  const parts = [
    ...(size === 'not known' ? [] : [size]),
    ...(of === 0 ? [] : [`checklist ${done} of ${of}`]),
  ];
  if (parts.length === 0) {
    return colors.underline(path);
  }
  const summary = parts.join(', ');
  const gap = Math.max(2, (width ?? 0) - path.length - summary.length);
  return colors.underline(path) + ' '.repeat(gap) + colors.dim(summary);
}

function formatRows(rows: readonly Row[], style: Style): string {
  const atWidth = Math.max(...rows.map((row) => row.at.length));
  const ruleWidth = Math.max(...rows.map((row) => row.rule.length));
  const savingWidth = Math.max(...rows.map((row) => row.saving.length));
  const severities = Math.min(severityWidth, Math.max(...rows.map((row) => row.severity.length)));
  const left = 2 + atWidth + 2 + severities + 2;
  const right = 2 + ruleWidth + (savingWidth > 0 ? 2 + savingWidth : 0);
  const { colors, width } = style;
  const beside = width === undefined || width - left - right >= narrowestMessage;
  const messageWidth = width === undefined ? undefined : width - left - (beside ? right : 0);
  const lines: string[] = [];
  for (const row of rows) {
    const [first = '', ...more] = wrap(row.message, messageWidth);
    const rule = colors.cyan(row.rule);
    const saving = colors.green(row.saving);
    const start = `  ${colors.dim(row.at.padStart(atWidth))}  ${paint(style, row.severity, severities)}  `;
    if (beside) {
      const padding = ' '.repeat(Math.max(0, (messageWidth ?? 0) - first.length));
      const tail =
        row.saving === ''
          ? ''
          : `${' '.repeat(width === undefined ? 0 : ruleWidth - row.rule.length)}  ${saving}`;
      lines.push(`${start}${first}${padding}  ${rule}${tail}`);
    } else {
      lines.push(start + first);
    }
    lines.push(...more.map((line) => ' '.repeat(left) + line));
    if (!beside) {
      const fits = row.saving === '' || (width ?? 0) >= left + row.rule.length + 2 + row.saving.length;
      const below = fits ? [`${rule}${row.saving === '' ? '' : `  ${saving}`}`] : [rule, saving];
      lines.push(...below.map((line) => ' '.repeat(left) + line));
    }
  }
  return lines.join('\n');
}

function paint({ colors }: Style, severity: Severity, width: number): string {
  const text = severity.padEnd(width);
  switch (severity) {
    case 'error':
      return colors.red(text);
    case 'warning':
      return colors.yellow(text);
    case 'information':
      return colors.blue(text);
    case 'hint':
      return colors.dim(text);
  }
}

function summary(result: CheckResult, { colors, width }: Style, options: { readonly all?: true }): string {
  const findings = result.files.flatMap((file) => findingsOf(file.report));
  const files = count(result.files.length, 'file');
  const inBaseline = result.files.reduce((sum, file) => sum + (file.known ?? 0), 0);
  const known = inBaseline > 0 ? [`${count(inBaseline, 'known finding')} of the baseline not shown.`] : [];
  if (findings.length === 0) {
    return `Nothing ${known.length > 0 ? 'new ' : ''}found in ${files}.\n${known.map((line) => `${line}\n`).join('')}`;
  }
  const counts = (['error', 'warning', 'information', 'hint'] as const)
    .map((severity) => ({ severity, n: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => (severity === 'information' ? `${n} information` : count(n, severity)));
  const hidden = findings.filter((finding) => !isAtLeast(finding.severity, 'warning')).length;
  const lines = [
    `${colors.bold(count(findings.length, 'finding'))} in ${files}: ${counts.join(', ')}.`,
    ...(hidden > 0 && !options.all ? [`${hidden} of lower severity not shown: ballast check --all`] : []),
    ...known,
    ...nextStep(findings),
  ];
  return `${lines.flatMap((line) => wrap(line, width)).join('\n')}\n`;
}

function nextStep(findings: readonly Problem[]): string[] {
  const fixable = (level: Applicability): number =>
    findings.filter((finding) => finding.fixes[0]?.applicability === level).length;
  const safe = fixable('safe');
  const review = fixable('review');
  const steps = [
    ...(safe > 0 ? [`${safe} can be fixed safely: ballast fix`] : []),
    ...(review > 0 ? [`${review} can be fixed after a review: ballast slim`] : []),
  ];
  return steps;
}
