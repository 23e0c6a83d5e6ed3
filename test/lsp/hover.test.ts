import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MarkupContent } from 'vscode-languageserver/node';
import { oldEditor, TestClient } from './client.ts';

const uri = 'untitled:Dockerfile';
const text = `ARG VERSION=22
FROM node:\${VERSION} AS build
WORKDIR /app
FROM build AS next
FROM --platform=linux/arm64 python:3.12
FROM example.com/team/app:1
FROM scratch
`;

let client: TestClient;
before(async () => {
  client = await TestClient.start();
  await client.open(uri, text);
});
after(() => client.stop());

async function hoverAt(line: number, character: number): Promise<string> {
  const hover = await client.hover(uri, { line, character });
  return hover === null ? '' : (hover.contents as MarkupContent).value;
}

test('an image says what it weighs and what else would do', async () => {
  const value = await hoverAt(1, 8);
  assert.match(value, /^\*\*node:22\*\* · linux\/amd64 · pull \d[\d.]* MB · on disk \d[\d.]* GB$/m);
  assert.match(value, /^\| node:22-slim \| \d[\d.]*\u00a0MB \|/m);
  assert.match(
    value,
    /^Debian 12 \(glibc\) · user root, `node` \(1000\) available · supported until 2027-04-30/m,
  );
  assert.match(value, /^_pull: \S.*, \d{4}-\d{2} · disk: .*_$/m);
  const hover = await client.hover(uri, { line: 1, character: 8 });
  assert.deepEqual(hover?.range, { start: { line: 1, character: 5 }, end: { line: 1, character: 20 } });
});

test('a stage says what it starts from in the end', async () => {
  assert.match(await hoverAt(3, 6), /\*\*node:22\*\*/);
});

test('the platform of the FROM counts', async () => {
  assert.match(await hoverAt(4, 30), /\*\*python:3\.12\*\* · linux\/arm64/);
});

test('an image nobody knows is no error', async () => {
  const value = await hoverAt(5, 8);
  assert.match(value, /^\*\*example\.com\/team\/app:1\*\*/);
  assert.match(value, / · size not known: \S/m);
});

test('nothing where there is nothing to say', async () => {
  assert.equal(await hoverAt(6, 6), '');
  assert.equal(await client.hover(uri, { line: 7, character: 0 }), null);
});

test('an instruction says what it does', async () => {
  assert.match(await hoverAt(2, 1), /working directory/i);
});

test('an editor without markdown gets text', async () => {
  const old = await TestClient.start({
    capabilities: { ...oldEditor, textDocument: { hover: { contentFormat: ['plaintext'] } } },
  });
  await old.open(uri, text);
  const hover = await old.hover(uri, { line: 1, character: 8 });
  assert.ok(hover);
  assert.equal((hover.contents as MarkupContent).kind, 'plaintext');
  await old.stop();
});
