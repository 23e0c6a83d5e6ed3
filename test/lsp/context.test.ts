/** What the server says of a build context once it has been measured. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver/node';
import { oldEditor, TestClient, temporaryFolder } from './client.ts';

const dockerfile = `FROM node:22-slim
WORKDIR /app
COPY . .
RUN npm ci
USER node
CMD ["node", "server.js"]
`;

function project(): string {
  return temporaryFolder({
    'package.json': '{}',
    'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
    'server.js': 'x'.repeat(100_000),
    'node_modules/a/index.js': 'x'.repeat(3_000_000),
    '.git/HEAD': 'x'.repeat(1_000_000),
    '.env': 'DATABASE_PASSWORD=hunter2\n',
    Dockerfile: dockerfile,
  });
}

/** A document of which the context has been measured. */
async function openMeasured(client: TestClient, folder: string): Promise<string> {
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  const { refreshes } = client;
  await client.open(uri, dockerfile);
  await client.diagnostics(uri);
  await client.until(() => client.refreshes > refreshes);
  return uri;
}

async function messageOf(client: TestClient, uri: string, rule: string): Promise<string | undefined> {
  const found = (await client.diagnostics(uri)).find(({ code }) => code === rule)?.message;
  return typeof found === 'object' ? found.value : found;
}

describe('a measured build context', () => {
  let client: TestClient;
  before(async () => {
    client = await TestClient.start();
  });
  after(() => client.stop());

  const change = async (path: string, type: FileChangeType): Promise<void> => {
    const { refreshes } = client;
    const changes = [{ uri: pathToFileURL(path).href, type }];
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
    await client.until(() => client.refreshes > refreshes);
  };

  test('is told with its bytes after one refresh', async () => {
    const { refreshes } = client;
    const uri = await openMeasured(client, project());
    assert.equal(
      await messageOf(client, uri, 'dockerignore-missing'),
      'No .dockerignore: COPY . . sends 4.1 MB, 4 MB of it node_modules, .git and .env.',
    );
    assert.match((await messageOf(client, uri, 'secret-file-in-image')) ?? '', /^\.env \(26 B\) gets into/);
    assert.equal(client.refreshes, refreshes + 1);
    await client.close(uri);
  });

  test('is measured anew when the ignore file changes', async () => {
    const folder = project();
    const uri = await openMeasured(client, folder);
    const ignore = join(folder, '.dockerignore');
    writeFileSync(ignore, '.env\n.git\n');
    await change(ignore, FileChangeType.Created);
    await until(async () =>
      /3 MB of the 3\.1 MB/.test((await messageOf(client, uri, 'dockerignore-incomplete')) ?? ''),
    );
    assert.equal(await messageOf(client, uri, 'dockerignore-missing'), undefined);
    await client.close(uri);
  });

  test('is measured anew when files come and go, in node_modules too', async () => {
    const folder = project();
    const uri = await openMeasured(client, folder);
    const added = join(folder, 'node_modules/a/more.js');
    writeFileSync(added, 'x'.repeat(2_000_000));
    await change(added, FileChangeType.Created);
    await until(async () => /6 MB of it/.test((await messageOf(client, uri, 'dockerignore-missing')) ?? ''));
    rmSync(join(folder, 'node_modules'), { recursive: true });
    await change(join(folder, 'node_modules'), FileChangeType.Deleted);
    await until(async () =>
      /1 MB of it \.git/.test((await messageOf(client, uri, 'dockerignore-missing')) ?? ''),
    );
    await client.close(uri);
  });

  test('is not needed where nothing is copied, nor for text that is no file', async () => {
    // A server of its own: files that other tests removed may still be told of.
    const client = await TestClient.start();
    const { refreshes } = client;
    const plain = pathToFileURL(join(project(), 'Dockerfile')).href;
    await client.open(plain, 'FROM node:22\n');
    await client.open('vscode-vfs://github/a/b/Dockerfile', dockerfile);
    assert.ok((await client.diagnostics('vscode-vfs://github/a/b/Dockerfile')).length > 0);
    await client.diagnostics(plain);
    await openMeasured(client, project());
    assert.equal(client.refreshes, refreshes + 1);
    await client.stop();
  });
});

test('an editor that does not pull gets the bytes sent', async () => {
  const client = await TestClient.start({ capabilities: oldEditor });
  const uri = pathToFileURL(join(project(), 'Dockerfile')).href;
  await client.open(uri, dockerfile);
  await client.until(() =>
    client.published.some(({ diagnostics }) =>
      diagnostics.some(({ message }) => typeof message === 'string' && /4 MB of it/.test(message)),
    ),
  );
  await client.stop();
});

/** Waits for a condition that only asking again can show; the test runner's limit ends it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('settings say where a Dockerfile is built, the project file before the editor', async () => {
  const files = {
    'docker/Dockerfile': 'FROM nginx:1.29-alpine\nCOPY index.html other.html /srv/\n',
    'a/index.html': '',
    'b/index.html': '',
    'b/other.html': '',
    'c/index.html': '',
  };
  const folder = temporaryFolder(files);
  const client = await TestClient.start({
    workspaceFolder: folder,
    settings: { buildContexts: { 'docker/Dockerfile': 'a' } },
  });
  const uri = pathToFileURL(join(folder, 'docker/Dockerfile')).href;
  const missing = () => messageOf(client, uri, 'copied-path-missing');
  await client.open(uri, files['docker/Dockerfile']);
  assert.equal(await missing(), 'other.html is not in the build context.');
  writeFileSync(join(folder, '.ballast.json'), '{ "buildContexts": { "**/Dockerfile": "b" } }');
  const changes = [
    {
      uri: pathToFileURL(join(folder, '.ballast.json')).href,
      type: FileChangeType.Created as FileChangeType,
    },
  ];
  await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
  await until(async () => (await missing()) === undefined);
  await client.stop();
});
