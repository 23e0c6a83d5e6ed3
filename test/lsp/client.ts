import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  CodeActionRequest,
  type CompletionItem,
  ConfigurationRequest,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  ExitNotification,
  type FullDocumentDiagnosticReport,
  type Hover,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  type Registration,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  UnregistrationRequest,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ServerHost } from '../../server/src/lsp/host.ts';
import { startServer } from '../../server/src/lsp/server.ts';

const entry = fileURLToPath(new URL('../../server/src/host/server.ts', import.meta.url));

/** What a modern editor says of itself; the parts under test are laid over it. */
export const modernEditor: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: {
      documentChanges: true,
      resourceOperations: ['create', 'rename', 'delete'],
      changeAnnotationSupport: {},
    },
  },
  textDocument: {
    diagnostic: { relatedInformation: true, codeDescriptionSupport: true },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    completion: { dynamicRegistration: true, completionItem: { snippetSupport: true } },
    signatureHelp: { dynamicRegistration: true },
    foldingRange: { dynamicRegistration: true },
    documentSymbol: { dynamicRegistration: true },
    definition: { dynamicRegistration: true },
    documentHighlight: { dynamicRegistration: true },
    documentLink: { dynamicRegistration: true },
    rename: { dynamicRegistration: true, prepareSupport: true },
  },
};

/** An editor that knows the protocol's first version and little else. */
export const oldEditor: ClientCapabilities = { textDocument: { publishDiagnostics: {} } };

export interface StartOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** What the editor answers when it is asked for the section `ballast`. */
  readonly settings?: unknown;
  readonly workspaceFolder?: string;
  /** Arguments for Node; the language server itself where there are none. */
  readonly command?: readonly string[];
  /** Runs the server in this process, on a machine made for the test. */
  readonly host?: ServerHost;
}

/** A language server, mostly in a process of its own, with an editor's side of the protocol. */
export class TestClient {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess | undefined;
  readonly log: string[] = [];
  readonly registrations = new Map<string, Registration>();
  readonly published: PublishDiagnosticsParams[] = [];
  settings: unknown;
  initializeResult: InitializeResult | undefined;
  refreshes = 0;
  private readonly documents = new Map<string, TextDocument>();
  private readonly waiting = new Set<() => void>();
  readonly exitCode: Promise<number | null>;

