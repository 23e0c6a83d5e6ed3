import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { openProject, problems, untilReported } from '../editor.ts';

const dockerfile = `FROM node:22 AS build
ARG VERSION=1
RUN echo $VERSION \\
    && npm ci
FROM node:22
COPY --from=build /app /srv
CMD ["node", "/srv/server.js"]
HEAL
`;

suite('standard features', () => {
  test('outline, folding, rename, completion and syntax errors are there', async () => {
    const document = await openProject({ Dockerfile: dockerfile });
    await untilReported(document, 'syntax');

    const symbols = await untilSome<vscode.DocumentSymbol>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const names = symbols.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 3), ['FROM', 'ARG', 'RUN']);

    const folds = await untilSome<vscode.FoldingRange>('vscode.executeFoldingRangeProvider', document.uri);
    assert.ok(folds.some(({ start, end }) => start === 2 && end === 3));

    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      new vscode.Position(1, 5),
      'RELEASE',
    );
    assert.equal(edit.get(document.uri).length, 2);

    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(7, 4),
    );
    assert.ok(items.some(({ insertText }) => JSON.stringify(insertText)?.includes('HEALTHCHECK')));
  });

  test('they can be switched off, and the findings stay', async () => {
    const document = await openProject({ Dockerfile: dockerfile });
    await untilReported(document, 'syntax');
    const settings = vscode.workspace.getConfiguration('ballast');
    await settings.update('standardFeatures', 'off', vscode.ConfigurationTarget.Workspace);
    try {
      while (problems(document).some(({ code }) => code === 'syntax')) {
        await sleep(50);
      }
      await untilReported(document, 'runs-as-root');
    } finally {
      await settings.update('standardFeatures', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await untilReported(document, 'syntax');
  });
});

/** The answer of a provider, which is registered a moment after the server's start. Mocha's time limit ends the wait. */
async function untilSome<T>(command: string, uri: vscode.Uri): Promise<T[]> {
  for (;;) {
    const found = await vscode.commands.executeCommand<T[] | undefined>(command, uri);
    if (found !== undefined && found.length > 0) {
      return found;
    }
    await sleep(50);
  }
}
