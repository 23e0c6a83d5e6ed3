import { type Disposable, type ExtensionContext, type Uri, window, workspace } from 'vscode';
import { Changes, changesScheme } from './changes.ts';
import { BallastClient } from './client.ts';
import { registerCommands } from './commands.ts';
import { Dockerfiles, dockerfilesView } from './dockerfiles.ts';
import { watchEnvironment } from './environment.ts';
import { RulePages, rulePageScheme } from './rule-pages.ts';
import { StatusItem } from './status.ts';
import { UndoOffer } from './undo.ts';
import { WeightItem } from './weight.ts';
import { WeightPanel } from './weight-panel.ts';

let client: BallastClient | undefined;

/** Starts the language server; returns at once, without waiting for it. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Ballast', { log: true });
  const status = new StatusItem();
  const started = new BallastClient(context.asAbsolutePath('dist/server.cjs'), log, status);
  const undoOffer = new UndoOffer();
  const changes = new Changes(started, undoOffer);
  const rulePages = new RulePages(started);
  const dockerfiles = new Dockerfiles(started);
  const weight = new WeightPanel(started);
  client = started;
  context.subscriptions.push(
    log,
    status,
    changes,
    undoOffer,
    workspace.registerTextDocumentContentProvider(changesScheme, changes),
    workspace.registerTextDocumentContentProvider(rulePageScheme, rulePages),
    new WeightItem(started),
    weight,
    window.registerTreeDataProvider(dockerfilesView, dockerfiles),
    workspace.onDidSaveTextDocument(({ uri }) => dockerfiles.didChange(uri)),
    ...watchIgnoreFiles((file) => dockerfiles.didChange(file)),
    window.tabGroups.onDidChangeTabs(({ closed }) => changes.didClose(closed)),
    ...registerCommands(started, changes, undoOffer, rulePages, dockerfiles, weight, log),
    ...watchEnvironment((environment) => started.send(environment)),
  );
  void started.start();
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** Tells of ignore files that are made, changed or taken away, by whomever. */
function watchIgnoreFiles(tell: (file: Uri) => void): Disposable[] {
  const watcher = workspace.createFileSystemWatcher('**/*.dockerignore');
  return [watcher, watcher.onDidCreate(tell), watcher.onDidChange(tell), watcher.onDidDelete(tell)];
}
