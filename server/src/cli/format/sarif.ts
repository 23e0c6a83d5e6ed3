import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Artifact, Log, Region, ReportingDescriptor, Result } from 'sarif';
import { unfixedOf } from '../../engine/unfixed.ts';
import type { Fix } from '../../fixes/fix.ts';
import { rulePageUrl } from '../../ide/rule-page.ts';
import type { Problem, RuleMeta, Severity } from '../../rules/rule.ts';
import { LineIndex } from '../../text/lines.ts';
import type { Span } from '../../text/span.ts';
import { type CheckResult, type FileResult, findingsOf, standardInputName, syntaxId } from '../results.ts';
import { savingText } from './pretty.ts';

const schemaUrl = 'https://json.schemastore.org/sarif-2.1.0.json';

/** SARIF 2.1.0, for code scanning services and editors that show its results. */
export function formatSarif(result: CheckResult): string {
  return `${JSON.stringify(toSarif(result), null, 2)}\n`;
}

export function toSarif(result: CheckResult): Log {
  const rules = [...result.rules.values()].map(descriptorOf);
  rules.push({
    id: syntaxId,
    shortDescription: { text: 'Text that BuildKit refuses.' },
    defaultConfiguration: { level: 'error' },
  });
  const ruleIndex = new Map(rules.map((rule, index) => [rule.id, index]));
  const results = result.files.flatMap((file) => [
    ...findingsOf(file.report).map((finding) => resultOf(file, finding, ruleIndex)),
    ...file.report.suppressed.map((finding) => ({
      ...resultOf(file, finding, ruleIndex),
      suppressions: [{ kind: 'inSource' as const }],
    })),
  ]);
  return {
    $schema: schemaUrl,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Ballast', semanticVersion: result.version, rules } },
        columnKind: 'utf16CodeUnits',
        artifacts: result.files.map((file): Artifact => ({ location: { uri: uriOf(file.path) } })),
        invocations: [
          {
            executionSuccessful: result.failures.length === 0,
            toolExecutionNotifications: result.failures.map((failure) => ({
              level: 'error',
              message: { text: `${failure.path}: ${failure.message}` },
            })),
          },
        ],
        results,
      },
    ],
  };
}

function descriptorOf(meta: RuleMeta): ReportingDescriptor {
  return {
    id: meta.id,
    shortDescription: { text: meta.summary },
    fullDescription: { text: meta.docs.what },
    help: {
      text: `${meta.docs.what}\n\n${meta.docs.why}`,
      markdown: `${meta.docs.what}\n\n${meta.docs.why}`,
    },
    helpUri: rulePageUrl(meta.id),
    defaultConfiguration: { level: levelOf(meta.severity), enabled: meta.enabled },
    properties: { tags: [meta.category], aliases: [...meta.aliases] },
  };
}

function resultOf(file: FileResult, finding: Problem, ruleIndex: ReadonlyMap<string, number>): Result {
  const uri = uriOf(file.path);
  const saving = savingText(finding.saving);
  const index = ruleIndex.get(finding.rule);
  const fixes = finding.fixes.map((fix) => fixOf(file, fix)).filter((fix) => fix !== undefined);
  return {
    ruleId: finding.rule,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: levelOf(finding.severity),
    message: { text: saving === '' ? finding.message : `${finding.message} (${saving})` },
    locations: [
      { physicalLocation: { artifactLocation: { uri }, region: regionOf(file.lines, finding.span) } },
    ],
    ...(finding.related.length === 0
      ? {}
      : {
          relatedLocations: finding.related.map((related, id) => ({
            id,
            message: { text: related.message },
            physicalLocation: { artifactLocation: { uri }, region: regionOf(file.lines, related.span) },
          })),
        }),
    ...(fixes.length === 0 ? {} : { fixes }),
    ...propertiesOf(finding),
  };
}

function propertiesOf(finding: Problem): Pick<Result, 'properties'> {
  const { saving } = finding;
  const unfixed = unfixedOf(finding);
  return saving === undefined && unfixed === undefined
    ? {}
    : {
        properties: {
          ...(saving === undefined ? {} : { saving }),
          ...(unfixed === undefined ? {} : { unfixed }),
        },
      };
}

type SarifFix = NonNullable<Result['fixes']>[number];

/** Undefined for a fix that changes files whose place is not known. */
function fixOf(file: FileResult, fix: Fix): SarifFix | undefined {
  const changes: SarifFix['artifactChanges'] = [];
  if (fix.edits.length > 0) {
    changes.push({
      artifactLocation: { uri: uriOf(file.path) },
      replacements: fix.edits.map((edit) => ({
        deletedRegion: regionOf(file.lines, edit.span),
        insertedContent: { text: edit.text },
      })),
    });
  }
  for (const change of fix.files ?? []) {
    if (file.root === undefined) {
      return undefined;
    }
    const before = change.before ?? '';
    changes.push({
      artifactLocation: { uri: uriOf(file.root === '' ? change.path : `${file.root}/${change.path}`) },
      replacements: [
        {
          deletedRegion: regionOf(new LineIndex(before), { start: 0, end: before.length }),
          insertedContent: { text: change.after },
        },
      ],
    });
  }
  return changes.length === 0
    ? undefined
    : {
        description: { text: fix.title },
        artifactChanges: changes,
      };
}

function regionOf(lines: LineIndex, span: Span): Region {
  const start = lines.positionAt(span.start);
  const end = lines.positionAt(span.end);
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    charOffset: span.start,
    charLength: span.end - span.start,
  };
}

function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  return severity === 'error' || severity === 'warning' ? severity : 'note';
}

function uriOf(path: string): string {
  if (path === standardInputName) {
    return 'stdin';
  }
  return isAbsolute(path) ? pathToFileURL(path).href : path.split('/').map(encodeURIComponent).join('/');
}
