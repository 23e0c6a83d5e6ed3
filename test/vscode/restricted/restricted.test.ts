import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { apply, hoverAt, openProject, quickFixes, untilReported, untilSilent } from '../editor.ts';
import { startListener } from '../listener.ts';
import { aptDockerfile, ordinaryProject } from '../projects.ts';

suite('Restricted Mode', () => {
  test('the workspace is not trusted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  test('a Dockerfile is checked, with the files of its folder', async () => {
    const document = await openProject(ordinaryProject);
    await untilReported(document, 'sources-copied-before-install');
    await untilReported(document, 'runs-as-root');
  });

  test('fixes are offered', async () => {
    const document = await openProject({ Dockerfile: aptDockerfile });
    const { range } = await untilReported(document, 'package-cache-left-in-layer');
    const [action] = await quickFixes(document, range);
    assert.ok(action);
    await apply(action);
    await untilSilent(document, 'package-cache-left-in-layer');
  });

  test('no registry is asked', async () => {
    const registry = await startListener();
    try {
      const image = `${registry.address}/team/app:1`;
      const document = await openProject({ Dockerfile: `FROM ${image}\nEXPOSE 3000\nCMD ["app"]\n` });
      await untilReported(document, 'healthcheck-missing');
      assert.match(await hoverAt(document, image), /not known/);
      assert.equal(registry.connections(), 0);
    } finally {
      registry.close();
    }
  });
});
