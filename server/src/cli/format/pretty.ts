import { countDone } from '../../engine/report.ts';
import type { Applicability } from '../../fixes/fix.ts';
import type { Problem, Severity } from '../../rules/rule.ts';
import { formatSize, type SizeAnswer } from '../../sizes/size.ts';
import { type FileResult, findingsOf, isAtLeast } from '../results.ts';
import { count, printable, type Style, wrap } from './layout.ts';
import type { Printer } from './printer.ts';

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
export function prettyPrinter(
  style: Style,
  options: { readonly all?: true; readonly quiet?: true },
): Printer {
  const totals = noTotals();
  let isFirst = true;
  const parted = (text: string): string => {
    const between = isFirst ? '' : '\n';
    isFirst = false;
    return between + text;
  };
  return {
    file(file) {
      const findings = findingsOf(file.report);
      addTo(totals, file, findings);
      const rows = findings
        .filter((finding) => options.all || isAtLeast(finding.severity, 'warning'))
        .map((finding) => rowOf(file, finding));
      return rows.length === 0 ? '' : parted(`${heading(file, style)}\n${formatRows(rows, style)}\n`);
    },
    end: () => (options.quiet === true ? '' : parted(summary(totals, style, options))),
  };
}

/** What the summary tells of all files. */
interface Totals {
  files: number;
  /** Findings that a baseline knows. */
  known: number;
  findings: number;
  readonly severities: Record<Severity, number>;
  /** Findings by what their first fix may be trusted with. */
  readonly fixable: Record<Applicability, number>;
}

function noTotals(): Totals {
  return {
    files: 0,
    known: 0,
    findings: 0,
    severities: { error: 0, warning: 0, information: 0, hint: 0 },
    fixable: { safe: 0, review: 0, manual: 0 },
  };
}

function addTo(totals: Totals, file: FileResult, findings: readonly Problem[]): void {
  totals.files++;
  totals.known += file.known ?? 0;
  totals.findings += findings.length;
  for (const { severity, fixes } of findings) {
    totals.severities[severity]++;
    const [first] = fixes;
    if (first !== undefined) {
      totals.fixable[first.applicability]++;
    }
  }
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

function summary(totals: Totals, { colors, width }: Style, options: { readonly all?: true }): string {
  const files = count(totals.files, 'file');
  const known =
    totals.known > 0 ? [`${count(totals.known, 'known finding')} of the baseline not shown.`] : [];
  if (totals.findings === 0) {
    return `Nothing ${known.length > 0 ? 'new ' : ''}found in ${files}.\n${known.map((line) => `${line}\n`).join('')}`;
  }
  const { severities } = totals;
  const counts = (['error', 'warning', 'information', 'hint'] as const)
    .map((severity) => ({ severity, n: severities[severity] }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => (severity === 'information' ? `${n} information` : count(n, severity)));
  const hidden = severities.information + severities.hint;
  const lines = [
    `${colors.bold(count(totals.findings, 'finding'))} in ${files}: ${counts.join(', ')}.`,
    ...(hidden > 0 && !options.all ? [`${hidden} of lower severity not shown: ballast check --all`] : []),
    ...known,
    ...nextStep(totals.fixable),
  ];
  return `${lines.flatMap((line) => wrap(line, width)).join('\n')}\n`;
}

function nextStep({ safe, review }: Totals['fixable']): string[] {
  return [
    ...(safe > 0 ? [`${safe} can be fixed safely: ballast fix`] : []),
    ...(review > 0 ? [`${review} can be fixed after a review: ballast slim`] : []),
  ];
}
