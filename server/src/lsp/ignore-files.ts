import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type Hover,
  type Position,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { completeUsages, patternHover, proposePaths } from '../ide/ignore-file.ts';
import type { MeasuredNode, PatternMeasurement } from '../project/context.ts';
import { type Dockerignore, parseDockerignore } from '../project/dockerignore.ts';
import { findIgnoreProblems, type IgnoreFinding } from '../project/ignore-findings.ts';
import { formatBytes } from '../sizes/size.ts';
import { LineIndex } from '../text/lines.ts';
import type { ClientSupport } from './client-support.ts';
import { toOffset, toRange } from './convert.ts';
import { debounce } from './debounce.ts';
import { type DocumentReport, diagnosticSource } from './diagnostics.ts';
import type { BuildContextSettings, IgnoreContext, ServerHost } from './host.ts';
import type { Settings } from './settings.ts';

/** True for the address of a `.dockerignore`, `<name>.dockerignore` or one of Podman's `.containerignore`. */
export function isIgnoreFile(uri: string): boolean {
  return /[/.](?:docker|container)ignore$/.test(uri.replace(/[?#].*/s, ''));
}

/** One version of an ignore file with what is known of it. */
interface IgnoreSnapshot {
  readonly id: string;
  readonly version: number;
  readonly lines: LineIndex;
  readonly file: Dockerignore;
  readonly context: IgnoreContext | undefined;
  readonly measured: PatternMeasurement | undefined;
  /** What lies in the folder, as it was found last, for whatever patterns. */
  readonly found: MeasuredNode | undefined;
}

export interface IgnoreFilesOptions {
  readonly documents: { get(uri: string): TextDocument | undefined };
  readonly host: ServerHost;
  readonly settings: Settings;
  readonly support: ClientSupport;
  readonly workspaceFolders: () => readonly string[];
}

/** Pause in typing before the patterns are counted, in milliseconds. */
const pause = 300;
/** How long a hover waits for the counts; the next hover shows what came too late. */
const patience = 300;

/** Serves ignore files: what their patterns do comes from the measured build context, and never holds anything up. */
export class IgnoreFiles {
  private readonly options: IgnoreFilesOptions;
  private readonly contexts = new Map<string, IgnoreContext | undefined>();
  private readonly latest = new Map<string, IgnoreSnapshot>();
  private readonly measureSoon: () => void;
  private count = 0;

  constructor(options: IgnoreFilesOptions) {
    this.options = options;
    this.measureSoon = debounce(options.host, pause, () => this.measureAll());
  }

  /** The diagnostics of an ignore file; undefined when it is not open. */
  async report(uri: string): Promise<DocumentReport | undefined> {
    const { settings, support } = this.options;
    const { editor, buildContexts } = await settings.of(uri);
    const snapshot = this.snapshotOf(uri, buildContexts);
    if (snapshot === undefined) {
      return undefined;
    }
    const { id, version, file, measured, lines } = snapshot;
    const findings = editor.enable ? findIgnoreProblems(file, completeUsages(measured)) : [];
    return {
      id: `${id}${editor.enable}`,
      version,
      diagnostics: findings.map((finding) => toDiagnostic(finding, uri, lines, support)),
    };
  }

  /** What the pattern at a position does; counts that are not known yet are waited for, but not for long. */
  async hover(uri: string, position: Position): Promise<Hover | null> {
    const { host, settings, support } = this.options;
    const { editor, buildContexts } = await settings.of(uri);
    const snapshot = editor.enable ? this.snapshotOf(uri, buildContexts) : undefined;
    if (snapshot === undefined) {
      return null;
    }
    const { lines, file, context } = snapshot;
    const offset = toOffset(lines, position);
    if (context === undefined || patternHover(file, offset, undefined) === undefined) {
      return null;
    }
    if (snapshot.measured === undefined) {
      await Promise.race([
        context.measure(file),
        new Promise<void>((resolve) => host.startTimer(patience, resolve)),
      ]);
    }
    const found = patternHover(file, offset, context.peek(file));
    const kind = support.markdownHover ? 'markdown' : 'plaintext';
    return found === undefined
      ? null
      : { contents: { kind, value: found.text }, range: toRange(lines, found.span) };
  }

  /** Paths of the build context that may stand at a position. */
  async complete(uri: string, position: Position): Promise<CompletionItem[]> {
    const { editor, buildContexts } = await this.options.settings.of(uri);
    const snapshot = editor.enable ? this.snapshotOf(uri, buildContexts) : undefined;
    if (snapshot?.context === undefined) {
      return [];
    }
    const { lines, context, found } = snapshot;
    const { completionLabelDetails } = this.options.support;
    return proposePaths(lines.text, toOffset(lines, position), context.reader, found).map(
      ({ name, isFolder, bytes, text, span }, i) => {
        const size = bytes === undefined ? undefined : formatBytes(bytes);
        return {
          label: isFolder ? `${name}/` : name,
          kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
          ...(size === undefined
            ? {}
            : completionLabelDetails
              ? { labelDetails: { description: size } }
              : { detail: size }),
          filterText: text,
          sortText: String(i).padStart(4, '0'),
          textEdit: { range: toRange(lines, span), newText: text },
        };
      },
    );
  }

  /** Looks for the build contexts of all documents anew. */
  forget(): void {
    this.contexts.clear();
  }

  didClose(uri: string): void {
    this.latest.delete(uri);
    this.contexts.get(uri)?.close();
    this.contexts.delete(uri);
  }

  /** The document as it is now. Whatever is new in it has it measured soon. */
  private snapshotOf(uri: string, settings: BuildContextSettings): IgnoreSnapshot | undefined {
    const document = this.options.documents.get(uri);
    if (document === undefined) {
      return undefined;
    }
    const context = this.contextOf(uri, settings);
    const known = this.latest.get(uri);
    const file = known?.version === document.version ? known.file : parseDockerignore(document.getText());
    const measured = context?.peek(file);
    if (known?.file !== file || known.measured !== measured || known.context !== context) {
      const { version } = document;
      const lines = new LineIndex(file.text);
      const found = measured?.found ?? (known?.context === context ? known?.found : undefined);
      this.latest.set(uri, { id: String(++this.count), version, lines, file, context, measured, found });
      // Only news put it off: an editor that keeps asking about the same text would put it off for ever.
      this.measureSoon();
    }
    return this.latest.get(uri);
  }

  private contextOf(uri: string, settings: BuildContextSettings): IgnoreContext | undefined {
    if (!this.contexts.has(uri)) {
      const { host, workspaceFolders } = this.options;
      this.contexts.set(uri, host.openIgnoreContext?.(uri, workspaceFolders(), settings));
    }
    return this.contexts.get(uri);
  }

  private measureAll(): void {
    for (const { context, file } of this.latest.values()) {
      void context?.measure(file);
    }
  }
}

const severities: Readonly<Record<IgnoreFinding['kind'], DiagnosticSeverity>> = {
  invalid: DiagnosticSeverity.Error,
  undone: DiagnosticSeverity.Warning,
  redundant: DiagnosticSeverity.Hint,
  unused: DiagnosticSeverity.Hint,
};

function toDiagnostic(
  { kind, span, message, related }: IgnoreFinding,
  uri: string,
  lines: LineIndex,
  support: ClientSupport,
): Diagnostic {
  return {
    range: toRange(lines, span),
    severity: severities[kind],
    source: diagnosticSource,
    code: `pattern-${kind}`,
    message,
    // Editors fade what does nothing.
    ...(kind === 'invalid' ? {} : { tags: [DiagnosticTag.Unnecessary] }),
    ...(support.relatedInformation && related !== undefined
      ? {
          relatedInformation: [
            { location: { uri, range: toRange(lines, related.span) }, message: related.message },
          ],
        }
      : {}),
  };
}
