/** One line about a file: for the status bar, and for the list of all Dockerfiles. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { DidChangeConfigurationNotification } from 'vscode-languageserver/node';
import {
  type ChangePreview,
  type FileSummary,
  previewRequest,
  summaryRequest,
} from '../../server/src/lsp/messages.ts';
import { TestClient, temporaryFolder } from './client.ts';

const text = `FROM node:22
WORKDIR /app
COPY server.js .
CMD ["node", "server.js"]
`;
const folder = temporaryFolder({
  Dockerfile: text,
  'server.js': 'x'.repeat(100_000),
  'broken/Dockerfile': text,
  'broken/.ballast.json':
    '{\n  // A comment is allowed.\n  "rules": { "runs-as-root": "off" }\n  "budgets": []\n}\n',
  'commented/Dockerfile': text,
  'commented/.ballast.json': '{\n  // A comment is allowed.\n  "rules": { "runs-as-root": "off", },\n}\n',
});
const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;

let client: TestClient;
before(async () => {
  client = await TestClient.start({ settings: { network: 'off' } });
});
after(() => client.stop());

function summary(path: string, content?: string): Promise<FileSummary | null> {
  const request = { uri: uriOf(path), ...(content === undefined ? {} : { text: content }) };
  return client.connection.sendRequest(summaryRequest, request);
}

test('a file that is not open is read from its text, with what its build context weighs', async () => {
  const found = await summary('Dockerfile', text);
  assert.equal(found?.size, '≈ 1.1 GB');
  assert.match(found?.slimmed ?? '', /^≈ 2[23]0 MB$/);
  assert.ok((found?.saving ?? 0) > 800e6);
  assert.match(found?.detail ?? '', /^≈ 1\.1 GB on disk → ≈ 2[23]0 MB on disk, checklist \d of \d$/);
  assert.match(found?.offlineSince ?? '', /^\d{4}-\d\d/);
  assert.equal(await summary('Dockerfile'), null, 'and not kept');
});

test('an open file has the figures of its preview', async () => {
  await client.open(uriOf('Dockerfile'), text);
  await client.diagnostics(uriOf('Dockerfile'));
  await client.until(() => client.refreshes > 0);
  const found = await summary('Dockerfile');
  const preview = await client.connection.sendRequest<ChangePreview>(previewRequest, {
    uri: uriOf('Dockerfile'),
  });
  assert.ok(preview.title.includes(`${found?.size} → ${found?.slimmed}`), preview.title);
  assert.equal(found?.findings, (await client.diagnostics(uriOf('Dockerfile'))).length);
});

test('a project file with an error is named, and one with comments has none', async () => {
  const broken = await summary('broken/Dockerfile', text);
  assert.match(
    broken?.projectFileProblem ?? '',
    /\.ballast\.json is passed over: not valid JSON: line 4: comma expected$/,
  );
  const commented = await summary('commented/Dockerfile', text);
  assert.equal(commented?.projectFileProblem, undefined);
  assert.equal(commented?.findings, (broken?.findings ?? 0) - 1);
});

test('says where Ballast is off', async () => {
  client.settings = { enable: false };
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: {} });
  const found = await summary('commented/Dockerfile', text);
  assert.deepEqual([found?.isOff, found?.findings], [true, 0]);
});
