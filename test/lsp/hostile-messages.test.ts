/** Messages that no editor sends, or that one in trouble does: the server answers with an error, and goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as messages from '../../server/src/lsp/messages.ts';
import { TestClient, temporaryFolder } from './client.ts';

const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "a.js"]\n';
const start = { line: 0, character: 0 };
const range = { start, end: { line: 9, character: 0 } };

const methods = [
  ...Object.entries(messages).flatMap(([name, method]) => (/Request$/.test(name) ? [String(method)] : [])),
  ...[
    'hover',
    'completion',
    'codeAction',
    'diagnostic',
    'inlayHint',
    'codeLens',
    'definition',
    'documentSymbol',
  ].map((name) => `textDocument/${name}`),
  ...['documentHighlight', 'documentLink', 'foldingRange', 'prepareRename', 'rename', 'signatureHelp'].map(
    (name) => `textDocument/${name}`,
  ),
  'completionItem/resolve',
  'workspace/executeCommand',
  'no/such',
];

/** Parameters of wrong types, without what is needed, and with places outside of the text. */
function parameters(uri: string): readonly unknown[] {
  const textDocument = { uri };
  return [
    null,
    {},
    { textDocument: null },
    { textDocument: { uri: 5 }, uri: 5 },
    { textDocument: { uri: 'no address' }, uri: 'no address' },
    { textDocument: { uri: 'file:///no%zz' }, uri: 'file:///no%zz' },
    { textDocument: { uri: 'file:///unknown' }, uri: 'file:///unknown', position: start, range },
    { textDocument, uri, position: null, range: null, context: null },
    {
      textDocument,
      uri,
      position: { line: -1, character: 1e12 },
      range: { start: { line: 9e9 }, end: start },
    },
    { textDocument, uri, position: { line: 'a', character: {} }, range: 'all', newName: 7 },
    { textDocument, uri, position: start, range, context: { diagnostics: [{ range: null, code: {} }] } },
    {
      textDocument,
      uri,
      fix: 5,
      only: 'x',
      rule: {},
      severity: [],
      newFile: 'no address',
      choice: 7,
      command: 5,
    },
  ];
}

const notifications: readonly (readonly [method: string, params: unknown])[] = [
  ['textDocument/didOpen', {}],
  ['textDocument/didOpen', { textDocument: { uri: 'x', languageId: 5, version: 'a', text: null } }],
  ['textDocument/didChange', { textDocument: { uri: 'file:///unknown' }, contentChanges: [{ text: 'x' }] }],
  ['textDocument/didChange', { textDocument: {}, contentChanges: null }],
  ['textDocument/didClose', { textDocument: { uri: 'file:///unknown' } }],
  ['textDocument/didSave', {}],
  ['workspace/didChangeWatchedFiles', { changes: [{ uri: 'x%zz', type: 9 }, null] }],
  ['workspace/didChangeConfiguration', { settings: { ballast: { network: {}, rules: 'x' } } }],
  ['workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: 'zzz' }, null], removed: [{}] } }],
  [messages.environmentNotification, { isTrusted: 'yes' }],
  [messages.chooseStageNotification, { uri: {}, choice: 5 }],
  ['$/cancelRequest', { id: 'none' }],
  ['no/such', {}],
];

test('wrong messages change nothing for the right ones', async () => {
  const folder = temporaryFolder({ Dockerfile: text });
  const uri = pathToFileURL(`${folder}/Dockerfile`).href;
  const client = await TestClient.start({ workspaceFolder: folder, initializationOptions: { views: true } });
  await client.open(uri, text);
  const before = (await client.diagnostics(uri)).map(({ code }) => code);
  assert.ok(before.length > 0);
  for (const method of methods) {
    for (const params of parameters(uri)) {
      // An error is an answer as well; what must not be is silence, or the end of the server.
      await client.connection.sendRequest(method, params).catch(() => {});
    }
  }
  for (const [method, params] of notifications) {
    await client.connection.sendNotification(method, params);
  }
  assert.deepEqual(
    (await client.diagnostics(uri)).map(({ code }) => code),
    before,
  );
  assert.equal(await client.stop(), 0);
});

test('documents at addresses of every kind are answered', async () => {
  const client = await TestClient.start();
  for (const uri of [
    'untitled:Untitled-1',
    'vscode-remote://ssh-remote+host/x/Dockerfile',
    'git:/x/Dockerfile?%7B%22ref%22%3A%22%22%7D',
    'file://host/share/Dockerfile',
    'file:///',
    // The folder of this one is the whole machine, with files of /proc that never end.
    'file:///Dockerfile',
    'file:///proc/Dockerfile',
    'file:///a%00b/Dockerfile',
    `file:///${'a/'.repeat(5000)}Dockerfile`,
    'file:///dev/zero',
    'data:,FROM',
    'no address',
  ]) {
    await client.open(uri, text);
    assert.ok((await client.diagnostics(uri)).length > 0, uri);
    await client.codeActions(uri, range);
    await client.close(uri);
  }
  assert.equal(await client.stop(), 0);
});

test('text after the end of a document, and edits out of its range', async () => {
  const client = await TestClient.start();
  const uri = 'untitled:Dockerfile';
  await client.open(uri, text);
  await client.close(uri);
  await client.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: 'x' }],
  });
  await client.open(uri, text);
  await client.change(uri, 'RUN true\n', {
    start: { line: 1e9, character: 0 },
    end: { line: 2e9, character: 0 },
  });
  assert.ok((await client.diagnostics(uri)).length > 0);
  const cancelled = Array.from({ length: 50 }, () => client.pull(uri).catch(() => {}));
  for (let id = 0; id < 60; id++) {
    await client.connection.sendNotification('$/cancelRequest', { id });
  }
  await Promise.all(cancelled);
  assert.ok((await client.diagnostics(uri)).length > 0);
  assert.equal(await client.stop(), 0);
});
