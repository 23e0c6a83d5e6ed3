import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

suite('activation', () => {
  test('an opened Dockerfile activates the packaged extension', async () => {
    const extension = vscode.extensions.getExtension('ballast.ballast');
    assert.ok(extension);
    assert.equal(extension.isActive, false);
    assert.equal(extension.packageJSON.isUnderDevelopment, false);
    await vscode.workspace.openTextDocument({ language: 'dockerfile', content: 'FROM node:22\n' });
    // Nothing tells when an extension became active; Mocha's time limit ends the wait.
    while (!extension.isActive) {
      await sleep(50);
    }
  });
});
