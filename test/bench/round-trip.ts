import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  ConfigurationRequest,
  createProtocolConnection,
  DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
} from 'vscode-languageserver-protocol/node';
import type { LanguageServer } from './peers.ts';
import { type Usage, usageOf } from './usage.ts';

/** Times in milliseconds. */
export interface RoundTrips {
  /** From the start of the process to its answer to `initialize`. */
  readonly initialize: number;
  /** From the start of the process to the diagnostics of the document it opens. */
  readonly firstDiagnostics: number;
  /** From each change to its diagnostics. */
  readonly changes: readonly number[];
  /** From opening the document until the server says that it has new diagnostics; undefined where it never did. */
  readonly refreshed?: number;
  /** The changes before that. */
  readonly beforeRefresh: readonly number[];
  readonly mode: 'pull' | 'push';
  /** CPU time of the server for one change, over the later half of them; undefined where the system does not tell. */
  readonly cpu: number | undefined;
  /** The most memory that the server held, in bytes. */
  readonly peak: number | undefined;
}

/** Where letters are typed, and how. */
export interface Typing {
  readonly text: string;
  /** Letters that are typed. */
  readonly count: number;
  /** What they are typed into; a comment unless told. */
  readonly into?: 'comment' | 'RUN';
  /** The folder that the text is the Dockerfile of; a new one where there is none. */
  readonly project?: string;
  /** Milliseconds between an answer and the next letter; none unless told. */
  readonly pause?: number;
  /** Letters that are typed before into the same text in an empty folder, so that the code of the server is compiled. */
  readonly warmUp?: number;
}

/** A server that needs seconds for a change is asked fewer times, in milliseconds. */
const longestMeasurement = 20_000;

/**
 * Starts a server, opens the text, and types letters into a comment or a RUN at its middle, each waiting for the diagnostics of the
 * one before. Diagnostics are pulled where the server offers it, as VS Code does.
 */
export async function measureRoundTrips(server: LanguageServer, typing: Typing): Promise<RoundTrips> {
  const own = mkdtempSync(join(tmpdir(), 'ballast-bench-'));
  const folder = typing.project ?? own;
  const began = performance.now();
  const child = spawn(server.command, server.args, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  // What a server may ask of an editor that has no settings but one: what registries answer would count as news.
  connection.onRequest(ConfigurationRequest.type, ({ items }) =>
    items.map(({ section }) => (section === 'ballast' ? { network: 'off' } : null)),
  );
  connection.onRequest(RegistrationRequest.type, () => {});
  connection.listen();
  try {
    const abilities = await initialize(connection, folder);
    const initialized = performance.now() - began;
    if (typing.warmUp !== undefined) {
      await typeLetters(connection, abilities, { text: typing.text, count: typing.warmUp }, own);
    }
    const started = performance.now();
    const typed = await typeLetters(connection, abilities, typing, folder, () => usageOf(child.pid));
    const peak = usageOf(child.pid)?.peak;
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    return {
      ...typed,
      initialize: initialized,
      firstDiagnostics: started - began + typed.opened,
      mode: abilities.mode,
      peak,
    };
  } finally {
    connection.dispose();
    child.kill();
    rmSync(own, { recursive: true, force: true });
  }
}

/** Opens the Dockerfile of a folder and types into it; times count from its opening. */
async function typeLetters(
  connection: ProtocolConnection,
  { mode, isIncremental }: Abilities,
  { text, count, pause, into = 'comment' }: Typing,
  folder: string,
  usage: () => Usage | undefined = () => undefined,
): Promise<
  Pick<RoundTrips, 'changes' | 'beforeRefresh' | 'refreshed' | 'cpu'> & { readonly opened: number }
> {
  const path = join(folder, 'Dockerfile');
  writeFileSync(path, text);
  const uri = pathToFileURL(path).href;
  const began = performance.now();
  let refreshed: number | undefined;
  connection.onRequest(DiagnosticRefreshRequest.type, () => {
    refreshed ??= performance.now() - began;
  });
  const diagnostics = createDiagnostics(connection, uri, mode);
  let arrived = diagnostics(1);
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'dockerfile', version: 1, text },
  });
  await arrived();
  const opened = performance.now() - began;
  const at = placeOf(text, into);
  const changes: number[] = [];
  const beforeRefresh: number[] = [];
  let halfway: { readonly usage: Usage | undefined; readonly changes: number } | undefined;
  for (let i = 0; i < count && performance.now() - began < longestMeasurement; i++) {
    if (pause !== undefined) {
      await sleep(pause);
    }
    if (halfway === undefined && (i >= count / 2 || performance.now() - began > longestMeasurement / 2)) {
      halfway = { usage: usage(), changes: i };
    }
    const version = i + 2;
    const contentChanges = isIncremental
      ? [{ range: { start: at, end: at }, text: 'x' }]
      : [{ text: withLetters(text, at, i + 1) }];
    arrived = diagnostics(version);
    const start = performance.now();
    void connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges,
    });
    await arrived();
    changes.push(performance.now() - start);
    if (refreshed === undefined) {
      beforeRefresh.push(performance.now() - start);
    }
  }
  const used = (usage()?.cpu ?? Number.NaN) - (halfway?.usage?.cpu ?? Number.NaN);
  const cpu = Number.isNaN(used) ? undefined : used / Math.max(1, changes.length - (halfway?.changes ?? 0));
  return { opened, changes, beforeRefresh, cpu, ...(refreshed === undefined ? {} : { refreshed }) };
}

