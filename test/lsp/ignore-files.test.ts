/** Ignore files as documents: what their patterns do, and paths to complete. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type CompletionItem,
  CompletionRequest,
  DiagnosticSeverity,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type MarkupContent,
} from 'vscode-languageserver/node';
import { TestClient, temporaryFolder } from './client.ts';

const files = {
  'package.json': '{}',
  'src/main.ts': 'x'.repeat(500),
  'src/data/big.json': 'x'.repeat(2000),
  'node_modules/a/index.js': 'x'.repeat(3_000_000),
  'docs/a.md': 'x'.repeat(100),
  'docs/b.md': 'x'.repeat(50),
  'docker/api.Dockerfile': 'FROM node:22\nCOPY package.json src/ /app/\n',
};

let client: TestClient;
before(async () => {
  client = await TestClient.start();
});
after(() => client.stop());

const uriOf = (folder: string, path: string): string => pathToFileURL(join(folder, path)).href;

/** What is said of each pattern once it has been counted: `line kind message`. */
async function findings(uri: string): Promise<string[]> {
  return (await client.diagnostics(uri)).map(
    ({ code, message, range }) => `${range.start.line + 1} ${code} ${message}`,
  );
}

async function openCounted(uri: string, text: string): Promise<string[]> {
  await client.open(uri, text);
  await untilHover(uri, /^(?!The build context is being measured)/);
  return findings(uri);
}

/** Waits until the hover on the first line says something; the test runner's limit ends it. */
async function untilHover(uri: string, text: RegExp): Promise<void> {
  while (!text.test((await hoverText(uri, 0)) ?? '')) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function hoverText(uri: string, line: number): Promise<string | undefined> {
  const hover = await client.hover(uri, { line, character: 1 });
  return (hover?.contents as MarkupContent | undefined)?.value;
}

async function completions(uri: string, text: string): Promise<CompletionItem[]> {
  await client.change(uri, text);
  const lines = text.split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return (await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri },
    position,
  })) as CompletionItem[];
}

