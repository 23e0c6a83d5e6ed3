import {
  type CancellationToken,
  commands,
  EventEmitter,
  l10n,
  ProgressLocation,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { type FileSummary, summaryRequest } from '../../server/src/lsp/messages.ts';
import type { BallastClient } from './client.ts';

export const dockerfilesView = 'ballast.dockerfiles';

const pattern =
  '**/{[Dd]ockerfile,[Cc]ontainerfile,[Dd]ockerfile.*,[Cc]ontainerfile.*,*.[Dd]ockerfile,*.[Cc]ontainerfile}';
const leftOut = '**/{node_modules,.git,vendor,.venv}/**';

/** More files than this are not looked at; the message says so. */
const mostFiles = 200;
const largestFile = 1_000_000;
/** Milliseconds after a change: the server is told of files by VS Code's client, which waits for a quarter of a second. */
const pause = 600;

interface Row {
  readonly uri: Uri;
  readonly summary: FileSummary;
}

/** All Dockerfiles of the workspace with their sizes, the one with most to save first, then the heaviest. */
export class Dockerfiles implements TreeDataProvider<Row> {
  private readonly client: BallastClient;
  private readonly changed = new EventEmitter<undefined>();
  private rows: Promise<readonly Row[]> | undefined;
  private following: Promise<void> = Promise.resolve();
  private readonly waiting: Uri[] = [];
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(client: BallastClient) {
    this.client = client;
  }

  /** Nothing is looked for until somebody opens the view. */
  async getChildren(row?: Row): Promise<Row[]> {
    if (row !== undefined) {
      return [];
    }
    this.rows ??= this.look();
    return [...(await this.rows)];
  }

  getTreeItem({ uri, summary }: Row): TreeItem {
    const { size, slimmed, checklist, detail, findings } = summary;
    const path = workspace.asRelativePath(uri);
    // The figures behind it are what the view is for: the name that most of the files have would take their room.
    const item = new TreeItem(path.replace(/\/Dockerfile$/, ''));
    item.description = `${slimmed === undefined ? size : `${size} → ${slimmed}`}, ${checklist}`;
    item.tooltip = `${path}\n${detail}\n${l10n.t('{0} findings', findings)}`;
    item.resourceUri = uri;
    item.iconPath = ThemeIcon.File;
    item.contextValue = 'dockerfile';
    item.command = { command: 'vscode.open', arguments: [uri], title: l10n.t('Open') };
    return item;
  }

  refresh(): void {
    this.rows = undefined;
    this.changed.fire(undefined);
  }

  /**
   * Looks at a Dockerfile anew that was saved, or whose ignore file was made, changed or taken away. It keeps its place in
   * the list, under the pointer.
   */
  didChange(file: Uri): void {
    this.waiting.push(file);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const changed = this.waiting.splice(0);
      // One after another: what is read last counts.
      this.following = this.following.then(() => this.follow(changed));
    }, pause);
  }

  private async follow(files: readonly Uri[]): Promise<void> {
    const rows = [...((await this.rows) ?? [])];
    let isChanged = false;
    for (const [at, { uri }] of rows.entries()) {
      const isConcerned = files.some((file) => concerns(file, uri));
      const summary = isConcerned ? await this.summarize(uri) : undefined;
      if (summary !== undefined) {
        rows[at] = { uri, summary };
        isChanged = true;
      }
    }
    if (isChanged) {
      this.rows = Promise.resolve(rows);
      this.changed.fire(undefined);
    }
  }

  /** Looks at all files anew, shows the view, and says what was found. */
  async checkAll(): Promise<void> {
    this.rows = this.look();
    this.changed.fire(undefined);
    await commands.executeCommand(`${dockerfilesView}.focus`);
    const rows = await this.rows;
    const findings = rows.reduce((sum, { summary }) => sum + summary.findings, 0);
    const text =
      rows.length === 0
        ? l10n.t('There is no Dockerfile in this workspace.')
        : l10n.t('Dockerfiles: {0}. Findings: {1}.', rows.length, findings);
    const most =
      rows.length === mostFiles ? ` ${l10n.t('No more than {0} files were looked at.', mostFiles)}` : '';
    void window.showInformationMessage(text + most);
  }

  private look(): Promise<readonly Row[]> {
    const title = l10n.t('Ballast: Checking Dockerfiles');
    return Promise.resolve(
      window.withProgress({ location: ProgressLocation.Window, title }, async (_, token) => {
        const rows = await this.read(token);
        return rows.sort(
          (a, b) =>
            b.summary.saving - a.summary.saving ||
            b.summary.weight - a.summary.weight ||
            (a.uri.path < b.uri.path ? -1 : 1),
        );
      }),
    );
  }

  private async read(token: CancellationToken): Promise<Row[]> {
    const rows: Row[] = [];
    // One after another: what somebody types in the meantime is answered in between.
    for (const uri of await workspace.findFiles(pattern, leftOut, mostFiles, token)) {
      const summary = await this.summarize(uri);
      if (summary !== undefined && !summary.isOff) {
        rows.push({ uri, summary });
      }
    }
    return rows;
  }

  private async summarize(uri: Uri): Promise<FileSummary | undefined> {
    try {
      const { size } = await workspace.fs.stat(uri);
      const text =
        size > largestFile ? undefined : new TextDecoder().decode(await workspace.fs.readFile(uri));
      return text === undefined
        ? undefined
        : await this.client.ask<FileSummary>(summaryRequest, { uri: uri.toString(), text });
    } catch {
      // The file has gone meanwhile.
      return undefined;
    }
  }
}

/** True for the Dockerfile itself, and for an ignore file in its folder or above it. */
function concerns(file: Uri, dockerfile: Uri): boolean {
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  return (
    file.toString() === dockerfile.toString() ||
    (file.path.endsWith('.dockerignore') && dockerfile.path.startsWith(folder))
  );
}
