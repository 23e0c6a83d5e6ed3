import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic } from 'vscode-languageserver/node';
import { type ChangePreview, previewRequest, rulePageRequest } from '../../server/src/lsp/messages.ts';
import { modernEditor, oldEditor, rangeOf, TestClient, temporaryFolder } from './client.ts';

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
      const expected = title.endsWith(' in this file') ? 0 : before.length - 1;
      assert.equal(left.length, expected, `${title}:\n${fixed}`);
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

describe('the menu of an editor with views of its own', () => {
  const rich = `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN apt-get update && apt-get install -y python3-pip
RUN apt-get update && apt-get install -y curl
CMD ["node", "server.js"]
`;
  const files = {
    'package.json': '{ "name": "a", "version": "1.0.0" }',
    'package-lock.json': '{ "name": "a", "lockfileVersion": 3, "packages": {} }',
    Dockerfile: rich,
  };

  const settled = { 'healthcheck-missing': 'off' };
  const withFile = { ...files, '.ballast.json': `${JSON.stringify({ rules: settled }, null, 2)}\n` };
  let editor: TestClient;
  before(async () => {
    editor = await TestClient.start({ initializationOptions: { views: true } });
  });
  after(() => editor.stop());

  async function openIn(more: Record<string, string> = files): Promise<string> {
    const address = pathToFileURL(join(temporaryFolder(more), 'Dockerfile')).href;
    await editor.open(address, rich);
    return address;
  }

  test('has fixes first, by what they bring, then what is more, and silence last', async () => {
    const address = await openIn();
    const actions = await editor.codeActions(address, rangeOf(rich, 'RUN apt-get', 'python3-pip'));
    assert.deepEqual(
      actions.map(({ title, command }) => (command === undefined ? title : `${title} | ${command.command}`)),
      [
        'Clean up in the same RUN: rm -rf /var/lib/apt/lists/*',
        'Add --no-install-recommends (review)',
        'Fix all 3 of package-cache-left-in-layer | ballast.fixRule',
        'Fix all 2 of recommended-packages-installed | ballast.fixRule',
        'Slim this Dockerfile… | ballast.slim',
        'Explain package-cache-left-in-layer | ballast.explain',
        'Explain recommended-packages-installed | ballast.explain',
        'Ignore package-cache-left-in-layer for this instruction',
        'Ignore package-cache-left-in-layer in this file',
        'Ignore recommended-packages-installed for this instruction',
        'Ignore recommended-packages-installed in this file',
        'Turn package-cache-left-in-layer off in the workspace settings | ballast.turnOff',
        'Turn recommended-packages-installed off in the workspace settings | ballast.turnOff',
      ],
    );
  });

  test('shows no backticks, which a menu does not read', async () => {
    const address = await openIn();
    const titles = (await editor.codeActions(address, everywhere)).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => title.includes('`')),
      [],
    );
  });

  test('is there at places that a finding names as related', async () => {
    const address = await openIn();
    const found = await editor.diagnostics(address);
    const finding = found.find(({ code }) => code === 'sources-copied-before-install');
    const [place] = finding?.relatedInformation ?? [];
    assert.ok(place !== undefined);
    const titles = (await editor.codeActions(address, place.location.range)).map(({ title }) => title);
    assert.ok(
      titles.some((title) => title.startsWith('Copy package.json')),
      titles.join('\n'),
    );
  });

  test('ignores a rule in the whole file, behind the directives', async () => {
    const address = await openIn();
    const ignored = async () => {
      const actions = await editor.codeActions(address, everywhere);
      const action = actions.find(({ title }) => title === 'Ignore runs-as-root in this file');
      return editor.applied(address, action?.edit);
    };
    assert.ok((await ignored()).startsWith('# ballast global ignore=runs-as-root\nFROM node:22\n'));
    await editor.change(address, `# syntax=docker/dockerfile:1\n# escape=\\\n${rich}`);
    assert.ok(
      (await ignored()).startsWith(
        '# syntax=docker/dockerfile:1\n# escape=\\\n# ballast global ignore=runs-as-root\nFROM',
      ),
    );
    await editor.change(address, `# ballast global ignore=a , b\n${rich}`);
    assert.ok((await ignored()).startsWith('# ballast global ignore=a , b,runs-as-root\nFROM'));
    await editor.change(address, await ignored());
    const codes = (await editor.diagnostics(address)).map(({ code }) => code);
    assert.ok(!codes.includes('runs-as-root'));
  });

  test('turns a rule off in the project file, with its comments', async () => {
    const address = await openIn(withFile);
    const actions = await editor.codeActions(address, everywhere);
    const action = actions.find(({ title }) => title === 'Turn runs-as-root off in .ballast.json');
    const [change] = action?.edit?.documentChanges ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.match(change.textDocument.uri, /\/\.ballast\.json$/);
    const [edit] = change.edits;
    assert.equal(
      edit !== undefined && 'newText' in edit && edit.newText,
      '{\n  "rules": {\n    "runs-as-root": "off",\n    "healthcheck-missing": "off"\n  }\n}\n',
    );
  });

  test('fixes all of one rule, and nothing else', async () => {
    const address = await openIn();
    const preview = await editor.connection.sendRequest<ChangePreview>(previewRequest, {
      uri: address,
      onlyRule: 'package-cache-left-in-layer',
    });
    assert.equal(preview.title, 'Fix all of package-cache-left-in-layer');
    const after = preview.files[0]?.after ?? '';
    assert.equal(after.match(/rm -rf \/var\/lib\/apt\/lists/g)?.length, 2, after);
    assert.doesNotMatch(after, /no-install-recommends|^USER/m);
  });

  test('explains a rule with its page, which comes along', async () => {
    const page = await editor.connection.sendRequest<string>(rulePageRequest, { rule: 'runs-as-root' });
    assert.match(page, /^# runs-as-root\n[\s\S]*^## Why$/m);
    assert.equal(await editor.connection.sendRequest(rulePageRequest, { rule: 'none' }), null);
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
      assert.equal(`${annotation?.[1].label} (review)`, title);
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
