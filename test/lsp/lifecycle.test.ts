import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ErrorCodes, ExitNotification, type ResponseError } from 'vscode-languageserver/node';
import { oldEditor, TestClient } from './client.ts';

test('announces what it can do', async () => {
  const client = await TestClient.start();
  const capabilities = client.initializeResult?.capabilities;
  assert.deepEqual(capabilities?.textDocumentSync, { openClose: true, change: 2, save: true });
  assert.deepEqual(capabilities?.diagnosticProvider, {
    identifier: 'ballast',
    interFileDependencies: false,
    workspaceDiagnostics: false,
  });
  assert.deepEqual(capabilities?.codeActionProvider, {
    codeActionKinds: ['quickfix', 'source.fixAll.ballast'],
  });
  assert.equal(capabilities?.hoverProvider, true);
  assert.equal(capabilities?.inlayHintProvider, true);
  assert.ok(capabilities?.completionProvider?.triggerCharacters?.includes(':'));
  // Registered later, so that they can be taken back.
  assert.equal(capabilities?.renameProvider, undefined);
  assert.equal(client.initializeResult?.serverInfo?.name, 'Ballast');
  assert.equal(await client.stop(), 0);
});

test('announces everything at once to an editor that cannot be told of it later', async () => {
  const client = await TestClient.start({ capabilities: oldEditor });
  const capabilities = client.initializeResult?.capabilities;
  assert.equal(capabilities?.diagnosticProvider, undefined);
  for (const provider of [
    'completionProvider',
    'signatureHelpProvider',
    'foldingRangeProvider',
    'documentSymbolProvider',
    'definitionProvider',
    'documentHighlightProvider',
    'documentLinkProvider',
    'renameProvider',
  ] as const) {
    assert.ok(capabilities?.[provider], provider);
  }
  assert.equal(capabilities?.documentFormattingProvider, undefined);
  assert.equal(capabilities?.semanticTokensProvider, undefined);
  assert.equal(client.registrations.size, 0);
  assert.equal(await client.stop(), 0);
});

test('answers what it does not know and goes on', async () => {
  const client = await TestClient.start();
  await client.connection.sendNotification('ballast/nobodyKnows', {});
  await client.connection.sendNotification('$/nobodyKnows', {});
  await assert.rejects(
    client.connection.sendRequest('ballast/nobodyKnows', {}),
    (error: ResponseError) => error.code === ErrorCodes.MethodNotFound,
  );
  // Documents that were never opened.
  const textDocument = { uri: 'file:///nowhere/Dockerfile' };
  assert.deepEqual(await client.pull(textDocument.uri), { kind: 'full', items: [] });
  assert.deepEqual(
    await client.codeActions(textDocument.uri, {
      start: { line: 0, character: 0 },
      end: { line: 0, character: 0 },
    }),
    [],
  );
  assert.equal(await client.hover(textDocument.uri, { line: 0, character: 0 }), null);
  assert.equal(await client.stop(), 0);
});

test('ends with an error when the editor leaves without a word', async () => {
  const left = await TestClient.start();
  await left.connection.sendNotification(ExitNotification.type);
  assert.equal(await left.exitCode, 1);
  const broken = await TestClient.start();
  broken.process?.stdin?.end();
  assert.equal(await broken.exitCode, 1);
});

test('the command line serves the same', async () => {
  const command = [
    '--import',
    'tsx',
    fileURLToPath(new URL('../../server/src/host/cli.ts', import.meta.url)),
  ];
  const client = await TestClient.start({ command: [...command, 'lsp', '--stdio'] });
  assert.equal(client.initializeResult?.serverInfo?.name, 'Ballast');
  await client.open('untitled:Dockerfile', 'FROM node:22\nCMD ["node", "a.js"]\n');
  assert.ok((await client.diagnostics('untitled:Dockerfile')).length > 0);
  assert.equal(await client.stop(), 0);
});
