import type { Report } from '../../engine/report.ts';
import { unfixedOf } from '../../engine/unfixed.ts';
import type { Fix } from '../../fixes/fix.ts';
import { rulePageUrl } from '../../ide/rule-page.ts';
import type { Problem } from '../../rules/rule.ts';
import type { LineIndex } from '../../text/lines.ts';
import type { Span } from '../../text/span.ts';
import { type CheckResult, type FileResult, findingsOf } from '../results.ts';
import type { JsonFinding, JsonFix, JsonReport, JsonSpan } from './json-schema.ts';
import type { Printer, Run } from './printer.ts';

/** Everything that was found, for programs; described by schema/report.schema.json. */
export function jsonPrinter({ version, rules }: Run): Printer {
  const frame: Omit<JsonReport, 'files' | 'failures'> = { ballast: version, format: 1 };
  const head = `${indented(frame).slice(0, -'\n}'.length)},\n  "files": [`;
  let count = 0;
  return {
    file: (file) => `${count++ === 0 ? head : ','}\n    ${indented(toFile(rules, file), '    ')}`,
    end(failures) {
      const list: JsonReport['failures'] = failures.map((failure) => ({ ...failure }));
      return `${count === 0 ? head : '\n  '}],\n  "failures": ${indented(list, '  ')}\n}\n`;
    },
  };
}

/** JSON on several lines; all but the first begin with the margin. */
function indented(value: unknown, margin = ''): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${margin}`);
}

function toFile(rules: Run['rules'], file: FileResult): JsonReport['files'][number] {
  return {
    path: file.path,
    context: file.root ?? null,
    size: { ...file.size },
    sizeAfter: file.sizeAfter === undefined ? null : { ...file.sizeAfter },
    ...toAnalysis(rules, file.lines, file.report),
  };
}

/** What is said of one Dockerfile. */
export function toAnalysis(
  rules: CheckResult['rules'],
  lines: LineIndex,
  report: Report,
): Pick<JsonReport['files'][number], 'findings' | 'suppressed' | 'checklist'> {
  return {
    findings: findingsOf(report).map((finding) => toFinding(rules, lines, finding)),
    suppressed: report.suppressed.map((finding) => toFinding(rules, lines, finding)),
    checklist: report.checklist.map((item) => ({
      id: item.id,
      title: item.title,
      state: item.state,
      evidence: item.evidence,
      span: item.span === undefined ? null : toSpan(lines, item.span),
      rules: [...item.rules],
    })),
  };
}

function toFinding(rules: CheckResult['rules'], lines: LineIndex, finding: Problem): JsonFinding {
  const meta = rules.get(finding.rule);
  return {
    rule: finding.rule,
    aliases: [...(finding.aliases ?? meta?.aliases ?? [])],
    category: meta?.category ?? 'correctness',
    url: meta === undefined ? null : rulePageUrl(meta.id),
    severity: finding.severity,
    message: finding.message,
    span: toSpan(lines, finding.span),
    related: finding.related.map((related) => ({
      message: related.message,
      span: toSpan(lines, related.span),
    })),
    saving: finding.saving === undefined ? null : { ...finding.saving },
    fixes: finding.fixes.map((fix) => toFix(lines, fix)),
    unfixed: toUnfixed(finding),
  };
}

function toUnfixed(finding: Problem): JsonFinding['unfixed'] {
  const unfixed = unfixedOf(finding);
  return unfixed === undefined
    ? null
    : { code: unfixed.code, reason: unfixed.reason, lifts: unfixed.lifts ?? null };
}

function toFix(lines: LineIndex, fix: Fix): JsonFix {
  return {
    title: fix.title,
    applicability: fix.applicability,
    edits: fix.edits.map((edit) => ({ span: toSpan(lines, edit.span), text: edit.text })),
    files: (fix.files ?? []).map((file) => ({
      path: file.path,
      before: file.before ?? null,
      after: file.after,
    })),
    assumptions: [...(fix.assumptions ?? [])],
  };
}

/** A span with offsets, lines and columns. */
export function toSpan(lines: LineIndex, span: Span): JsonSpan {
  const at = (offset: number): JsonSpan['start'] => {
    const { line, character } = lines.positionAt(offset);
    return { offset, line: line + 1, column: character + 1 };
  };
  return { start: at(span.start), end: at(span.end) };
}
