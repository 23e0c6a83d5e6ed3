import {
  type CancellationToken,
  type Connection,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type DocumentDiagnosticReport,
} from 'vscode-languageserver';
import { rulePageUrl } from '../ide/rule-page.ts';
import type { Problem } from '../rules/rule.ts';
import type { ClientSupport } from './client-support.ts';
import { toRange, toSeverity } from './convert.ts';
import type { ServerHost } from './host.ts';
import type { Run } from './runner.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

/** How diagnostics reach the editor: it asks for them, or they are sent to it. */
export interface Diagnostics {
  /** A document was opened or changed. */
  didChange(uri: string): void;
  didClose(uri: string): void;
  /** What was reported may no longer hold, for every document. */
  refresh(): void;
}

/** Everything the diagnostics of a document are made of. */
export interface DiagnosticsOptions {
  readonly connection: Connection;
  readonly support: ClientSupport;
  readonly snapshots: Snapshots;
  readonly host: ServerHost;
  readonly run: Run;
  readonly openDocuments: () => readonly string[];
  /** Whether syntax errors are Ballast's to report. */
  readonly showsSyntax: (snapshot: Snapshot) => boolean;
}

export const diagnosticSource = 'ballast';

/** Pause in typing before diagnostics are sent to an editor that does not ask for them. */
const pushDelay = 100;

export function createDiagnostics(options: DiagnosticsOptions): Diagnostics {
  return options.support.pullDiagnostics ? pulled(options) : pushed(options);
}

function pulled({ connection, support, snapshots, run, showsSyntax }: DiagnosticsOptions): Diagnostics {
  connection.languages.diagnostics.on(({ textDocument, previousResultId }, token) =>
    run<DocumentDiagnosticReport>('Diagnostics', token, { kind: 'full', items: [] }, async () => {
      const snapshot = await snapshots.of(textDocument.uri);
      if (snapshot === undefined) {
        return { kind: 'full', items: [] };
      }
      if (snapshot.id === previousResultId) {
        return { kind: 'unchanged', resultId: snapshot.id };
      }
      const items = toDiagnostics(snapshot, support, showsSyntax(snapshot));
      return { kind: 'full', resultId: snapshot.id, items };
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
  const { connection, support, snapshots, host, run, openDocuments, showsSyntax } = options;
  const waiting = new Map<string, () => void>();

  const cancel = (uri: string): void => {
    waiting.get(uri)?.();
    waiting.delete(uri);
  };
  const send = (uri: string): Promise<unknown> =>
    run('Diagnostics', never, undefined, async () => {
      const snapshot = await snapshots.of(uri);
      // When another change is waiting, this result is already out of date.
      if (snapshot !== undefined && !waiting.has(uri)) {
        const diagnostics = toDiagnostics(snapshot, support, showsSyntax(snapshot));
        await connection.sendDiagnostics({ uri, version: snapshot.version, diagnostics });
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

/** All diagnostics of a snapshot. */
export function toDiagnostics(snapshot: Snapshot, support: ClientSupport, withSyntax: boolean): Diagnostic[] {
  const { lines, report } = snapshot;
  const syntax = withSyntax ? report.syntax : [];
  return [
    ...syntax.map(({ message, span }) => ({
      range: toRange(lines, span),
      severity: DiagnosticSeverity.Error,
      source: diagnosticSource,
      code: 'syntax',
      message,
    })),
    ...report.problems.map((problem) => toDiagnostic(snapshot, problem, support)),
  ];
}

export function toDiagnostic({ uri, lines }: Snapshot, problem: Problem, support: ClientSupport): Diagnostic {
  const related: DiagnosticRelatedInformation[] = problem.related.map(({ span, message }) => ({
    location: { uri, range: toRange(lines, span) },
    message,
  }));
  const { saving } = problem;
  return {
    range: toRange(lines, problem.span),
    severity: toSeverity(problem.severity),
    source: diagnosticSource,
    code: problem.rule,
    ...(support.codeDescription ? { codeDescription: { href: rulePageUrl(problem.rule) } } : {}),
    message: problem.message,
    ...(support.relatedInformation && related.length > 0 ? { relatedInformation: related } : {}),
    data: { rule: problem.rule, ...(saving?.kind === 'known' ? { saving } : {}) },
  };
}
