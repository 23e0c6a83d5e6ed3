import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type ApplyWorkspaceEditParams,
  ApplyWorkspaceEditRequest,
  CodeActionKind,
  CodeLensRequest,
  ExecuteCommandRequest,
} from 'vscode-languageserver/node';
import {
  applyRequest,
  type ChangePreview,
  type ChecklistView,
  checklistRequest,
  previewRequest,
  type WeightView,
  weightRequest,
} from '../../server/src/lsp/messages.ts';
import { TestClient, temporaryFolder } from './client.ts';

const text = `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
EXPOSE 3000
CMD ["node", "dist/server.js"]
`;

const folder = temporaryFolder({
  Dockerfile: text,
  'package.json': JSON.stringify({
    name: 'a',
    version: '1.0.0',
    scripts: { build: 'tsc' },
    dependencies: { a: '1.0.0' },
    devDependencies: { typescript: '5.0.0' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'a',
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { a: '1.0.0' }, devDependencies: { typescript: '5.0.0' } },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/typescript': { version: '5.0.0', dev: true },
    },
  }),
  'tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" } }',
  'src/server.ts': "import http from 'node:http';\nhttp.createServer().listen(3000);\n",
});
const uri = pathToFileURL(join(folder, 'Dockerfile')).href;

function lenses(client: TestClient) {
  return client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
}

/** Answers the edits that the server asks for, and keeps them. */
function takeEdits(client: TestClient): ApplyWorkspaceEditParams[] {
  const edits: ApplyWorkspaceEditParams[] = [];
  client.connection.onRequest(ApplyWorkspaceEditRequest.type, (params) => {
    edits.push(params);
    return { applied: true };
  });
  return edits;
}

