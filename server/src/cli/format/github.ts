import type { Severity } from '../../rules/rule.ts';
import { findingsOf, standardInputName } from '../results.ts';
import { messageWithSaving } from './pretty.ts';
import type { Printer } from './printer.ts';

/** Workflow commands of GitHub Actions: one annotation per finding, shown beside the line in a pull request. */
export const githubPrinter: Printer = {
  file(file) {
    let text = '';
    for (const finding of findingsOf(file.report)) {
      const start = file.lines.positionAt(finding.span.start);
      const end = file.lines.positionAt(finding.span.end);
      const properties = {
        ...(file.path === standardInputName ? {} : { file: file.path }),
        line: start.line + 1,
        endLine: end.line + 1,
        // GitHub refuses columns for an annotation of several lines.
        ...(start.line === end.line ? { col: start.character + 1, endColumn: end.character + 1 } : {}),
        title: finding.rule,
      };
      text += command(levelOf(finding.severity), properties, messageWithSaving(finding));
    }
    return text;
  },
  end: (failures) =>
    failures.map(({ path, message }) => command('error', { file: path }, `${path}: ${message}`)).join(''),
};

function command(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}\n`;
}

function levelOf(severity: Severity): string {
  return severity === 'error' || severity === 'warning' ? severity : 'notice';
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
