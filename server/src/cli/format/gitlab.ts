import type { Severity } from '../../rules/rule.ts';
import { type CheckResult, findingsOf } from '../results.ts';
import { fingerprints } from './fingerprint.ts';
import { messageWithSaving } from './pretty.ts';

/** What GitLab calls a severity (code quality report, read 2026-11). */
const severities: Readonly<Record<Severity, string>> = {
  error: 'critical',
  warning: 'major',
  information: 'minor',
  hint: 'info',
};

/** A code quality report as GitLab reads it: a JSON array with one entry for each finding. */
export function formatGitlab(result: CheckResult): string {
  const entries = result.files.flatMap((file) => {
    const findings = findingsOf(file.report);
    const prints = fingerprints(file, findings);
    return findings.map((finding, i) => {
      return {
        description: messageWithSaving(finding),
        check_name: finding.rule,
        fingerprint: prints[i],
        severity: severities[finding.severity],
        location: { path: file.path, lines: { begin: file.lines.positionAt(finding.span.start).line + 1 } },
      };
    });
  });
  return `${JSON.stringify(entries, null, 2)}\n`;
}
