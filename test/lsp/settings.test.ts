import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  CompletionRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  FileChangeType,
  RenameRequest,
} from 'vscode-languageserver/node';
import { defaultConfig, projectFileSchema } from '../../server/src/engine/config.ts';
import { modernEditor, oldEditor, TestClient, temporaryFolder } from './client.ts';

const text = 'FROM node:22\nEXPOSE 3000\nCMD ["node", "a.js"]\nWRONG\n';
const folder = temporaryFolder({ Dockerfile: text, 'sub/Dockerfile': text });
const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
const projectFile = join(folder, '.ballast.json');

let client: TestClient;

async function codes(of = uri): Promise<unknown[]> {
  return (await client.diagnostics(of)).map(({ code }) => code);
}

async function severityOf(rule: string): Promise<number | undefined> {
  return (await client.diagnostics(uri)).find(({ code }) => code === rule)?.severity;
}

async function set(settings: unknown): Promise<void> {
  const before = client.refreshes;
  client.settings = settings;
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  await client.until(() => client.refreshes > before);
}

async function changed(path: string, type: FileChangeType = FileChangeType.Changed): Promise<void> {
  const before = client.refreshes;
  await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: pathToFileURL(join(folder, path)).href, type }],
  });
  await client.until(() => client.refreshes > before);
}

describe('settings', () => {
  before(async () => {
    client = await TestClient.start({ workspaceFolder: folder });
    await client.open(uri, text);
  });
  after(() => client.stop());
  beforeEach(async () => {
    await set({});
    client.log.length = 0;
  });

  test('a change counts at once', async () => {
    assert.ok((await codes()).includes('runs-as-root'));
    await set({ rules: { 'runs-as-root': 'off' } });
    assert.ok(!(await codes()).includes('runs-as-root'));
    await set({ rules: { 'runs-as-root': 'hint' } });
    assert.equal(await severityOf('runs-as-root'), 4);
    assert.deepEqual(client.log, []);
  });

  test('Ballast can be switched off', async () => {
    await set({ enable: false });
    assert.deepEqual(await codes(), []);
    assert.equal(await client.hover(uri, { line: 0, character: 7 }), null);
  });

  test('what is not valid gets one line in the log, and the rest counts', async () => {
    await set({
      rules: { 'runs-as-root': 'off', 'healthcheck-missing': 'loud' },
      standardFeatures: 7,
      colour: 'red',
      trace: { server: 'off' },
    });
    assert.ok(!(await codes()).includes('runs-as-root'));
    await client.change(uri, text);
    assert.ok(!(await codes()).includes('runs-as-root'));
    const said = client.log.map((line) => line.split(' is passed over')[0]);
    assert.deepEqual(said.sort(), [
      'settings: ballast.colour',
      'settings: ballast.rules.healthcheck-missing',
      'settings: ballast.standardFeatures',
    ]);
  });

  for (const nonsense of [null, 'text', 7, [], { rules: null }, { rules: [] }, { enable: 'yes' }]) {
    test(`the defaults hold for ${JSON.stringify(nonsense)}`, async () => {
      await set(nonsense);
      assert.ok((await codes()).includes('runs-as-root'));
    });
  }
});

describe('files beside the Dockerfile', () => {
  before(async () => {
    client = await TestClient.start({
      workspaceFolder: folder,
      settings: { rules: { 'runs-as-root': 'hint' } },
    });
    await client.open(uri, text);
    await client.until(() => client.hasRegistered(DidChangeWatchedFilesNotification.method));
  });
  after(() => client.stop());

  test('are watched', () => {
    const [registration] = [...client.registrations.values()].filter(
      ({ method }) => method === DidChangeWatchedFilesNotification.method,
    );
    const pattern: string = registration?.registerOptions.watchers[0].globPattern;
    for (const name of [
      'package.json',
      'package-lock.json',
      '.dockerignore',
      'compose*.yaml',
      '.ballast.json',
    ]) {
      assert.ok(pattern.includes(name), name);
    }
  });

  test('the project file wins over the settings, wherever the document lies below it', async () => {
    const below = pathToFileURL(join(folder, 'sub/Dockerfile')).href;
    await client.open(below, text);
    writeFileSync(projectFile, '{ "$schema": "x", "rules": { "runs-as-root": "off" } }');
    await changed('.ballast.json', FileChangeType.Created);
    assert.ok(!(await codes()).includes('runs-as-root'));
    assert.ok(!(await codes(below)).includes('runs-as-root'));
    rmSync(projectFile);
    await changed('.ballast.json', FileChangeType.Deleted);
    assert.equal(await severityOf('runs-as-root'), 4);
    await client.close(below);
  });

  test('hadolint’s settings hold where no project file does', async () => {
    const settings = join(folder, '.hadolint.yaml');
    writeFileSync(settings, 'override:\n  error: [DL3002]\nignored: [DL3057]\n');
    await changed('.hadolint.yaml', FileChangeType.Created);
    assert.equal(await severityOf('runs-as-root'), 1);
    writeFileSync(projectFile, '{ "rules": { "runs-as-root": "off" } }');
    await changed('.ballast.json', FileChangeType.Created);
    assert.ok(!(await codes()).includes('runs-as-root'));
    rmSync(projectFile);
    await changed('.ballast.json', FileChangeType.Deleted);
    client.log.length = 0;
    writeFileSync(settings, 'ignored: DL3002\n');
    await changed('.hadolint.yaml');
    assert.equal(await severityOf('runs-as-root'), 4);
    assert.match(client.log.join('\n'), /\.hadolint\.yaml is passed over: ignored: /);
    rmSync(settings);
    await changed('.hadolint.yaml', FileChangeType.Deleted);
  });

  test('a project file that is not valid is passed over with one line in the log', async () => {
    for (const content of ['{', '{ "rules": 7 }', '{ "colour": "red" }', '\0']) {
      client.log.length = 0;
      writeFileSync(projectFile, content);
      await changed('.ballast.json');
      assert.equal(await severityOf('runs-as-root'), 4, content);
      await client.change(uri, text);
      await codes();
      assert.equal(client.log.length, 1, `${content}: ${client.log.join('\n')}`);
    }
    rmSync(projectFile);
    await changed('.ballast.json', FileChangeType.Deleted);
  });

  test('a file that appears changes the findings', async () => {
    const lockFile = join(folder, 'package-lock.json');
    const copies = 'FROM node:22\nUSER node\nCOPY . .\nRUN npm ci\nCMD ["node", "a.js"]\n';
    await client.change(uri, copies);
    const before = await client.codeActions(uri, {
      start: { line: 2, character: 0 },
      end: { line: 2, character: 8 },
    });
    writeFileSync(lockFile, '{ "lockfileVersion": 3, "packages": {} }');
    writeFileSync(join(folder, 'package.json'), '{ "name": "a" }');
    await changed('package-lock.json', FileChangeType.Created);
    const now = await client.codeActions(uri, {
      start: { line: 2, character: 0 },
      end: { line: 2, character: 8 },
    });
    assert.notDeepEqual(
      now.map(({ title, edit }) => [title, edit]),
      before.map(({ title, edit }) => [title, edit]),
    );
    await client.change(uri, text);
  });

  test('a burst of changes refreshes the diagnostics once, those of dependencies never', async () => {
    const before = client.refreshes;
    const changes = (path: string): DidChangeWatchedFilesParams => ({
      changes: [{ uri: pathToFileURL(join(folder, path)).href, type: FileChangeType.Changed }],
    });
    for (let i = 0; i < 20; i++) {
      const path = `node_modules/${i}/package.json`;
      await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, changes(path));
    }
    for (let i = 0; i < 20; i++) {
      await client.connection.sendNotification(
        DidChangeWatchedFilesNotification.type,
        changes('package.json'),
      );
    }
    await client.until(() => client.refreshes > before);
    assert.ok(client.refreshes - before < 20);
  });
});

