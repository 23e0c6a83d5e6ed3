import { rulePageUrl } from '../../ide/rule-page.ts';
import { ruleById } from '../../rules/index.ts';
import type { Problem } from '../../rules/rule.ts';
import { type CheckResult, type FileResult, findingsOf, isAtLeast } from '../results.ts';
import { count } from './layout.ts';
import { savingText } from './pretty.ts';

/** Rows of a Dockerfile that are shown; what is over is counted. Comments and summaries have a limit. */
const mostRows = 20;

/** Markdown as GitHub and GitLab show it in summaries and comments: a table for each Dockerfile with findings. */
export function formatMarkdown(result: CheckResult): string {
  const withFindings = result.files.filter((file) => shownOf(file).length > 0);
  const total = withFindings.reduce((sum, file) => sum + shownOf(file).length, 0);
  const head =
    total === 0
      ? `No findings in ${count(result.files.length, 'Dockerfile')}.`
      : `${count(total, 'finding')} in ${withFindings.length} of ${count(result.files.length, 'Dockerfile')}.`;
  const failures = result.failures.map(
    ({ path, message }) => `- ${markdownCell(path)}: ${markdownCell(message)}\n`,
  );
  return `## Ballast\n\n${head}\n${withFindings.map(tableOf).join('')}${failures.length === 0 ? '' : `\nCould not be checked:\n\n${failures.join('')}`}`;
}

/** Hints are for the editor. */
function shownOf(file: FileResult): Problem[] {
  return findingsOf(file.report).filter((finding) => isAtLeast(finding.severity, 'information'));
}

function tableOf(file: FileResult): string {
  const findings = shownOf(file);
  const size = file.sizeText;
  const rows = findings.slice(0, mostRows).map((finding) => {
    const { line } = file.lines.positionAt(finding.span.start);
    const rule =
      ruleById(finding.rule) === undefined ? finding.rule : `[${finding.rule}](${rulePageUrl(finding.rule)})`;
    return `| ${line + 1} | ${finding.severity} | ${markdownCell(finding.message)} | ${savingText(finding.saving)} | ${rule} |\n`;
  });
  const more = findings.length - rows.length;
  return `\n### ${markdownCell(file.path)}${size === 'not known' ? '' : ` (${size})`}\n\n| line | severity | finding | | rule |\n|---|---|---|---|---|\n${rows.join('')}${more > 0 ? `\n${more} more.\n` : ''}`;
}

/** Text in a cell: nothing of it may end the cell, start a tag or mention anybody. Code stays code. */
export function markdownCell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .split('`')
    .map((part, i) =>
      i % 2 === 1
        ? `\`${part.replaceAll('|', '\\|')}\``
        : part.replace(/[\\<>*_[\]|~#]/g, (c) => `\\${c}`).replace(/@(?=\w)/g, '@\u200b'),
    )
    .join('');
}
