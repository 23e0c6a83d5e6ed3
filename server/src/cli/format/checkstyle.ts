import { type CheckResult, findingsOf } from '../results.ts';
import { messageWithSaving } from './pretty.ts';
import { escapeXml } from './xml.ts';

/** Checkstyle's XML, which most servers of continuous integration read. */
export function formatCheckstyle(result: CheckResult): string {
  const files = result.files.map((file) => {
    const errors = findingsOf(file.report).map((finding) => {
      const { line, character } = file.lines.positionAt(finding.span.start);
      const message = messageWithSaving(finding);
      const severity =
        finding.severity === 'error' || finding.severity === 'warning' ? finding.severity : 'info';
      return `    <error line="${line + 1}" column="${character + 1}" severity="${severity}" message="${escapeXml(message)}" source="ballast.${finding.rule}"/>\n`;
    });
    return `  <file name="${escapeXml(file.path)}">\n${errors.join('')}  </file>\n`;
  });
  const failures = result.failures.map(
    ({ path, message }) =>
      `  <file name="${escapeXml(path)}">\n    <error line="1" severity="error" message="${escapeXml(message)}" source="ballast"/>\n  </file>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${[...files, ...failures].join('')}</checkstyle>\n`;
}
