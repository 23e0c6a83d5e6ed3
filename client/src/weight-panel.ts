import { randomUUID } from 'node:crypto';
import {
  type Disposable,
  l10n,
  languages,
  Range,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { type WeightView, weightRequest } from '../../server/src/lsp/messages.ts';
import type { BallastClient } from './client.ts';

/** To slim a file takes a while: not with every letter. */
const pause = 1000;

/** Sends clicks to the extension, and puts what it sends in place of what is shown. */
const script = `
const vscode = acquireVsCodeApi();
document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-line]');
  if (link !== null) {
    event.preventDefault();
    vscode.postMessage({ line: Number(link.dataset.line) });
  }
});
window.addEventListener('message', ({ data }) => {
  const main = document.querySelector('main');
  const links = () => [...main.querySelectorAll('a')];
  const focused = links().indexOf(document.activeElement);
  main.innerHTML = data.body;
  links()[focused]?.focus();
});
`;

/** Shows what makes up the image of a Dockerfile, beside the Dockerfile. There is one panel, about the file it was opened for last. */
export class WeightPanel implements Disposable {
  private readonly client: BallastClient;
  private readonly listeners: Disposable[];
  private panel: WebviewPanel | undefined;
  private shown: Uri | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(client: BallastClient) {
    this.client = client;
    this.listeners = [
      // Findings come anew with each change of the text, of the settings and of what is known of images.
      languages.onDidChangeDiagnostics(({ uris }) => {
        if (uris.some((uri) => uri.toString() === this.shown?.toString())) {
          clearTimeout(this.timer);
          this.timer = setTimeout(() => void this.refresh(), pause);
        }
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const one of [...this.listeners, this.panel]) {
      one?.dispose();
    }
  }

  async show(address: string): Promise<void> {
    const uri = address === '' ? undefined : Uri.parse(address);
    const view = uri === undefined ? undefined : await this.ask(uri);
    if (uri === undefined || view === undefined) {
      void window.showInformationMessage(l10n.t('There is no Dockerfile in the editor.'));
      return;
    }
    this.shown = uri;
    this.panel ??= this.open();
    this.panel.title = view.title;
    this.panel.webview.html = pageOf(view);
    this.panel.reveal(undefined, false);
  }

  private open(): WebviewPanel {
    const panel = window.createWebviewPanel('ballast.weight', l10n.t('Weight'), ViewColumn.Beside, {
      enableScripts: true,
      localResourceRoots: [],
      retainContextWhenHidden: true,
      enableFindWidget: true,
    });
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.shown = undefined;
    });
    panel.webview.onDidReceiveMessage(({ line }: { line?: unknown }) => {
      if (typeof line === 'number') {
        void this.goTo(line);
      }
    });
    return panel;
  }

  private async refresh(): Promise<void> {
    const uri = this.shown;
    const view = uri === undefined ? undefined : await this.ask(uri);
    if (view !== undefined && uri === this.shown) {
      await this.panel?.webview.postMessage({ body: view.body });
    }
  }

  private ask(uri: Uri): Promise<WeightView | undefined> {
    return this.client.ask<WeightView>(weightRequest, {
      uri: uri.toString(),
      name: workspace.asRelativePath(uri),
    });
  }

  /** Goes to a line in the editor that shows the file, or in the one beside. */
  private async goTo(line: number): Promise<void> {
    if (this.shown === undefined) {
      return;
    }
    const { uri } = await workspace.openTextDocument(this.shown);
    const column = window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === uri.toString(),
    )?.viewColumn;
    const place = new Range(line, 0, line, 0);
    const editor = await window.showTextDocument(uri, {
      viewColumn: column ?? ViewColumn.One,
      selection: place,
    });
    editor.revealRange(place, TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** Only what stands in the page may run or give it a look, and nothing is fetched. */
function pageOf({ title, styles, body }: WeightView): string {
  const nonce = randomUUID();
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title.replace(/[&<>]/g, ' ')}</title>
<style nonce="${nonce}">${styles}</style>
</head>
<body>
<main>${body}</main>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}
