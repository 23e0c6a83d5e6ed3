import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import {
  type CompletionItem,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  type DocumentHighlight,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  type Location,
  type Position,
  PrepareRenameRequest,
  RenameRequest,
  SignatureHelpRequest,
  type SymbolInformation,
} from 'vscode-languageserver/node';
import { readableText } from '../../server/src/lsp/readable-text.ts';
import { rangeOf, TestClient } from './client.ts';

const uri = 'untitled:Dockerfile';

const text = `FROM node:22 AS build
ARG VERSION=1
RUN echo $VERSION \\
    && npm ci
FROM nginx
COPY --from=build /app /srv
`;

describe('the standard features', () => {
  let client: TestClient;
  before(async () => {
    client = await TestClient.start();
    await client.until(() => client.hasRegistered(RenameRequest.method));
  });
  after(() => client.stop());
  afterEach(() => client.close(uri));

  async function at(needle: string): Promise<{ textDocument: { uri: string }; position: Position }> {
    await client.open(uri, text);
    return { textDocument: { uri }, position: rangeOf(text, needle).start };
  }

  test('completion, with details on demand', async () => {
    await client.open(uri, 'FROM node:22\nHEAL');
    const position = { line: 1, character: 4 };
    const items = (await client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position,
    })) as CompletionItem[];
    const item = items.find(({ label }) => label.startsWith('HEALTHCHECK'));
    assert.ok(item);
    assert.equal(item.documentation, undefined);
    const resolved = await client.connection.sendRequest(CompletionResolveRequest.type, item);
    assert.ok(resolved.documentation);
  });

  test('signature help', async () => {
    await client.open(uri, 'FROM node:22\nCOPY a ');
    const help = await client.connection.sendRequest(SignatureHelpRequest.type, {
      textDocument: { uri },
      position: { line: 1, character: 7 },
    });
    assert.match(help?.signatures[0]?.label ?? '', /^COPY/);
  });

  test('folding', async () => {
    await client.open(uri, text);
    const ranges = await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument: { uri } });
    assert.deepEqual(
      ranges?.map(({ startLine, endLine }) => [startLine, endLine]),
      [[2, 3]],
    );
  });

  test('outline', async () => {
    await client.open(uri, text);
    const symbols = await client.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument: { uri },
    });
    assert.deepEqual(
      symbols?.map(({ name }) => name),
      ['FROM', 'ARG', 'RUN', 'FROM', 'COPY'],
    );
  });

  test('definition and highlights of a stage', async () => {
    const params = await at('build /app');
    const location = (await client.connection.sendRequest(DefinitionRequest.type, params)) as Location;
    assert.deepEqual(location.range, rangeOf(text, 'build'));
    const highlights = await client.connection.sendRequest(DocumentHighlightRequest.type, params);
    assert.deepEqual((highlights as DocumentHighlight[]).map(({ range }) => range.start.line).sort(), [0, 5]);
  });

  test('rename', async () => {
    const params = await at('VERSION=');
    const range = await client.connection.sendRequest(PrepareRenameRequest.type, params);
    assert.deepEqual(range, rangeOf(text, 'VERSION'));
    const edit = await client.connection.sendRequest(RenameRequest.type, { ...params, newName: 'V' });
    assert.equal(client.applied(uri, edit ?? undefined), text.replaceAll('VERSION', 'V'));
  });

  test('links', async () => {
    await client.open(uri, text);
    const links = await client.connection.sendRequest(DocumentLinkRequest.type, { textDocument: { uri } });
    assert.deepEqual(
      links?.map(({ target }) => target),
      ['https://hub.docker.com/_/node/', 'https://hub.docker.com/_/nginx/'],
    );
  });

  test('what makes the library throw or misread is kept from it', async () => {
    const odd = [
      "FROM alpine\nRUN << 'EOF'\necho $(date)\nUSER nobody\nEOF\nUSER app\n",
      'FROM alpine\nRUN  \\\n\\\\ "\n# c$B\\ A=  x\n',
      'FROM alpine\nRUN <<-"E F"\n\tUSER x\n\tE F\nUSER app\n',
      'FROM alpine\nRUN a \\\n  \\\\ b\n',
      'FROM alpine\nONBUILD RUN << EOF\nUSER x\nEOF\n',
    ];
    for (const broken of odd) {
      await client.open(uri, broken);
      const symbols = (await client.connection.sendRequest(DocumentSymbolRequest.type, {
        textDocument: { uri },
      })) as SymbolInformation[];
      assert.ok(
        symbols.every(({ name }) => /^[A-Z]+$/.test(name)),
        symbols.map(({ name }) => name).join(),
      );
      assert.ok(symbols.filter(({ name }) => name === 'USER').length <= 1, broken);
      for (let line = 0; line < 4; line++) {
        await client.connection.sendRequest(DocumentHighlightRequest.type, {
          textDocument: { uri },
          position: { line, character: 1 },
        });
      }
      await client.close(uri);
    }
    assert.deepEqual(
      client.log.filter((line) => line.includes('failed')),
      [],
    );
    await client.open(uri, text);
  });
});

test('the text that the library reads has the same length and the same lines', () => {
  const odd = [
    '# escape=\\',
    'FROM alpine',
    '# C:\\temp',
    "RUN << 'EOF' <<B",
    'a \\ b',
    'EOF',
    '$x',
    'B',
    'RUN <<C',
    '\\n',
    'C',
    '',
  ];
  const expected = [...odd];
  expected[2] = '# C: temp';
  expected[3] = `RUN ${' '.repeat(8)} <<B`;
  expected[4] = ' '.repeat(5);
  expected[5] = ' '.repeat(3);
  assert.equal(readableText(odd.join('\n')), expected.join('\n'));
  assert.equal(readableText(odd.join('\r\n')), expected.join('\r\n'));
  assert.equal(readableText(text), text);
});

test('a text on which the library gives up loses nothing else', async () => {
  const client = await TestClient.start({ settings: { standardFeatures: 'on' } });
  const uri = 'file:///tmp/nowhere/Dockerfile';
  // The library looks for the stage of a variable without end where there is no FROM.
  await client.open(uri, 'RUN echo $B\n');
  assert.equal(await client.hover(uri, { line: 0, character: 10 }), null);
  assert.ok((await client.diagnostics(uri)).length > 0);
  assert.deepEqual(
    client.log.filter((line) => line.includes(' failed: ')),
    [],
  );
  assert.equal(await client.stop(), 0);
});
