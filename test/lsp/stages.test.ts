/** The stage that the figures, the checklist and the findings are about. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CodeLensRequest } from 'vscode-languageserver/node';
import {
  type ChecklistView,
  type ChosenStage,
  checklistRequest,
  chooseStageNotification,
  type StagesView,
  stagesRequest,
} from '../../server/src/lsp/messages.ts';
import { TestClient, temporaryFolder } from './client.ts';

const text = `FROM node:22 AS build
WORKDIR /app
COPY . .
RUN npm ci

FROM node:22 AS worker
CMD ["node", "worker.js"]

FROM node:22-slim AS web
USER node
CMD ["node", "server.js"]
`;

interface Session {
  readonly client: TestClient;
  readonly uri: string;
  stages(): Promise<StagesView>;
  choose(choice: ChosenStage['choice']): Promise<void>;
  lenses(): Promise<readonly string[]>;
}

async function withProject(
  files: Readonly<Record<string, string>>,
  use: (session: Session) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder(files);
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  const client = await TestClient.start({ workspaceFolder: folder, initializationOptions: { views: true } });
  try {
    await client.open(uri, files['Dockerfile'] ?? '');
    await use({
      client,
      uri,
      stages: () => client.connection.sendRequest<StagesView>(stagesRequest, { uri }),
      choose: (choice) =>
        client.connection.sendNotification(chooseStageNotification, {
          uri,
          ...(choice === undefined ? {} : { choice }),
        }),
      async lenses() {
        const found = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
        return (found ?? []).map(({ range, command }) => `${range.start.line}: ${command?.title}`);
      },
    });
  } finally {
    await client.stop();
  }
}

const shown = ({ stages }: StagesView) =>
  stages.map(
    ({ name, isChosen, isDefault }) => `${name}${isChosen ? ' chosen' : ''}${isDefault ? ' default' : ''}`,
  );

describe('the stage that is spoken of', () => {
  test('is the last, until another one is chosen; lens, checklist and findings follow', async () => {
    await withProject({ Dockerfile: text }, async ({ client, uri, stages, choose, lenses }) => {
      const before = await stages();
      assert.deepEqual(shown(before), ['build', 'worker', 'web chosen default']);
      assert.deepEqual(
        before.stages.map(({ line }) => line),
        [0, 5, 8],
      );
      assert.match(before.stages[1]?.size ?? '', /1\.1 GB/);
      assert.ok((await lenses()).includes('8: Stage: web'));
      const rules = async () => (await client.diagnostics(uri)).map(({ code }) => code);
      assert.ok(!(await rules()).includes('runs-as-root'));
      const { refreshes } = client;
      await choose({ name: 'worker' });
      await client.until(() => client.refreshes > refreshes);
      assert.deepEqual(shown(await stages()), ['build', 'worker chosen', 'web default']);
      const lens = await lenses();
      assert.ok(
        lens.includes('5: Stage: worker') && lens.some((one) => /^5: ≈ 1\.1 GB/.test(one)),
        lens.join(),
      );
      const view = await client.connection.sendRequest<ChecklistView>(checklistRequest, { uri });
      assert.match(view.title, /^≈ 1\.1 GB/);
      assert.ok((await rules()).includes('runs-as-root'));
      // What is typed does not undo the choice, and a stage that is gone is none.
      await client.change(uri, `${text}# more\n`);
      assert.deepEqual(shown(await stages()), ['build', 'worker chosen', 'web default']);
      await client.change(uri, text.replace(' AS worker', ''));
      assert.deepEqual(shown(await stages()), ['build', 'web chosen default']);
      await client.change(uri, text);
      await choose(undefined);
      assert.deepEqual(shown(await stages()), ['build', 'worker', 'web chosen default']);
    });
  });

  test('is the one that Compose builds, and the last one can be chosen in its place', async () => {
    const files = {
      Dockerfile: text.replace(' AS web', '').replace(' AS build', ' AS api'),
      'compose.yaml': 'services:\n  api:\n    build:\n      context: .\n      target: api\n',
    };
    await withProject(files, async ({ stages, choose }) => {
      const view = await stages();
      assert.deepEqual(shown(view), ['api chosen default', 'worker', 'undefined']);
      assert.deepEqual(
        view.stages.map(({ isNamedByBuild }) => isNamedByBuild),
        [true, false, false],
      );
      await choose({});
      assert.deepEqual(shown(await stages()), ['api default', 'worker', 'undefined chosen']);
    });
  });

  test('is kept while the file is closed', async () => {
    await withProject({ Dockerfile: text }, async ({ client, uri, stages, choose }) => {
      await choose({ name: 'build' });
      await client.close(uri);
      await client.open(uri, text);
      assert.deepEqual(shown(await stages()), ['build chosen', 'worker', 'web default']);
    });
  });

  test('is not offered where there is nothing to choose', async () => {
    await withProject({ Dockerfile: 'FROM node:22 AS web\nCMD ["node"]\n' }, async ({ lenses }) => {
      assert.doesNotMatch((await lenses()).join(), /Stage/);
    });
  });
});