interface Abilities {
  readonly mode: 'pull' | 'push';
  /** False for a server that wants the whole text with every change. */
  readonly isIncremental: boolean;
}

async function initialize(connection: ProtocolConnection, folder: string): Promise<Abilities> {
  const uri = pathToFileURL(folder).href;
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'bench' }],
    capabilities: {
      textDocument: {
        synchronization: { dynamicRegistration: false },
        publishDiagnostics: { versionSupport: true },
        diagnostic: { dynamicRegistration: false },
      },
      workspace: {
        configuration: true,
        diagnostics: { refreshSupport: true },
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
    },
  });
  await connection.sendNotification(InitializedNotification.type, {});
  const sync = capabilities.textDocumentSync;
  return {
    mode: capabilities.diagnosticProvider === undefined ? 'push' : 'pull',
    isIncremental: (typeof sync === 'object' ? sync.change : sync) === TextDocumentSyncKind.Incremental,
  };
}

/** Makes a function that, called before a version is sent, returns one that waits for the diagnostics of that version. */
function createDiagnostics(
  connection: ProtocolConnection,
  uri: string,
  mode: 'pull' | 'push',
): (version: number) => () => Promise<unknown> {
  if (mode === 'pull') {
    return () => () => connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
  }
  let waiting: { version: number; done: () => void } | undefined;
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    if (params.uri === uri && (params.version === undefined || params.version === waiting?.version)) {
      waiting?.done();
    }
  });
  return (version) => {
    const promise = new Promise<void>((done) => {
      waiting = { version, done };
    });
    return () => promise;
  };
}

interface Place {
  readonly line: number;
  readonly character: number;
}

function withLetters(text: string, { line, character }: Place, count: number): string {
  const lines = text.split('\n');
  const typed = lines[line] ?? '';
  return lines
    .with(line, `${typed.slice(0, character)}${'x'.repeat(count)}${typed.slice(character)}`)
    .join('\n');
}

/** The start of a comment, or behind a RUN of one line, at the middle of a text or else before it. */
function placeOf(text: string, into: 'comment' | 'RUN'): Place {
  const lines = text.split('\n');
  const isMeant = (line: string): boolean =>
    into === 'comment' ? line.startsWith('# ') : line.startsWith('RUN ') && !line.endsWith('\\');
  const middle = lines.findIndex((line, i) => i >= Math.floor(lines.length / 2) && isMeant(line));
  const line = middle < 0 ? lines.findIndex(isMeant) : middle;
  return { line, character: into === 'comment' ? 2 : (lines[line]?.length ?? 0) };
}
