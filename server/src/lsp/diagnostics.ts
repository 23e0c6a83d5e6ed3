import {
  type CancellationToken,
  type Connection,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type DocumentDiagnosticReport,
} from 'vscode-languageserver';
import { shellCheckId } from '../engine/shell-checks.ts';
import { AnalysisEnded } from '../engine/watch.ts';
import { plainWords } from '../ide/actions.ts';
import { rulePageUrl } from '../ide/rule-page.ts';
import type { Problem } from '../rules/rule.ts';
import { span } from '../text/span.ts';
import type { ClientSupport } from './client-support.ts';
import { toRange, toSeverity } from './convert.ts';
import type { ServerHost } from './host.ts';
import type { Run } from './runner.ts';
import type { Snapshot } from './snapshots.ts';

/** How diagnostics reach the editor: it asks for them, or they are sent to it. */
export interface Diagnostics {
  /** A document was opened or changed. */
  didChange(uri: string): void;
  didClose(uri: string): void;
  /** What was reported may no longer hold, for every document. */
  refresh(): void;
}

/** All diagnostics of one version of a document. */
export interface DocumentReport {
  /** Differs for every report that was ever made: it tells the editor whether diagnostics have changed. */
  readonly id: string;
  readonly version: number;
  readonly diagnostics: Diagnostic[];
}

/** Everything the diagnostics of a document are made of. */
export interface DiagnosticsOptions {
  readonly connection: Connection;
  readonly support: ClientSupport;
  readonly host: ServerHost;
  readonly run: Run;
  readonly openDocuments: () => readonly string[];
  /** The diagnostics of a document as it is now; undefined when it is not open. */
  readonly report: (uri: string) => Promise<DocumentReport | undefined>;
}

export const diagnosticSource = 'ballast';

/** Pause in typing before diagnostics are sent to an editor that does not ask for them. */
const pushDelay = 100;

export function createDiagnostics(options: DiagnosticsOptions): Diagnostics {
  return options.support.pullDiagnostics ? pulled(options) : pushed(options);
}

function pulled({ connection, support, run, report }: DiagnosticsOptions): Diagnostics {
  connection.languages.diagnostics.on(({ textDocument, previousResultId }, token) =>
    run<DocumentDiagnosticReport>('Diagnostics', token, { kind: 'full', items: [] }, async () => {
      const found = await report(textDocument.uri);
      if (found === undefined) {
        return { kind: 'full', items: [] };
      }
      return found.id === previousResultId
        ? { kind: 'unchanged', resultId: found.id }
        : { kind: 'full', resultId: found.id, items: found.diagnostics };
    }),
  );
  return {
    didChange: () => {},
    didClose: () => {},
    refresh() {
      if (support.refreshDiagnostics) {
        // An editor that is shutting down answers with an error, which is of no interest.
        connection.languages.diagnostics.refresh().catch(() => {});
      }
    },
  };
}

function pushed(options: DiagnosticsOptions): Diagnostics {
  const { connection, host, run, openDocuments, report } = options;
  const waiting = new Map<string, () => void>();

  const cancel = (uri: string): void => {
    waiting.get(uri)?.();
    waiting.delete(uri);
  };
  const send = (uri: string): Promise<unknown> =>
    run('Diagnostics', never, undefined, async () => {
      const found = await report(uri);
      // When another change is waiting, this result is already out of date.
      if (found !== undefined && !waiting.has(uri)) {
        const { version, diagnostics } = found;
        await connection.sendDiagnostics({ uri, version, diagnostics });
      }
    });
  const schedule = (uri: string): void => {
    cancel(uri);
    waiting.set(
      uri,
      host.startTimer(pushDelay, () => {
        waiting.delete(uri);
        void send(uri);
      }),
    );
  };
  return {
    didChange: schedule,
    didClose(uri) {
      cancel(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    refresh() {
      openDocuments().forEach(schedule);
    },
  };
}

const never: CancellationToken = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => {} }),
};

/** All diagnostics of a snapshot; syntax errors only where they are Ballast's to report. */
export function toReport(snapshot: Snapshot, support: ClientSupport, withSyntax: boolean): DocumentReport {
  const { id, version, lines, report } = snapshot;
  const syntax = withSyntax ? report.syntax : [];
  const diagnostics = [
    ...syntax.map(({ message, span: at }) => ({
      range: toRange(lines, at),
      severity: DiagnosticSeverity.Error,
      source: diagnosticSource,
      code: 'syntax',
      message,
    })),
    ...report.failures
      .filter(({ error }) => error instanceof AnalysisEnded)
      .map(({ rule, error }) => ({
        range: toRange(lines, span(0, 0)),
        severity: DiagnosticSeverity.Information,
        source: diagnosticSource,
        code: 'ended',
        message: `Ballast has not found everything in this file: ${(error as Error).message}, in ${rule}.`,
      })),
    ...report.problems.map((problem) => toDiagnostic(snapshot, problem, support)),
  ];
  return { id, version, diagnostics };
}

/** The message, with what would bring the fix that a conversion refuses. */
function messageOf({ message, unfixed }: Problem): string {
  // The list of problems shows backticks as they are.
  return plainWords(unfixed?.lifts === undefined ? message : `${message} ${unfixed.lifts}`);
}

/** Where more stands about a problem: ShellCheck has a page of its own for each code. */
function pageOf({ rule, aliases = [] }: Problem): string {
  return rule === shellCheckId ? `https://www.shellcheck.net/wiki/${aliases[0] ?? ''}` : rulePageUrl(rule);
}

export function toDiagnostic({ uri, lines }: Snapshot, problem: Problem, support: ClientSupport): Diagnostic {
  const related: DiagnosticRelatedInformation[] = problem.related.map(({ span, message }) => ({
    location: { uri, range: toRange(lines, span) },
    message: plainWords(message),
  }));
  const { saving } = problem;
  return {
    range: toRange(lines, problem.span),
    severity: toSeverity(problem.severity),
    source: diagnosticSource,
    code: problem.rule,
    ...(support.codeDescription ? { codeDescription: { href: pageOf(problem) } } : {}),
    message: messageOf(problem),
    ...(support.relatedInformation && related.length > 0 ? { relatedInformation: related } : {}),
    data: { rule: problem.rule, ...(saving?.kind === 'known' ? { saving } : {}) },
  };
}
