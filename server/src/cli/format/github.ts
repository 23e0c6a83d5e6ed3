import type { Severity } from '../../rules/rule.ts';
import { type CheckResult, findingsOf, standardInputName } from '../results.ts';
import { messageWithSaving } from './pretty.ts';

/** Workflow commands of GitHub Actions: one annotation per finding, shown beside the line in a pull request. */
export function formatGithub(result: CheckResult): string {
  let text = '';
  for (const file of result.files) {
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
      const message = messageWithSaving(finding);
      text += command(levelOf(finding.severity), properties, message);
    }
  }
  for (const failure of result.failures) {
    text += command('error', { file: failure.path }, `${failure.path}: ${failure.message}`);
  }
  return text;
}

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
