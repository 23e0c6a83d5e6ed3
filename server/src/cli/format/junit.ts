import { type CheckResult, type FileResult, findingsOf, isAtLeast } from '../results.ts';
import { messageWithSaving } from './pretty.ts';
import { escapeXml } from './xml.ts';

/**
 * JUnit's XML: a suite for each Dockerfile, a test case for each finding that failed, or one that passed. Findings below a
 * warning do not fail.
 */
export function formatJunit(result: CheckResult): string {
  const suites = result.files.map(suiteOf);
  const broken = result.failures.map(({ path, message }) => ({
    failed: 1,
    cases: 1,
    text: `  <testsuite name="${escapeXml(path)}" tests="1" failures="0" errors="1">\n    <testcase name="read" classname="${escapeXml(path)}">\n      <error message="${escapeXml(message)}"/>\n    </testcase>\n  </testsuite>\n`,
  }));
  const all = [...suites, ...broken];
  const sum = (of: 'failed' | 'cases'): number => all.reduce((total, suite) => total + suite[of], 0);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ballast" tests="${sum('cases')}" failures="${sum('failed') - broken.length}" errors="${broken.length}">\n${all.map((suite) => suite.text).join('')}</testsuites>\n`;
}

function suiteOf(file: FileResult): { failed: number; cases: number; text: string } {
  const findings = findingsOf(file.report).filter((finding) => isAtLeast(finding.severity, 'warning'));
  const name = escapeXml(file.path);
  const cases = findings.map((finding) => {
    const { line, character } = file.lines.positionAt(finding.span.start);
    const message = messageWithSaving(finding);
    return `    <testcase name="${finding.rule}, line ${line + 1}" classname="${name}">\n      <failure type="${finding.severity}" message="${escapeXml(message)}">${name}:${line + 1}:${character + 1}</failure>\n    </testcase>\n`;
  });
  const passed = `    <testcase name="no findings" classname="${name}"/>\n`;
  const count = Math.max(1, cases.length);
  return {
    failed: cases.length,
    cases: count,
    text: `  <testsuite name="${name}" tests="${count}" failures="${cases.length}" errors="0">\n${cases.length === 0 ? passed : cases.join('')}  </testsuite>\n`,
  };
}
