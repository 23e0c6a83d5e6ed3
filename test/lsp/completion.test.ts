import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type CompletionItem, CompletionRequest, RenameRequest } from 'vscode-languageserver/node';
import { afterCompletion, TestClient, temporaryFolder } from './client.ts';

const folder = temporaryFolder({
  Dockerfile: '',
  '.dockerignore': 'secret.txt\n',
  'small.txt': 'x',
  'secret.txt': 'x',
  'assets/film.mp4': 'x'.repeat(50_000),
  'assets/icon.svg': 'x'.repeat(100),
});
const uri = pathToFileURL(join(folder, 'Dockerfile')).href;

describe('completion', () => {
  let client: TestClient;
  before(async () => {
    client = await TestClient.start({ workspaceFolder: folder, initializationOptions: { views: true } });
    await client.until(() => client.hasRegistered(RenameRequest.method));
  });
  after(() => client.stop());

  /** What is offered at the bar in a text. */
  async function complete(text: string): Promise<CompletionItem[]> {
    const lines = text.slice(0, text.indexOf('|')).split('\n');
    await client.open(uri, text.replace('|', ''));
    const answer = await client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 },
    });
    await client.close(uri);
    return Array.isArray(answer) ? answer : (answer?.items ?? []);
  }

  const labels = (items: readonly CompletionItem[]): string[] => items.map(({ label }) => label);

  test('offers the images of the catalogue with their smallest size, and their tags next', async () => {
    for (const text of ['FROM pyth|', 'FROM |', 'FROM --platform=linux/amd64 py|\n']) {
      const items = await complete(text);
      const python = items.find(({ label }) => label === 'python');
      assert.match(
        String(python?.detail ?? python?.labelDetails?.description),
        /^from \d+(?:\.\d+)? MB$/,
        text,
      );
      assert.equal(python?.command?.command, 'editor.action.triggerSuggest');
      assert.match(afterCompletion(text, python), /^FROM (?:--platform=linux\/amd64 )?python:\n?$/);
    }
    assert.ok(!labels(await complete('FROM python@sha|')).includes('python'));
    assert.ok(!labels(await complete('FROM $BASE|')).includes('python'));
    const from = await complete('FROM a AS builder\nFROM b\nCOPY --from=|');
    assert.ok(labels(from).includes('builder') && labels(from).includes('alpine'));
    const order = (label: string) => from.find((item) => item.label === label)?.sortText ?? label;
    assert.ok(order('builder') < order('alpine'));
  });

  test('offers every flag of an instruction, and each once', async () => {
    const copy = labels(await complete('FROM a\nCOPY --|'));
    for (const flag of ['--from', '--chown', '--chmod', '--link', '--parents', '--exclude']) {
      assert.equal(copy.filter((label) => label.startsWith(flag)).length, 1, flag);
    }
    assert.ok(!labels(await complete('FROM a\nCOPY --link --|')).includes('--link'));
    assert.ok(labels(await complete('FROM a\nADD --ch|')).includes('--checksum'));
    assert.ok(labels(await complete('FROM a\nRUN --|')).includes('--mount'));
    assert.ok(!labels(await complete('FROM a\nRUN npm install --|')).includes('--mount'));
    const text = 'FROM a\nRUN --net| ls\n';
    const network = (await complete(text)).find(({ label }) => label === '--network');
    assert.equal(afterCompletion(text, network), 'FROM a\nRUN --network= ls\n');
    assert.deepEqual(labels(await complete('FROM a\nRUN --network=|')), ['default', 'none', 'host']);
  });

  test('offers types, keys and values of a mount', async () => {
    assert.ok(labels(await complete('FROM a\nRUN --mount=|')).includes('type=cache'));
    const keys = labels(await complete('FROM a\nRUN --mount=type=cache,target=/x,|'));
    assert.ok(keys.includes('sharing') && !keys.includes('target') && !keys.includes('env'));
    const text = 'FROM a\nRUN --mount=type=cache,sharing=l| ls\n';
    const locked = (await complete(text)).find(({ label }) => label === 'locked');
    assert.equal(afterCompletion(text, locked), 'FROM a\nRUN --mount=type=cache,sharing=locked ls\n');
  });

  test('offers paths of the build context with their sizes, the largest first, without what is not sent', async () => {
    await client.open(uri, 'FROM a\nCOPY . .\n');
    await client.close(uri);
    let paths: CompletionItem[] = [];
    // The build context is measured behind the first answer.
    for (let tries = 0; tries < 100 && !labels(paths).includes('assets/'); tries++) {
      paths = (await complete('FROM a\nCOPY |')).filter(({ label }) => !label.startsWith('--'));
    }
    assert.equal(paths[0]?.label, 'assets/');
    assert.ok(labels(paths).includes('small.txt'));
    const text = 'FROM a\nCOPY assets/fi| /srv\n';
    const film = (await complete(text)).find(({ label }) => label === 'film.mp4');
    assert.equal(afterCompletion(text, film), 'FROM a\nCOPY assets/film.mp4 /srv\n');
    assert.deepEqual(labels(await complete('FROM a\nCOPY --from=b assets/|')), []);
    assert.deepEqual(labels(await complete('FROM a\nCOPY ../|')), []);
  });
});