describe('an editor with views of its own', () => {
  let client: TestClient;
  before(async () => {
    client = await TestClient.start({ workspaceFolder: folder, initializationOptions: { views: true } });
    await client.open(uri, text);
  });
  after(() => client.stop());

  test('gets lenses over the last FROM, and runs their commands itself', async () => {
    const found = await lenses(client);
    assert.deepEqual(
      found?.map(({ range, command }) => [range.start.line, command?.title, command?.command]),
      [
        [0, '≈ 1.1 GB+ · checklist 0 of 8', 'ballast.showChecklist'],
        [0, 'Slim this Dockerfile…', 'ballast.slim'],
      ],
    );
    assert.equal(client.initializeResult?.capabilities.executeCommandProvider, undefined);
  });

  test('gets lenses over the first FROM as well where the last is out of sight', async () => {
    const page = (comments: number, between: number): string =>
      `${'# About this file\n'.repeat(comments)}FROM node:22 AS a\n${'RUN true\n'.repeat(between)}FROM node:22-slim\nCMD ["node"]\n`;
    const linesOf = async (of: string): Promise<(number | undefined)[]> => {
      const other = await TestClient.start({
        workspaceFolder: folder,
        initializationOptions: { views: true },
      });
      await other.open(uri, of);
      const found = (await lenses(other)) ?? [];
      await other.stop();
      return [...new Set(found.map(({ range }) => range.start.line))];
    };
    assert.deepEqual(await linesOf(page(0, 5)), [6]);
    assert.deepEqual(await linesOf(page(0, 25)), [0, 26]);
    // Below a long comment at the top as well.
    assert.deepEqual(await linesOf(page(15, 10)), [15, 26]);
    assert.deepEqual(
      await linesOf(`${'# About this file\n'.repeat(40)}FROM node:22-slim\nCMD ["node"]\n`),
      [40],
    );
  });

  test('gets no lens where they are switched off', async () => {
    const other = await TestClient.start({ workspaceFolder: folder, settings: { codeLens: false } });
    await other.open(uri, text);
    assert.deepEqual(await lenses(other), []);
    await other.stop();
  });

  test('lists the checklist with a fix for each open item', async () => {
    const view = await client.connection.sendRequest<ChecklistView>(checklistRequest, { uri });
    assert.equal(view.items.length, 8);
    for (const { state, title, evidence, fix } of view.items) {
      assert.equal(state, 'open', title);
      assert.ok(evidence !== '' && fix !== undefined, title);
    }
  });

  test('is shown what everything worth changing makes of the file, and any part of it', async () => {
    const ask = (only?: readonly string[]) =>
      client.connection.sendRequest<ChangePreview>(previewRequest, { uri, ...(only && { only }) });
    const all = await ask();
    assert.match(all.title, /^Saves ≈ 9\d\d MB: ≈ 1\.1 GB\+ → ≈ 230 MB\+, checklist 0 → 8 of 8$/);
    assert.ok(all.items.length >= 2 && all.items.every(({ detail }) => detail !== ''));
    assert.deepEqual(
      all.files.map(({ uri: file, isNew }) => [file.replace(/^.*\//, ''), isNew]),
      [
        ['Dockerfile', false],
        ['.dockerignore', true],
      ],
    );
    assert.match(all.files[0]?.after ?? '', /^FROM node:22-slim$/m);
    assert.deepEqual(all.offered, []);
    // Each change names the line where it begins in what is shown.
    const lines = (all.files[0]?.after ?? '').split('\n');
    const placed = new Map(all.items.map(({ rule, place }) => [rule, place]));
    assert.match(lines[placed.get('healthcheck-missing')?.line ?? -1] ?? '', /^HEALTHCHECK /);
    assert.match(lines[placed.get('single-stage-build')?.line ?? -1] ?? '', /^FROM node:22 AS builder$/);
    assert.equal(placed.get('dockerignore-missing')?.uri, all.files[1]?.uri);
    const build = all.items.find(({ rule }) => rule === 'single-stage-build');
    assert.match(build?.reason ?? '', /^This image ships what built it/);
    assert.ok(build?.assumptions.some((one) => one.startsWith('The build writes to dist')));
    assert.deepEqual((await ask(all.items.map(({ rule }) => rule))).files, all.files);
    const left = all.items.map(({ rule }) => rule).filter((rule) => rule !== 'single-stage-build');
    const some = await ask(left);
    assert.doesNotMatch(some.files[0]?.after ?? '', /AS builder/);
    assert.match(some.title, /^No size saved: ≈ 1\.1 GB\+, checklist \d → \d of 8$/);
    assert.ok(some.items.every(({ rule }) => left.includes(rule)));
    // What takes the place of what was left out is offered, and not made.
    const offered = some.offered.map(({ rule }) => rule);
    assert.ok(offered.includes('single-stage-build') && offered.includes('runs-as-root'), String(offered));
    assert.doesNotMatch(some.files[0]?.after ?? '', /^USER /m);
    const more = await ask([...left, 'runs-as-root']);
    assert.match(more.files[0]?.after ?? '', /^USER /m);
    const none = await ask([]);
    assert.deepEqual([none.items, none.files], [[], []]);
    assert.equal(existsSync(join(folder, '.dockerignore')), false, 'nothing is written');
  });

  test('edits of style alone are marked, and a file without size to save says so', async () => {
    const address = pathToFileURL(join(folder, 'other/Dockerfile')).href;
    await client.open(address, 'FROM alpine:3.22 as base\nMAINTAINER me\nCMD ["sh"]\n');
    const preview = await client.connection.sendRequest<ChangePreview>(previewRequest, { uri: address });
    assert.match(preview.title, /^No size to save: /);
    const marks = new Map(preview.items.map(({ rule, isTidying }) => [rule, isTidying]));
    assert.equal(marks.get('maintainer-instruction'), true, String([...marks.keys()]));
    assert.notEqual(marks.get('runs-as-root'), true);
    await client.close(address);
  });

  test('large fixes are shown first, small ones are made at once', async () => {
    const everywhere = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const actions = await client.codeActions(uri, everywhere, { only: [CodeActionKind.QuickFix] });
    const large = actions.find(({ title }) => title.startsWith('Move the build'));
    assert.equal(large?.edit, undefined);
    assert.equal(large?.command?.command, 'ballast.showFix');
    const [, fix] = large?.command?.arguments ?? [];
    const preview = await client.connection.sendRequest<ChangePreview>(previewRequest, {
      uri,
      fix,
    });
    assert.equal(`${preview.title} (review)`, large?.title);
    assert.match(preview.files[0]?.after ?? '', /^FROM node:22 AS builder$/m);
    const small = actions.find(({ title }) => title === 'Run as node (review)');
    assert.ok(small?.edit !== undefined && small.command === undefined);
  });

  test('changes are made for the version they were shown for, and for no other', async () => {
    const edits = takeEdits(client);
    const make = (version: number) =>
      client.connection.sendRequest(applyRequest, { uri, version, only: ['runs-as-root'] });
    assert.equal(await make(99), false);
    assert.equal(edits.length, 0);
    assert.equal(await make(1), true);
    assert.match(client.applied(uri, edits[0]?.edit), /^USER 1000$/m);
    assert.equal(edits[0]?.edit.changeAnnotations, undefined, 'what was seen is not asked about again');
  });

  test('is given a picture of what makes up the image, with lines to go to', async () => {
    const view = await client.connection.sendRequest<WeightView>(weightRequest, {
      uri,
      name: 'api/Dockerfile',
    });
    assert.equal(view.title, 'Weight of api/Dockerfile');
    assert.match(view.body, /<h1>api\/Dockerfile<\/h1>/);
    assert.match(
      view.body,
      /data-line="0" aria-label="FROM node:22, line 1: ≈ 1\.1 GB, base image, catalogue, /,
    );
    assert.match(view.body, /Slimming saves ≈ 9\d\d MB: /);
    assert.match(view.styles, /--vscode-editor-background/);
    const other = await client.connection.sendRequest(weightRequest, { uri: `${uri}.other`, name: '' });
    assert.equal(other, null);
  });

  test('a fix that is gone has no preview', async () => {
    const fix = { rule: 'runs-as-root', offset: 12, title: 'Nothing of the kind' };
    const preview = await client.connection.sendRequest(previewRequest, { uri, fix });
    assert.equal(preview, null);
  });
});

describe('another editor', () => {
  let client: TestClient;
  before(async () => {
    client = await TestClient.start({ workspaceFolder: folder });
    await client.open(uri, text);
  });
  after(() => client.stop());

  test('has the commands of the lenses run by the server', async () => {
    assert.deepEqual(client.initializeResult?.capabilities.executeCommandProvider?.commands, [
      'ballast.slim',
      'ballast.showChecklist',
    ]);
    const messages: string[] = [];
    client.connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      messages.push(message);
    });
    client.connection.onRequest('window/showMessageRequest', ({ message }: { message: string }) => {
      messages.push(message);
      return null;
    });
    const edits = takeEdits(client);
    const run = (command: string) =>
      client.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: [uri] });
    await run('ballast.showChecklist');
    assert.match(messages[0] ?? '', /checklist 0 of 8\n✗ Multi-stage build: /);
    await run('ballast.slim');
    assert.match(client.applied(uri, edits[0]?.edit), /^FROM node:22-slim$/m);
  });

  test('gets edits for all fixes, and looks at the large ones first', async () => {
    const everywhere = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const actions = await client.codeActions(uri, everywhere, { only: [CodeActionKind.QuickFix] });
    assert.ok(actions.every(({ edit, command }) => edit !== undefined && command === undefined));
    const large = actions.find(({ title }) => title.startsWith('Move the build'));
    assert.equal(large?.edit?.changeAnnotations?.['ballast']?.needsConfirmation, true);
  });
});
