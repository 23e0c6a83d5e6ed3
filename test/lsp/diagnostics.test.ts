import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CancellationTokenSource,
  type Diagnostic,
  DocumentDiagnosticRequest,
  LSPErrorCodes,
  type ResponseError,
} from 'vscode-languageserver/node';
import { full, modernEditor, oldEditor, rangeOf, TestClient } from './client.ts';

const uri = 'untitled:Dockerfile';

/** A file with findings in several places. */
const typical = `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN apt-get update && apt-get install -y curl
EXPOSE 3000
CMD ["node", "server.js"]
`;

function codes(diagnostics: readonly Diagnostic[]): unknown[] {
  return diagnostics.map(({ code }) => code);
}

describe('asked for', () => {
  let client: TestClient;
  before(async () => {
    client = await TestClient.start();
  });
  after(() => client.stop());

  test('a diagnostic says what, where, how grave, and where to read more', async () => {
    await client.open(uri, typical);
    const found = await client.diagnostics(uri);
    const root = found.find(({ code }) => code === 'runs-as-root');
    assert.ok(root, `found only ${codes(found)}`);
    assert.equal(root.source, 'ballast');
    assert.equal(root.severity, 2);
    assert.equal(root.range.start.line, root.range.end.line);
    assert.deepEqual(root.codeDescription, {
      href: 'https://github.com/ballast-dev/ballast/blob/main/docs/rules/runs-as-root.md',
    });
    assert.equal(root.data.rule, 'runs-as-root');
    await client.close(uri);
  });

  test('the same version is answered with its id alone', async () => {
    await client.open(uri, typical);
    const first = full(await client.pull(uri));
    assert.deepEqual(await client.pull(uri, first.resultId), { kind: 'unchanged', resultId: first.resultId });
    await client.change(uri, 'LABEL a=b\n', rangeOf(typical, 'WORKDIR /app\n'));
    const second = full(await client.pull(uri, first.resultId));
    assert.notEqual(second.resultId, first.resultId);
    // The id of a document that was closed and opened again, at the same version, is another one.
    await client.close(uri);
    await client.open(uri, 'FROM scratch\n');
    assert.equal((await client.pull(uri, first.resultId)).kind, 'full');
    await client.close(uri);
  });

  test('incremental changes are followed', async () => {
    await client.open(uri, typical);
    assert.ok(codes(await client.diagnostics(uri)).includes('runs-as-root'));
    await client.change(uri, 'USER node\nCMD', rangeOf(typical, 'CMD'));
    assert.ok(!codes(await client.diagnostics(uri)).includes('runs-as-root'));
    await client.change(uri, '', rangeOf(client.document(uri).getText(), 'USER node\n'));
    assert.ok(codes(await client.diagnostics(uri)).includes('runs-as-root'));
    await client.close(uri);
  });

  test('several documents do not mix', async () => {
    const other = 'untitled:Dockerfile-2';
    await client.open(uri, typical);
    await client.open(other, 'FROM scratch\n');
    const [mine, others] = await Promise.all([client.diagnostics(uri), client.diagnostics(other)]);
    assert.ok(codes(mine).includes('runs-as-root'));
    assert.ok(!codes(others).includes('sources-copied-before-install'));
    await client.close(uri);
    await client.close(other);
  });

  test('a request that is cancelled is answered as such', async () => {
    await client.open(uri, typical);
    const source = new CancellationTokenSource();
    const asked = client.connection.sendRequest(
      DocumentDiagnosticRequest.type,
      { textDocument: { uri } },
      source.token,
    );
    source.cancel();
    await assert.rejects(asked, (error: ResponseError) => error.code === LSPErrorCodes.RequestCancelled);
    assert.ok((await client.diagnostics(uri)).length > 0);
    await client.close(uri);
  });

  test('a half-typed instruction is reported where it stands', async () => {
    const text = typical.replace('EXPOSE 3000', 'EXPOS 3000');
    await client.open(uri, text);
    const found = await client.diagnostics(uri);
    const syntax = found.filter(({ code }) => code === 'syntax');
    assert.deepEqual(
      syntax.map(({ range, severity }) => [range.start.line, severity]),
      [[5, 1]],
    );
    assert.ok(codes(found).includes('sources-copied-before-install'));
    await client.close(uri);
  });

  test('typing an instruction letter by letter leaves the other findings where they are', async () => {
    for (const line of [
      'LABEL team="a b"',
      'ENV A=b C="d e"',
      'RUN echo "$A" > /tmp/a',
      'COPY --chown=1:1 a b',
    ]) {
      await client.open(uri, typical);
      const expected = await client.diagnostics(uri);
      assert.ok(expected.length >= 3);
      const at = { line: 2, character: 0 };
      await client.change(uri, '\n', { start: at, end: at });
      for (let i = 0; i <= line.length; i++) {
        const others = (await client.diagnostics(uri)).filter(({ range }) => range.start.line !== at.line);
        assert.deepEqual(
          others.map(place),
          expected.map((diagnostic) => place(moved(diagnostic, at.line))),
          `after "${line.slice(0, i)}"`,
        );
        const cursor = { line: at.line, character: i };
        await client.change(uri, line.slice(i, i + 1), { start: cursor, end: cursor });
      }
      await client.close(uri);
    }
  });

  test('any text is answered', async () => {
    const texts = [
      '',
      '\n',
      '\uFEFFFROM a\n',
      'FROM',
      'FROM ',
      'RUN',
      '\0\u0001\uFFFF\uD800 \x7f',
      'FROM a\nRUN <<EOF\necho',
      'FROM a\nRUN <<',
      'FROM a\nRUN \\',
      'FROM a\nRUN \\\n# c \\ b\n',
      'FROM a\r\nRUN b \\\r\n  c\r\n',
      'FROM a\rRUN b',
      '# escape=`\nFROM a\nRUN a `\n b',
      'COPY --from= a\nONBUILD ONBUILD FROM',
      `FROM a\n${'RUN echo a && echo b\n'.repeat(5_000)}`,
    ];
    for (const text of texts) {
      await client.open(uri, text);
      assert.equal((await client.pull(uri)).kind, 'full');
      await client.close(uri);
    }
    assert.deepEqual(
      client.log.filter((line) => line.includes('failed')),
      [],
    );
  });
});

