import { commands, type Disposable, type LogOutputChannel, window } from 'vscode';
import { type FixName, commands as names } from '../../server/src/lsp/messages.ts';
import type { Changes } from './changes.ts';
import { showChecklist } from './checklist.ts';
import type { BallastClient } from './client.ts';

export function registerCommands(
  client: BallastClient,
  changes: Changes,
  log: LogOutputChannel,
): Disposable[] {
  // From the palette, a command is about the document in the editor.
  const active = () => window.activeTextEditor?.document.uri.toString() ?? '';
  const { registerCommand } = commands;
  return [
    registerCommand('ballast.restart', () => client.restart()),
    registerCommand('ballast.showLog', () => log.show()),
    registerCommand('ballast.applyChanges', () => changes.apply()),
    registerCommand(names.slim, (uri = active()) => changes.slim(uri)),
    registerCommand(names.showChecklist, (uri = active()) => showChecklist(client, changes, uri)),
    registerCommand(names.showFix, (uri: string, fix: FixName) => changes.show({ uri, fix, leaveOut: [] })),
  ];
}
