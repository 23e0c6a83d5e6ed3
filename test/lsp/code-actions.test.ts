import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic } from 'vscode-languageserver/node';
import { modernEditor, oldEditor, TestClient, temporaryFolder } from './client.ts';

const typical = `# syntax=docker/dockerfile:1
FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
# System packages.
RUN apt-get update && apt-get install -y curl
EXPOSE 3000
CMD ["node", "server.js"]
`;

const folder = temporaryFolder({
  'package.json': '{ "name": "a", "version": "1.0.0" }',
  'package-lock.json': '{ "name": "a", "lockfileVersion": 3, "packages": {} }',
  Dockerfile: typical,
});
const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
const everywhere = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

let client: TestClient;
before(async () => {
  client = await TestClient.start({ workspaceFolder: folder });
});
after(() => client.stop());

function rulesOf(actions: readonly CodeAction[]): unknown[] {
  return actions.map(({ diagnostics }) => diagnostics?.[0]?.code);
}

describe('quick fixes', () => {
  before(() => client.open(uri, typical));
  after(() => client.close(uri));

  test('belong to the findings that touch the range', async () => {
    const found = await client.diagnostics(uri);
    for (const diagnostic of found) {
      const actions = await client.codeActions(uri, diagnostic.range, { only: ['quickfix'] });
      assert.ok(rulesOf(actions).includes(diagnostic.code), String(diagnostic.code));
      for (const action of actions) {
        assert.equal(action.kind, 'quickfix');
        const [own] = action.diagnostics as [Diagnostic];
        assert.deepEqual(
          found.find(({ code, range }) => code === own.code && range.start.line === own.range.start.line),
          own,
        );
      }
    }
    const blank = { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } };
    assert.deepEqual(await client.codeActions(uri, blank), []);
  });

  test('resolve the finding they belong to', async () => {
    const actions = await client.codeActions(uri, everywhere);
    assert.ok(actions.length > 3);
    for (const { title, diagnostics, edit } of actions) {
      const fixed = client.applied(uri, edit);
      const other = 'untitled:fixed';
      await client.open(other, fixed);
      const code = diagnostics?.[0]?.code;
      const left = (await client.diagnostics(other)).filter((diagnostic) => diagnostic.code === code);
      const before = (await client.diagnostics(uri)).filter((diagnostic) => diagnostic.code === code);
      assert.equal(left.length, before.length - 1, `${title}:\n${fixed}`);
      await client.close(other);
    }
  });

  test('only the first fix of a finding is preferred, and only when it is safe', async () => {
    const actions = await client.codeActions(uri, everywhere);
    const preferred = actions.filter(({ isPreferred }) => isPreferred);
    const findings = preferred.map(({ diagnostics }) => JSON.stringify(diagnostics));
    assert.ok(findings.length > 0);
    assert.deepEqual(findings, [...new Set(findings)]);
    for (const { title } of preferred) {
      assert.ok(!title.startsWith('Ignore '), title);
    }
  });

  test('ignoring comes last', async () => {
    const titles = (await client.codeActions(uri, everywhere)).map(({ title }) => title);
    const firstIgnore = titles.findIndex((title) => title.startsWith('Ignore '));
    assert.ok(firstIgnore > 0);
    assert.ok(
      titles.slice(firstIgnore).every((title) => title.startsWith('Ignore ')),
      titles.join('\n'),
    );
  });

  test('ignoring a rule edits the comment that is there', async () => {
    const ignored = async () => {
      const found = await client.diagnostics(uri);
      const copy = found.find(({ code }) => code === 'sources-copied-before-install');
      assert.ok(copy);
      const actions = await client.codeActions(uri, copy.range);
      const title = 'Ignore sources-copied-before-install for this instruction';
      return client.applied(uri, actions.find((action) => action.title === title)?.edit);
    };
    assert.match(await ignored(), /^# ballast ignore=sources-copied-before-install\nCOPY \. \.$/m);
    const commented = typical.replace('COPY', '# ballast ignore=runs-as-root\nCOPY');
    await client.change(uri, commented);
    assert.match(
      await ignored(),
      /^# ballast ignore=runs-as-root,sources-copied-before-install\nCOPY \. \.$/m,
    );
    await client.change(uri, typical);
  });

  test('nothing but what was asked for', async () => {
    assert.deepEqual(await client.codeActions(uri, everywhere, { only: ['refactor'] }), []);
    const quickFixes = await client.codeActions(uri, everywhere);
    assert.ok(quickFixes.every(({ kind }) => kind === 'quickfix'));
  });

  test('are made for the version they are asked at', async () => {
    const at = { line: 1, character: 0 };
    await client.change(uri, '# A comment.\n', { start: at, end: at });
    const actions = await client.codeActions(uri, everywhere);
    // `applied` refuses an edit for another version.
    assert.ok(actions.length > 0);
    for (const { edit } of actions) {
      assert.match(client.applied(uri, edit), /^# A comment\.$/m);
    }
  });
});

describe('fix all', () => {
  for (const only of ['source.fixAll.ballast', 'source.fixAll', 'source']) {
    test(`is offered for ${only}, and takes safe fixes only`, async () => {
      const text = 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCMD ["bash"]\n';
      await client.open(uri, text);
      const [action, ...others] = await client.codeActions(uri, everywhere, { only: [only] });
      assert.deepEqual(others, []);
      assert.equal(action?.kind, 'source.fixAll.ballast');
      const fixed = client.applied(uri, action?.edit);
      assert.match(fixed, /rm -rf \/var\/lib\/apt\/lists/);
      assert.doesNotMatch(fixed, /^USER/m);
      await client.change(uri, fixed);
      assert.deepEqual(
        await client.codeActions(uri, everywhere, { only: [only] }),
        [],
        'a second run finds nothing',
      );
      await client.close(uri);
    });
  }
});

describe('a fix that somebody should look at', () => {
  test('is shown before it is made', async () => {
    await client.open(uri, typical);
    const annotated = (await client.codeActions(uri, everywhere)).filter(
      ({ edit }) => edit?.changeAnnotations,
    );
    assert.ok(annotated.length > 0);
    for (const { title, edit, isPreferred } of annotated) {
      const [annotation] = Object.entries(edit?.changeAnnotations ?? {});
      assert.equal(annotation?.[1].label, title);
      assert.equal(annotation?.[1].needsConfirmation, true);
      assert.notEqual(isPreferred, true);
      const edits = edit?.documentChanges?.flatMap((change) => ('edits' in change ? change.edits : [])) ?? [];
      assert.ok(edits.every((one) => 'annotationId' in one && one.annotationId === annotation?.[0]));
    }
    await client.close(uri);
  });

  test('comes as plain edits where the editor cannot show it', async () => {
    const { changeAnnotationSupport: _, ...workspaceEdit } = modernEditor.workspace?.workspaceEdit ?? {};
    const plain = await TestClient.start({
      capabilities: { ...modernEditor, workspace: { ...modernEditor.workspace, workspaceEdit } },
      workspaceFolder: folder,
    });
    await plain.open(uri, typical);
    const actions = await plain.codeActions(uri, everywhere);
    assert.ok(actions.length > 0);
    assert.doesNotMatch(JSON.stringify(actions), /annotation/i);
    await plain.stop();
  });

  test('comes as plain changes where the editor knows no versions', async () => {
    const old = await TestClient.start({ capabilities: oldEditor });
    await old.open(uri, typical);
    const actions = await old.codeActions(uri, everywhere);
    assert.ok(actions.length > 0);
    for (const { edit } of actions) {
      assert.equal(edit?.documentChanges, undefined);
      assert.notEqual(old.applied(uri, edit), typical);
    }
    await old.stop();
  });
});