describe('sent', () => {
  let client: TestClient;
  before(async () => {
    client = await TestClient.start({ capabilities: oldEditor });
  });
  after(() => client.stop());

  test('after opening and after a pause in typing, for the last version', async () => {
    await client.open(uri, typical);
    await client.until(() => client.published.length === 1);
    assert.equal(client.published[0]?.version, 1);
    assert.ok(codes(client.published[0]?.diagnostics ?? []).includes('runs-as-root'));
    for (const letter of 'abc') {
      await client.change(uri, letter, {
        start: { line: 1, character: 12 },
        end: { line: 1, character: 12 },
      });
    }
    await client.until(() => client.published.at(-1)?.version === 4);
    const versions = client.published.map(({ version }) => version);
    assert.deepEqual(versions, [...new Set(versions)], 'no version is sent twice');
  });

  test('without what the editor does not know', () => {
    for (const diagnostic of client.published.flatMap(({ diagnostics }) => diagnostics)) {
      assert.equal(diagnostic.codeDescription, undefined);
      assert.equal(diagnostic.relatedInformation, undefined);
    }
  });

  test('taken back on closing', async () => {
    const before = client.published.length;
    await client.change(uri, 'FROM scratch\n');
    await client.close(uri);
    await client.until(() => client.published.length > before);
    assert.deepEqual(client.published.at(-1), { uri, diagnostics: [] });
    // The change before must not be reported any more.
    await client.open('untitled:other', 'FROM scratch\n');
    await client.until(() => client.published.at(-1)?.uri === 'untitled:other');
    assert.equal(client.published.filter((sent) => sent.uri === uri).length, before + 1);
  });
});

test('an editor that can do both is not sent what it asks for', async () => {
  const client = await TestClient.start({ capabilities: modernEditor });
  await client.open(uri, typical);
  assert.ok((await client.diagnostics(uri)).length > 0);
  await client.change(uri, 'FROM node:22\n');
  await client.diagnostics(uri);
  assert.deepEqual(client.published, []);
  assert.equal(await client.stop(), 0);
});

function place({ code, range, message }: Diagnostic): unknown {
  return { code, range, message };
}

function moved(diagnostic: Diagnostic, fromLine: number): Diagnostic {
  const by = diagnostic.range.start.line >= fromLine ? 1 : 0;
  const move = ({ line, character }: Diagnostic['range']['start']) => ({ line: line + by, character });
  return { ...diagnostic, range: { start: move(diagnostic.range.start), end: move(diagnostic.range.end) } };
}
