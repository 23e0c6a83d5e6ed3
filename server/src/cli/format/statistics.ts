import { savedBytes } from '../../engine/report.ts';
import { formatBytes } from '../../sizes/size.ts';
import { type CheckResult, findingsOf } from '../results.ts';
import { count, type Style } from './layout.ts';
import { columns } from './table.ts';

/** How often each rule finds something, in how many files, and what fixing that saves for certain; the most frequent first. */
export function formatStatistics({ files }: CheckResult, style: Style): string {
  const rules = new Map<string, { findings: number; files: Set<string>; saved: number }>();
  for (const { path, report } of files) {
    for (const finding of findingsOf(report)) {
      const one = rules.get(finding.rule) ?? { findings: 0, files: new Set(), saved: 0 };
      one.findings++;
      one.files.add(path);
      one.saved += savedBytes(finding);
      rules.set(finding.rule, one);
    }
  }
  if (rules.size === 0) {
    return `Nothing found in ${count(files.length, 'file')}.\n`;
  }
  const rows = [...rules]
    .sort(([a, { findings: many }], [b, { findings: more }]) => more - many || (a < b ? -1 : 1))
    .map(([rule, one]) => [
      rule,
      String(one.findings),
      String(one.files.size),
      one.saved > 0 ? formatBytes(one.saved) : '',
    ]);
  return columns(['rule', 'findings', 'files', 'saves'], rows, style)
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
