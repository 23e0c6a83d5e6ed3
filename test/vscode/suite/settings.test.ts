import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { beside, openProject, problems, untilReported, untilSilent, write } from '../editor.ts';

const dockerfile = 'FROM node:22\nEXPOSE 3000\nCMD ["node", "server.js"]\n';

suite('settings', () => {
  teardown(async () => {
    await set('rules', undefined);
    await set('enable', undefined);
  });

  test('a rule can be switched off and on', async () => {
    const document = await openProject({ Dockerfile: dockerfile });
    await untilReported(document, 'runs-as-root');
    await set('rules', { 'runs-as-root': 'off' });
    await untilSilent(document, 'runs-as-root');
    await set('rules', undefined);
    await untilReported(document, 'runs-as-root');
  });

  test('a rule can be given another severity', async () => {
    await set('rules', { 'healthcheck-missing': 'error' });
    const document = await openProject({ Dockerfile: dockerfile });
    const problem = await untilReported(document, 'healthcheck-missing');
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
  });

  test('Ballast can be switched off', async () => {
    const document = await openProject({ Dockerfile: dockerfile });
    await untilReported(document, 'runs-as-root');
    await set('enable', false);
    await untilSilent(document, 'runs-as-root');
    assert.deepEqual(problems(document), []);
  });

  test('.ballast.json of the project counts, and is read again when it changes', async () => {
    const document = await openProject({
      Dockerfile: dockerfile,
      '.ballast.json': '{ "rules": { "runs-as-root": "off" } }',
    });
    await untilReported(document, 'healthcheck-missing');
    await untilSilent(document, 'runs-as-root');
    await write(beside(document, '.ballast.json'), '{}');
    await untilReported(document, 'runs-as-root');
  });

  test('labels are held against the schema of the project file', async () => {
    const settings = (labelSchema: object): string =>
      JSON.stringify({ rules: { 'label-breaks-schema': 'warning' }, labelSchema });
    const document = await openProject({
      Dockerfile: 'FROM node:22\nLABEL org.opencontainers.image.url="nowhere"\nCMD ["node", "server.js"]\n',
      '.ballast.json': settings({ 'org.opencontainers.image.url': 'url' }),
    });
    const { message, range, severity } = await untilReported(document, 'label-breaks-schema');
    assert.match(message, /org\.opencontainers\.image\.url/);
    assert.deepEqual([range.start.line, severity], [1, vscode.DiagnosticSeverity.Warning]);
    await write(beside(document, '.ballast.json'), settings({ 'org.opencontainers.image.url': 'text' }));
    await untilSilent(document, 'label-breaks-schema');
  });
});

async function set(key: string, value: unknown): Promise<void> {
  const target = vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('ballast').update(key, value, target);
}
