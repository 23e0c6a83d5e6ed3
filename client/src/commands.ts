import { commands, type Disposable, type LogOutputChannel } from 'vscode';
import type { BallastClient } from './client.ts';

export function registerCommands(client: BallastClient, log: LogOutputChannel): Disposable[] {
  return [
    commands.registerCommand('ballast.restart', () => client.restart()),
    commands.registerCommand('ballast.showLog', () => log.show()),
  ];
}
