import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { beside, openProject, reportedRules, untilReported, untilSilent, write } from '../editor.ts';
import { ordinaryProject } from '../projects.ts';

suite('diagnostics', () => {
  test('an opened Dockerfile is checked, with the files of its folder', async () => {
    const document = await openProject(ordinaryProject);
    const problem = await untilReported(document, 'sources-copied-before-install');
    assert.deepEqual(problem.range, new vscode.Range(2, 5, 2, 6));
    const others = [
      'healthcheck-missing',
      'package-cache-left-in-layer',
      'runs-as-root',
      'single-stage-build',
    ];
    const rules = reportedRules(document);
    assert.deepEqual(
      others.filter((rule) => !rules.includes(rule)),
      [],
    );
  });

  test('the code of a problem links to the page of its rule', async () => {
    const document = await openProject(ordinaryProject);
    const { code } = await untilReported(document, 'runs-as-root');
    assert.ok(typeof code === 'object');
    assert.match(code.target.toString(), /docs\/rules\/runs-as-root\.md$/);
  });

  test('a problem whose fix is refused says what would lift that', async () => {
    const { Dockerfile, ...files } = ordinaryProject;
    const document = await openProject({
      ...files,
      Dockerfile: Dockerfile.replace(/^CMD.*/m, 'CMD ["sh", "-c", "$START"]'),
    });
    const { message } = await untilReported(document, 'single-stage-build');
    assert.match(message, / A CMD in JSON form that names the program and its file would lift this\.$/);
    assert.doesNotMatch(message, /`/);
  });

  test('typing changes what is reported', async () => {
    const document = await openProject({ Dockerfile: 'FROM node:22\nCMD ["node", "server.js"]\n' });
    await untilReported(document, 'runs-as-root');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), 'USER node\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await untilSilent(document, 'runs-as-root');
  });

  test('a file that was never saved is checked', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'dockerfile',
      content: 'FROM node:22\nCMD ["node", "server.js"]\n',
    });
    await vscode.window.showTextDocument(document);
    await untilReported(document, 'runs-as-root');
  });

  test('a file of the project that changes on disk is taken into account', async () => {
    const document = await openProject(ordinaryProject);
    await untilReported(document, 'sources-copied-before-install');
    await vscode.workspace.fs.delete(beside(document, 'package.json'));
    await untilSilent(document, 'sources-copied-before-install');
    await write(beside(document, 'package.json'), ordinaryProject['package.json']);
    await untilReported(document, 'sources-copied-before-install');
  });

  test('a .dockerignore that is created is taken into account', async () => {
    const { '.dockerignore': ignore, ...files } = ordinaryProject;
    const document = await openProject(files);
    await untilReported(document, 'dockerignore-missing');
    await write(beside(document, '.dockerignore'), ignore);
    await untilSilent(document, 'dockerignore-missing');
  });

  test('a comment in the file silences a rule', async () => {
    const document = await openProject({
      Dockerfile: '# ballast ignore=runs-as-root\nFROM node:22\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
    });
    await untilReported(document, 'healthcheck-missing');
    assert.ok(!reportedRules(document).includes('runs-as-root'));
  });
});
