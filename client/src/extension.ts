import { type ExtensionContext, window } from 'vscode';
import { BallastClient } from './client.ts';
import { registerCommands } from './commands.ts';
import { watchEnvironment } from './environment.ts';
import { StatusItem } from './status.ts';

let client: BallastClient | undefined;

/** Starts the language server; returns at once, without waiting for it. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Ballast', { log: true });
  const status = new StatusItem();
  const started = new BallastClient(context.asAbsolutePath('dist/server.cjs'), log, status);
  client = started;
  context.subscriptions.push(
    log,
    status,
    ...registerCommands(started, log),
    ...watchEnvironment((environment) => started.send(environment)),
  );
  void started.start();
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
  await client?.stop();
}
