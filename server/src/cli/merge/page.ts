import { escapeHtml } from '../../ide/weight/html.ts';
import { formatBytes, formatEstimate } from '../../sizes/size.ts';
import { count } from '../format/layout.ts';
import type { NamedImage, RuleCount, Totals } from './totals.ts';

/** One page that needs nothing beside it: no script, no font, no picture from elsewhere. */
export function formatPage(totals: Totals, version: string, today: string): string {
  const { reports, dockerfiles, findings, severities } = totals;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ballast: ${count(dockerfiles, 'Dockerfile')}</title>
<style>${styles}</style>
</head>
<body>
<h1>Ballast</h1>
<p>${count(dockerfiles, 'Dockerfile')} in ${count(reports, 'report')}, ${count(findings, 'finding')}: ${severities.error} errors, ${severities.warning} warnings, ${severities.information} of information, ${severities.hint} hints.</p>
<p>${sizesLine(totals)}</p>
${section('Slimming saves most here', imagesTable(totals.savesMost))}
${section('Heaviest images', imagesTable(totals.heaviest))}
${section('Rules by frequency', rulesTable(totals.rules))}
${section('What is missing', failuresList(totals))}
<footer>Made by Ballast ${escapeHtml(version)} on ${escapeHtml(today)}. Sizes are estimated without a build, on disk; what nobody knows before one is left out. Savings compare the lower ends.</footer>
</body>
</html>
`;
}

function sizesLine({ bytes, sized, saved, slimmed, dockerfiles }: Totals): string {
  const all = `At least ${formatBytes(bytes)} in ${sized} of ${count(dockerfiles, 'image')} (the others have no known size).`;
  return slimmed === 0
    ? `${all} What slimming saves was not asked for (<code>check --format json --slimmed</code>).`
    : `${all} <strong>Slimming saves ≈ ${formatBytes(saved)}</strong> in the ${slimmed} of which both sizes are known.`;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `<h2>${title}</h2>\n${body}`;
}

function imagesTable(images: readonly NamedImage[]): string {
  const rows = images.map(
    ({ report, path, size, sizeAfter, saved, findings }) =>
      `<tr><td>${escapeHtml(report)}</td><td>${escapeHtml(path)}</td><td class="n">${formatEstimate(size)}</td><td class="n">${sizeAfter === null ? '' : formatEstimate(sizeAfter)}</td><td class="n">${saved === 0 ? '' : formatBytes(saved)}</td><td class="n">${findings}</td></tr>`,
  );
  return rows.length === 0
    ? ''
    : `<table>\n<tr><th>Report</th><th>Dockerfile</th><th>Size</th><th>Slimmed</th><th>Saves ≈</th><th>Findings</th></tr>\n${rows.join('\n')}\n</table>`;
}

function rulesTable(rules: readonly RuleCount[]): string {
  const rows = rules.map(
    ({ rule, findings, dockerfiles }) =>
      `<tr><td><code>${escapeHtml(rule)}</code></td><td class="n">${findings}</td><td class="n">${dockerfiles}</td></tr>`,
  );
  return rows.length === 0
    ? ''
    : `<table>\n<tr><th>Rule</th><th>Findings</th><th>Dockerfiles</th></tr>\n${rows.join('\n')}\n</table>`;
}

function failuresList({ failures }: Totals): string {
  const items = failures.map(
    ({ report, message }) => `<li>${escapeHtml(report)}: ${escapeHtml(message)}</li>`,
  );
  return items.length === 0 ? '' : `<ul>\n${items.join('\n')}\n</ul>`;
}

const styles = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
.n { text-align: right; white-space: nowrap; }
footer { margin-top: 2rem; opacity: .7; }
`;
