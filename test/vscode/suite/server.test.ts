import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { openProject, untilReported, untilSilent } from '../editor.ts';

const dockerfile = 'FROM node:22\nCMD ["node", "server.js"]\n';

// Processes are found in /proc.
(process.platform === 'linux' ? suite : suite.skip)('language server', () => {
  test('"Restart Language Server" starts another server, which reports the same', async () => {
    const document = await openProject({ Dockerfile: dockerfile });
    await untilReported(document, 'runs-as-root');
    const before = serverProcess();
    await vscode.commands.executeCommand('ballast.restart');
    await untilAnotherThan(before);
    await untilReported(document, 'runs-as-root');
    await append(document, 'USER node\n');
    await untilSilent(document, 'runs-as-root');
  });

  test('a server that died is started again', async () => {
    const document = await openProject({ Dockerfile: dockerfile });
    await untilReported(document, 'runs-as-root');
    const before = serverProcess();
    assert.ok(before);
    process.kill(before, 'SIGKILL');
    await untilAnotherThan(before);
    await untilReported(document, 'runs-as-root');
    await append(document, 'USER node\n');
    await untilSilent(document, 'runs-as-root');
  });
});

async function append(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Waits for a server process other than the given one. */
async function untilAnotherThan(before: number | undefined): Promise<void> {
  for (let left = 600; left > 0; left--) {
    const now = serverProcess();
    if (now !== undefined && now !== before) {
      return;
    }
    await sleep(100);
  }
  assert.fail(`There is no other server process than ${before}, only ${serverProcess()}.`);
}

/** Id of the language server's process, which runs a file of the installed extension. */
function serverProcess(): number | undefined {
  const extension = vscode.extensions.getExtension('ballast.ballast');
  assert.ok(extension);
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes
    .map(Number)
    .find((id) => commandLine(id).includes(`${extension.extensionPath}/dist/server`));
}

function commandLine(process: number): string {
  try {
    return readFileSync(`/proc/${process}/cmdline`, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}
