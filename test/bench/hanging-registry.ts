import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import type { LanguageServer } from './peers.ts';

/** Times in milliseconds, with a registry that takes connections and never says a word. */
export interface Hanging {
  readonly hovers: readonly number[];
  /** Of diagnostics asked for in the same moment as a hover. */
  readonly diagnostics: readonly number[];
}

/** Hovers over `count` images of such a registry, each of them new to the server, while diagnostics are asked for. */
export async function measureHanging({ command, args }: LanguageServer, count: number): Promise<Hanging> {
  const sockets = new Set<Socket>();
  const registry = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'));
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, BALLAST_OFFLINE: '', XDG_CACHE_HOME: folder, DOCKER_CONFIG: folder },
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const textDocument = { uri: 'untitled:Dockerfile' };
  const textOf = (n: number): string => `FROM ${host}/team/app:${n}\nCMD app --serve\n`;
  try {
    await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      capabilities: { textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] } } },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    await connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { ...textDocument, languageId: 'dockerfile', version: 0, text: textOf(0) },
    });
    // An editor shows findings long before anybody hovers: how a process starts is measured elsewhere.
    await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument });
    const hovers: number[] = [];
    const diagnostics: number[] = [];
    for (let n = 1; n <= count; n++) {
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { ...textDocument, version: n },
        contentChanges: [{ text: textOf(n) }],
      });
      const began = performance.now();
      await Promise.all([
        connection
          .sendRequest(HoverRequest.type, { textDocument, position: { line: 0, character: 10 } })
          .then(() => hovers.push(performance.now() - began)),
        connection
          .sendRequest(DocumentDiagnosticRequest.type, { textDocument })
          .then(() => diagnostics.push(performance.now() - began)),
      ]);
    }
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    return { hovers, diagnostics };
  } finally {
    connection.dispose();
    child.kill();
    for (const socket of sockets) {
      socket.destroy();
    }
    registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
