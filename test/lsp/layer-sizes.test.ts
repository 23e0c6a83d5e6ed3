/** What each instruction adds to the image, at the end of its line, and the largest of what a COPY sends. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type InlayHint, InlayHintRequest, type MarkupContent } from 'vscode-languageserver/node';
import { TestClient, temporaryFolder } from './client.ts';

const text = `FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build \\
    && echo done
ADD --chown=node public missing ./public/
RUN <<EOF
mkdir /data
EOF

FROM build
COPY --from=build /app /srv
COPY a* /srv/
CMD ["node", "server.js"]
`;

const folder = temporaryFolder({
  Dockerfile: text,
  '.dockerignore': 'node_modules\n',
  'package.json': '{"scripts":{"build":"tsc"}}',
  'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
  'server.js': 'x'.repeat(100_000),
  'assets/video/intro.mp4': 'x'.repeat(5_000_000),
  'assets/logo.svg': 'x'.repeat(3_000),
  'docs/a.md': 'x'.repeat(300_000),
  'docs/b.md': 'x'.repeat(300_000),
  'public/in`dex|.html': 'x'.repeat(20_000),
  'node_modules/a/index.js': 'x'.repeat(3_000_000),
});
const uri = pathToFileURL(join(folder, 'Dockerfile')).href;

let client: TestClient;
before(async () => {
  client = await TestClient.start({ workspaceFolder: folder });
  await client.open(uri, text);
  await client.diagnostics(uri);
  await client.until(() => client.refreshes > 0);
});
after(() => client.stop());

function hints(lines = [0, 20]): Promise<InlayHint[] | null> {
  const [first = 0, last = 0] = lines;
  const range = { start: { line: first, character: 0 }, end: { line: last, character: 0 } };
  return client.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range });
}

async function hoverAt(line: number, character: number): Promise<string> {
  const hover = await client.hover(uri, { line, character });
  return hover === null ? '' : (hover.contents as MarkupContent).value;
}

describe('sizes at the end of lines', () => {
  test('stand behind every instruction that writes files, once for each', async () => {
    assert.deepEqual(
      (await hints())?.map(({ position, label }) => `${position.line}:${position.character} ${label}`),
      [
        '0:17 227 MB',
        '2:38 62 B',
        '3:10 3.1 MB to 6.6 MB',
        '4:8 5.72 MB',
        '7:41 20 kB',
        '13:27 at least 8.44 MB',
        '14:13 5 MB',
      ],
    );
  });

  test('say what they consist of, in plain words', async () => {
    const found = await hints([3, 6]);
    assert.deepEqual(
      found?.map(({ tooltip }) => tooltip),
      [
        'dependencies (npm): ≈ 3 MB (node_modules on this machine)\n' +
          'cache of npm: 410 kB to 3.3 MB (a share of node_modules on this machine)',
        'the whole build context: 5.72 MB (files on this machine)',
      ],
    );
  });

  test('go with the setting for sizes', async () => {
    const other = await TestClient.start({ workspaceFolder: folder, settings: { sizeHints: false } });
    await other.open(uri, text);
    const range = { start: { line: 0, character: 0 }, end: { line: 20, character: 0 } };
    assert.deepEqual(
      await other.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range }),
      [],
    );
    await other.stop();
  });
});

describe('the hover on a RUN', () => {
  test('says what it adds and what that consists of', async () => {
    const value = await hoverAt(3, 1);
    assert.match(value, /^\*\*3\.1 MB to 6\.6 MB\*\* from this RUN\n- dependencies \\\(npm\\\): ≈ 3 MB/);
  });

  test('says why nothing is known before the build', async () => {
    assert.match(
      await hoverAt(5, 1),
      /^\*\*not known\*\* from this RUN\n- what npm run build writes is not known before the build\n/,
    );
    assert.doesNotMatch(await hoverAt(5, 6), /not known/);
  });
});

describe('the hover on a COPY', () => {
  test('lists the largest of what it sends, and follows what is heavy', async () => {
    const value = await hoverAt(4, 2);
    assert.match(value, /^\*\*5\.72 MB\*\* from the build context$/m);
    const rows = value.split('\n').filter((line) => line.startsWith('| `'));
    assert.deepEqual(rows.slice(0, 3), [
      '| `assets/video/intro.mp4` | 5\u00a0MB | 1 | nothing reads it |',
      '| `docs/` | 600\u00a0kB | 2 | nothing shows that the build does without it |',
      '| `server.js` | 100\u00a0kB | 1 | node server.js names server.js |',
    ]);
    assert.equal(rows.length, 5);
    assert.match(value, /COPY/);
    assert.match(await hoverAt(4, 6), /intro\.mp4/);
  });

  test('keeps names of files from being read as markdown', async () => {
    assert.match(await hoverAt(4, 6), /^\| `public\/in\?dex\?\.html` \|/m);
  });

  test('is not about destinations, other stages and what nobody knows', async () => {
    assert.doesNotMatch(await hoverAt(4, 8), /build context/);
    assert.doesNotMatch(await hoverAt(13, 2), /from the build context/);
    assert.match(await hoverAt(14, 6), /assets\/video\/intro\.mp4/);
  });
});
