import { type ExtensionContext, window, workspace } from 'vscode';
import { Changes, changesScheme } from './changes.ts';
import { BallastClient } from './client.ts';
import { registerCommands } from './commands.ts';
import { Dockerfiles } from './dockerfiles.ts';
import { watchEnvironment } from './environment.ts';
import { RulePages, rulePageScheme } from './rule-pages.ts';
import { StatusItem } from './status.ts';
import { WeightItem } from './weight.ts';
import { WeightPanel } from './weight-panel.ts';

let client: BallastClient | undefined;

/** Starts the language server; returns at once, without waiting for it. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Ballast', { log: true });
  const status = new StatusItem();
  const started = new BallastClient(context.asAbsolutePath('dist/server.cjs'), log, status);
  const changes = new Changes(started);
  const rulePages = new RulePages(started);
  const dockerfiles = new Dockerfiles(started);
  const weight = new WeightPanel(started);
  client = started;
  context.subscriptions.push(
    log,
    status,
    changes,
    workspace.registerTextDocumentContentProvider(changesScheme, changes),
    workspace.registerTextDocumentContentProvider(rulePageScheme, rulePages),
    new WeightItem(started),
    weight,
    window.registerTreeDataProvider('ballast.dockerfiles', dockerfiles),
    window.tabGroups.onDidChangeTabs(({ closed }) => changes.didClose(closed)),
    ...registerCommands(started, changes, rulePages, dockerfiles, weight, log),
    ...watchEnvironment((environment) => started.send(environment)),
  );
  void started.start();
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
  await client?.stop();
}
