import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

suite('activation', () => {
  test('an opened Dockerfile activates the packaged extension', async () => {
    const extension = vscode.extensions.getExtension('ballast.ballast');
    assert.ok(extension);
    assert.equal(extension.isActive, false);
    await vscode.workspace.openTextDocument({ language: 'dockerfile', content: 'FROM node:22\n' });
    await extension.activate();
    assert.equal(extension.isActive, true);
    assert.match(extension.extensionPath, /extensions/);
  });
});
