import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { hoverAt, openProject } from '../editor.ts';

suite('sizes of images', () => {
  test('stand behind each FROM, and can be switched off', async () => {
    const document = await openProject({
      Dockerfile: 'FROM node:22 AS build\nFROM node:22-slim\nCMD ["node", "server.js"]\n',
    });
    assert.deepEqual(await hints(document), ['0:12 1.13 GB', '1:17 227 MB']);
    const settings = vscode.workspace.getConfiguration('ballast');
    await settings.update('sizeHints', false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await hints(document), []);
    } finally {
      await settings.update('sizeHints', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('stand at the end of each instruction whose weight is known', async () => {
    const document = await openProject({
      Dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm run build\nCMD ["node", "server.js"]\n',
      'server.js': 'x'.repeat(500_000),
      'package.json': '{"scripts":{"build":"tsc"}}',
    });
    while (!(await hints(document)).includes('2:8 500 kB')) {
      await sleep(50);
    }
    assert.deepEqual(await hints(document), ['0:17 227 MB', '2:8 500 kB']);
    assert.match(await hoverAt(document, 'COPY'), /`server\.js` \| 500\u00a0kB/);
  });

  test('stand beside the tags that are offered', async () => {
    const document = await openProject({ Dockerfile: 'FROM node:22-s\n' });
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(0, 14),
    );
    const slim = list.items.find(({ label }) => nameOf(label) === '22-slim');
    assert.ok(slim, list.items.map(({ label }) => nameOf(label)).join());
    assert.equal(typeof slim.label === 'object' && slim.label.description, '227 MB');
    const range = slim.range instanceof vscode.Range ? slim.range : slim.range?.replacing;
    assert.deepEqual([range?.start.character, range?.end.character], [10, 14]);
    const names = list.items.map(({ label }) => nameOf(label));
    assert.equal(new Set(names).size, names.length);
  });
});

async function hints(document: vscode.TextDocument): Promise<string[]> {
  const all = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
  );
  return all.map(({ position, label }) => `${position.line}:${position.character} ${label}`);
}

function nameOf(label: string | vscode.CompletionItemLabel): string {
  return typeof label === 'string' ? label : label.label;
}
