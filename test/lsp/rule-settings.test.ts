/** What a picker of rules asks for, and the edits of the project file. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type ApplyWorkspaceEditParams,
  ApplyWorkspaceEditRequest,
  TextDocumentEdit,
} from 'vscode-languageserver/node';
import {
  type ConfigureRuleRequest,
  configureRuleRequest,
  type RulesView,
  rulesRequest,
} from '../../server/src/lsp/messages.ts';
import { TestClient, temporaryFolder } from './client.ts';

type Change = Omit<ConfigureRuleRequest, 'uri'>;

interface Session {
  rules(): Promise<RulesView>;
  /** Whether a change was made, and the text that it puts into the project file. */
  configure(change: Change): Promise<readonly [boolean, string | undefined]>;
}

async function withProject(
  files: Readonly<Record<string, string>>,
  use: (session: Session) => Promise<void>,
  settings: object = {},
): Promise<void> {
  const folder = temporaryFolder(files);
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  const client = await TestClient.start({ workspaceFolder: folder, settings });
  const edits: ApplyWorkspaceEditParams[] = [];
  client.connection.onRequest(ApplyWorkspaceEditRequest.type, (params) => {
    edits.push(params);
    return { applied: true };
  });
  try {
    await use({
      rules: () => client.connection.sendRequest<RulesView>(rulesRequest, { uri }),
      async configure(change) {
        const isDone = await client.connection.sendRequest<boolean>(configureRuleRequest, { uri, ...change });
        const changes = edits.pop()?.edit.documentChanges ?? [];
        const text = changes.find(TextDocumentEdit.is)?.edits[0];
        return [isDone, text !== undefined && 'newText' in text ? text.newText : undefined];
      },
    });
  } finally {
    await client.stop();
  }
}

describe('rules to choose from', () => {
  test('come with their own severity and the one that holds', async () => {
    const files = { '.ballast.json': '{ "rules": { "runs-as-root": "error" } }' };
    const settings = { rules: { 'healthcheck-missing': 'off', 'runs-as-root': 'hint' } };
    await withProject(
      files,
      async ({ rules }) => {
        const view = await rules();
        assert.match(view.projectFile ?? '', /\.ballast\.json$/);
        const of = (id: string) => view.rules.find((rule) => rule.id === id);
        assert.deepEqual([of('runs-as-root')?.now, of('runs-as-root')?.isInProjectFile], ['error', true]);
        assert.deepEqual(
          [of('healthcheck-missing')?.now, of('healthcheck-missing')?.isInProjectFile],
          ['off', false],
        );
        assert.equal(of('untrusted-registry')?.own, 'off');
        assert.ok(view.rules.every(({ summary }) => summary !== ''));
      },
      settings,
    );
  });

  test('are set in the project file, whose comments stay', async () => {
    const text = '{\n  // ours\n  "rules": {\n    "runs-as-root": "error" // for now\n  }\n}\n';
    await withProject({ '.ballast.json': text }, async ({ configure }) => {
      assert.deepEqual(await configure({ rule: 'healthcheck-missing', severity: 'off' }), [
        true,
        '{\n  // ours\n  "rules": {\n    "healthcheck-missing": "off",\n    "runs-as-root": "error" // for now\n  }\n}\n',
      ]);
      const [isDone, without] = await configure({ rule: 'runs-as-root' });
      assert.ok(isDone && without?.includes('// ours') && !without.includes('runs-as-root'), without);
    });
  });

  test('create the project file where there is none', async () => {
    await withProject({}, async ({ configure }) => {
      const newFile = 'file:///w/.ballast.json';
      assert.deepEqual(await configure({ rule: 'runs-as-root', severity: 'off', newFile }), [
        true,
        '{\n  "rules": {\n    "runs-as-root": "off"\n  }\n}\n',
      ]);
      assert.deepEqual(await configure({ rule: 'runs-as-root', newFile }), [false, undefined]);
    });
  });

  test('leave a project file alone that cannot be read', async () => {
    await withProject({ '.ballast.json': '{ "rules": ' }, async ({ configure }) => {
      assert.deepEqual(await configure({ rule: 'runs-as-root', severity: 'off' }), [false, undefined]);
    });
  });
});