  private constructor(options: StartOptions) {
    this.settings = options.settings;
    if (options.host === undefined) {
      const command = options.command ?? ['--import', 'tsx', entry, '--stdio'];
      const server = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
      this.process = server;
      this.exitCode = new Promise((resolve) => server.once('exit', resolve));
      this.connection = createProtocolConnection(
        new StreamMessageReader(server.stdout),
        new StreamMessageWriter(server.stdin),
      );
    } else {
      const [toServer, toClient] = [new PassThrough(), new PassThrough()];
      startServer(
        createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)),
        options.host,
      );
      this.connection = createProtocolConnection(
        new StreamMessageReader(toClient),
        new StreamMessageWriter(toServer),
      );
      this.exitCode = new Promise(() => {});
    }
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => this.settings));
    this.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      for (const registration of registrations) {
        this.registrations.set(registration.id, registration);
      }
      this.notice();
    });
    this.connection.onRequest(UnregistrationRequest.type, ({ unregisterations }) => {
      for (const { id } of unregisterations) {
        this.registrations.delete(id);
      }
      this.notice();
    });
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      this.notice();
    });
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => {
      this.log.push(message);
      this.notice();
    });
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.published.push(params);
      this.notice();
    });
    this.connection.listen();
  }

  static async start(options: StartOptions = {}): Promise<TestClient> {
    const client = new TestClient(options);
    const crashed = client.exitCode.then((code) => {
      throw new Error(`the server ended with ${code}`);
    });
    return Promise.race([client.initialize(options), crashed]);
  }

  private async initialize(options: StartOptions): Promise<TestClient> {
    const folder = options.workspaceFolder;
    this.initializeResult = await this.connection.sendRequest(InitializeRequest.type, {
      // A server in this process would watch it for ever, and keep it from ending.
      processId: options.host === undefined ? process.pid : null,
      rootUri: null,
      capabilities: options.capabilities ?? modernEditor,
      workspaceFolders: folder === undefined ? null : [{ uri: pathToFileURL(folder).href, name: 'folder' }],
      initializationOptions: options.initializationOptions,
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    await this.until(() => this.log.some((line) => line.includes('is ready')));
    return this;
  }

  /** Leaves as the protocol has it; the answer is the exit code of the process. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    if (this.process === undefined) {
      // To leave would end this process.
      this.connection.dispose();
      return null;
    }
    await this.connection.sendNotification(ExitNotification.type);
    return this.exitCode;
  }

  /** Waits until something that the server sends makes the condition true. The test runner's limit ends it. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  hasRegistered(method: string): boolean {
    return [...this.registrations.values()].some((registration) => registration.method === method);
  }

  async open(uri: string, text: string): Promise<void> {
    this.documents.set(uri, TextDocument.create(uri, 'dockerfile', 1, text));
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'dockerfile', version: 1, text },
    });
  }

  /** Replaces a range, or the whole text where none is given. */
  async change(uri: string, text: string, range?: Range): Promise<void> {
    const document = this.document(uri);
    const version = document.version + 1;
    const change = range === undefined ? { text } : { range, text };
    this.documents.set(uri, TextDocument.update(document, [change], version));
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [change],
    });
  }

  async close(uri: string): Promise<void> {
    this.documents.delete(uri);
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  document(uri: string): TextDocument {
    const document = this.documents.get(uri);
    if (document === undefined) {
      throw new Error(`${uri} is not open`);
    }
    return document;
  }

  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  }

  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    return full(await this.pull(uri)).items;
  }

  hover(uri: string, position: Position): Promise<Hover | null> {
    return this.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
  }

  async codeActions(
    uri: string,
    range: Range,
    context: Partial<CodeActionContext> = {},
  ): Promise<CodeAction[]> {
    const answer = await this.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...context },
    });
    return (answer ?? []) as CodeAction[];
  }

  /** The text of an open document after an edit, which must have been made for its version. */
  applied(uri: string, edit: WorkspaceEdit | undefined): string {
    const document = this.document(uri);
    const edits: TextEdit[] = [...(edit?.changes?.[uri] ?? [])];
    for (const change of edit?.documentChanges ?? []) {
      if ('textDocument' in change && change.textDocument.uri === uri) {
        if (change.textDocument.version !== document.version) {
          throw new Error(`edit for version ${change.textDocument.version}, not ${document.version}`);
        }
        edits.push(...(change.edits as TextEdit[]));
      }
    }
    return TextDocument.applyEdits(document, edits);
  }

  private notice(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) {
      resolve();
    }
  }
}

export function full(report: DocumentDiagnosticReport): FullDocumentDiagnosticReport {
  if (report.kind !== 'full') {
    throw new Error('the diagnostics are unchanged');
  }
  return report;
}

/** A folder with the given files, removed when the test process ends. */
export function temporaryFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-lsp-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The range from the first character of the text's first `from` to the last of its first `to` behind it. */
export function rangeOf(text: string, from: string, to = from): Range {
  const document = TextDocument.create('', '', 0, text);
  const start = text.indexOf(from);
  const end = text.indexOf(to, start) + to.length;
  if (start < 0 || end < start + 1) {
    throw new Error(`${from} is not in the text`);
  }
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** The text after a completion was taken; a bar marks where it was asked for. */
export function afterCompletion(text: string, item: CompletionItem | undefined): string {
  assert.ok(item?.textEdit && 'range' in item.textEdit);
  const { start, end } = item.textEdit.range;
  const lines = text.replace('|', '').split('\n');
  const line = lines[start.line] ?? '';
  lines[start.line] = line.slice(0, start.character) + item.textEdit.newText + line.slice(end.character);
  return lines.join('\n');
}