describe('the standard features', () => {
  const completion = () =>
    client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position: { line: 3, character: 1 },
    });
  const other = { hasOtherDockerExtension: true, hasOtherBuildChecks: false, isTrusted: true };

  test('step back for another extension, come back when it goes, and can be forced', async () => {
    client = await TestClient.start({ initializationOptions: { environment: other } });
    await client.open(uri, text);
    assert.ok(!client.hasRegistered(RenameRequest.method));
    assert.deepEqual(await completion(), []);
    assert.ok(!(await codes()).includes('syntax'));
    assert.ok((await codes()).includes('runs-as-root'));

    await client.connection.sendNotification('ballast/environment', {
      ...other,
      hasOtherDockerExtension: false,
    });
    await client.until(() => client.hasRegistered(RenameRequest.method));
    assert.notDeepEqual(await completion(), []);
    assert.ok((await codes()).includes('syntax'));

    await client.connection.sendNotification('ballast/environment', other);
    await client.until(() => !client.hasRegistered(RenameRequest.method));
    assert.deepEqual(await completion(), []);

    await set({ standardFeatures: 'on' });
    await client.until(() => client.hasRegistered(RenameRequest.method));
    assert.ok((await codes()).includes('syntax'));
    await client.stop();
  });

  test('can be switched off', async () => {
    client = await TestClient.start({ settings: { standardFeatures: 'off' } });
    await client.open(uri, text);
    assert.ok(!(await codes()).includes('syntax'));
    assert.deepEqual(await completion(), []);
    assert.equal(await client.hover(uri, { line: 1, character: 1 }), null);
    assert.ok(await client.hover(uri, { line: 0, character: 7 }));
    await client.stop();
  });
});

test('an editor that cannot be asked may send its settings', async () => {
  client = await TestClient.start({
    capabilities: { ...oldEditor, textDocument: modernEditor.textDocument ?? {} },
    initializationOptions: { settings: { rules: { 'runs-as-root': 'off' } } },
  });
  await client.open(uri, text);
  assert.ok(!(await codes()).includes('runs-as-root'));
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, {
    settings: { ballast: { rules: { 'runs-as-root': 'error' } } },
  });
  assert.equal(await severityOf('runs-as-root'), 1);
  await client.stop();
});

describe('the checks of docker build --check', () => {
  test('are left to Docker DX, can be forced, and be set one by one', async () => {
    const environment = { hasOtherDockerExtension: true, hasOtherBuildChecks: true, isTrusted: true };
    client = await TestClient.start({ initializationOptions: { environment } });
    const check = 'as-keyword-casing-differs';
    await client.open(uri, text.replace('node:22', 'node:22 as app'));
    assert.ok(!(await codes()).includes(check));
    assert.ok((await codes()).includes('runs-as-root'));

    await set({ rules: { [check]: 'warning' } });
    assert.ok((await codes()).includes(check));
    await set({ buildChecks: 'on' });
    assert.ok((await codes()).includes(check));
    await set({});
    assert.ok(!(await codes()).includes(check));

    const before = client.refreshes;
    await client.connection.sendNotification('ballast/environment', {
      ...environment,
      hasOtherBuildChecks: false,
    });
    await client.until(() => client.refreshes > before);
    assert.ok((await codes()).includes(check));
    await set({ buildChecks: 'off' });
    assert.ok(!(await codes()).includes(check));
    await client.stop();
  });
});

test('what holds without a project file is what the schema makes of an empty one', () => {
  assert.deepEqual(projectFileSchema().parse({}), defaultConfig);
});