describe('an ignore file', () => {
  test('is told what its patterns do, as soon as that is known', async () => {
    const folder = temporaryFolder(files);
    const uri = uriOf(folder, '.dockerignore');
    const text = '# all but sources\nnode_modules\n[bad\ndocs\n!docs\n*.md\n*.txt\n.env\n';
    await client.open(uri, text);
    const malformed = '3 pattern-invalid The pattern is malformed: Docker refuses it and does not build.';
    const { refreshes } = client;
    assert.deepEqual(await findings(uri), [malformed], 'syntax is told at once');
    await client.until(() => client.refreshes > refreshes);
    assert.deepEqual(await findings(uri), [
      malformed,
      '4 pattern-undone Line 5 takes in again all that this one excludes.',
      '6 pattern-unused Nothing in the build context matches this pattern at present.',
      '7 pattern-unused Nothing in the build context matches this pattern at present.',
    ]);
    const [error, undone, unused] = await client.diagnostics(uri);
    assert.equal(error?.severity, DiagnosticSeverity.Error);
    assert.equal(undone?.severity, DiagnosticSeverity.Warning);
    assert.deepEqual(undone?.relatedInformation?.[0]?.location.range.start, { line: 4, character: 0 });
    assert.equal(unused?.severity, DiagnosticSeverity.Hint);
    await client.close(uri);
  });

  test('shows files and bytes of a pattern, and what is left to send', async () => {
    const folder = temporaryFolder(files);
    const uri = uriOf(folder, '.dockerignore');
    await client.open(uri, 'node_modules\n# nothing\nwrong\n**/*.md\n');
    assert.equal(
      await hoverText(uri, 0),
      'Excludes 3 MB in 1 file.\n\nThe whole file leaves 2.54 kB in 4 files to send.',
    );
    assert.equal(await hoverText(uri, 1), undefined);
    assert.equal(await hoverText(uri, 2), 'Nothing in the build context matches this pattern at present.');
    assert.match((await hoverText(uri, 3)) ?? '', /^Excludes 150 B in 2 files\./);
    await client.close(uri);
  });

  test('is counted anew when it is edited, and when files come', async () => {
    const folder = temporaryFolder(files);
    const uri = uriOf(folder, '.dockerignore');
    assert.deepEqual(await openCounted(uri, 'tmp\n'), [
      '1 pattern-unused Nothing in the build context matches this pattern at present.',
    ]);
    await client.change(uri, 'src\n');
    await untilHover(uri, /^Excludes 2\.5 kB in 2 files\./);
    writeFileSync(join(folder, 'src/more.ts'), 'x'.repeat(500));
    const changes = [{ uri: uriOf(folder, 'src/more.ts'), type: FileChangeType.Created as FileChangeType }];
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
    await untilHover(uri, /^Excludes 3 kB in 3 files\./);
    await client.close(uri);
  });

  test('named after a Dockerfile means the context of that Dockerfile', async () => {
    const folder = temporaryFolder({ ...files, '.git/HEAD': '' });
    const uri = uriOf(folder, 'docker/api.Dockerfile.dockerignore');
    assert.deepEqual(await openCounted(uri, 'docs\nmain.ts\n'), [
      '2 pattern-unused Nothing in the build context matches this pattern at present.',
    ]);
    await client.close(uri);
    const podman = uriOf(folder, 'docs/.containerignore');
    assert.deepEqual(await openCounted(podman, 'a.md\nsrc\n'), [
      '2 pattern-unused Nothing in the build context matches this pattern at present.',
    ]);
    await client.close(podman);
  });

  test('completes paths', async () => {
    const folder = temporaryFolder({ ...files, '#odd*': '' });
    const uri = uriOf(folder, '.dockerignore');
    await client.open(uri, '');
    const labels = async (text: string) => (await completions(uri, text)).map(({ label }) => label).sort();
    const root = ['#odd*', 'docker/', 'docs/', 'node_modules/', 'package.json', 'src/'];
    assert.deepEqual(await labels(''), root);
    assert.deepEqual(await labels('a\n!'), root);
    assert.deepEqual(await labels('**/do'), root);
    assert.deepEqual(await labels('!src/'), ['data/', 'main.ts']);
    assert.deepEqual(await labels('/src/da'), ['data/', 'main.ts']);
    for (const text of ['# src/', '../', 's*/', 'missing/']) {
      assert.deepEqual(await labels(text), [], text);
    }
    const [data] = (await completions(uri, '!src/da')).filter(({ label }) => label === 'data/');
    assert.deepEqual(data?.textEdit, {
      range: { start: { line: 0, character: 5 }, end: { line: 0, character: 7 } },
      newText: 'data',
    });
    const odd = (await completions(uri, '')).find(({ label }) => label === '#odd*');
    assert.equal(odd?.textEdit?.newText, '\\#odd\\*');
    await client.close(uri);
  });

  test('completes paths with what they weigh, the largest first, excluded or not', async () => {
    const folder = temporaryFolder({ ...files, 'empty.txt': '' });
    const uri = uriOf(folder, '.dockerignore');
    await openCounted(uri, 'src\n');
    const shown = async (text: string) =>
      (await completions(uri, text))
        .sort((a, b) => (String(a.sortText) < String(b.sortText) ? -1 : 1))
        .map(({ label, detail }) => `${label} ${detail}`);
    const root = ['node_modules/ 3 MB', 'src/ 2.5 kB', 'docs/ 150 B', 'docker/ 42 B', 'package.json 2 B'];
    const all = await shown('src\n');
    assert.deepEqual(
      all.filter((one) => !one.startsWith('.dockerignore')),
      [...root, 'empty.txt 0 B'],
    );
    // What is typed since has not been counted yet; what lies there is the same.
    assert.deepEqual(await shown('src\n!src/'), ['data/ 2 kB', 'main.ts 500 B']);
    await client.close(uri);
  });

  test('is no Dockerfile, and needs no folder on this machine', async () => {
    const uri = 'vscode-vfs://github/a/b/.dockerignore';
    await client.open(uri, 'FROM node:22\n[bad\n');
    assert.deepEqual(await findings(uri), [
      '2 pattern-invalid The pattern is malformed: Docker refuses it and does not build.',
    ]);
    assert.deepEqual(await completions(uri, 'RU'), []);
    assert.equal(await client.hover(uri, { line: 0, character: 1 }), null);
    assert.deepEqual(
      await client.codeActions(uri, { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }),
      [],
    );
    await client.close(uri);
  });
});
