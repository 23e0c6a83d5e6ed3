import {
  type Disposable,
  l10n,
  languages,
  StatusBarAlignment,
  type StatusBarItem,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import { commands, type FileSummary, summaryRequest } from '../../server/src/lsp/messages.ts';
import type { BallastClient } from './client.ts';
import { documentSelector } from './selector.ts';

/** To slim a file takes a while: not with every letter. */
const pause = 1000;

/** The status bar item of the Dockerfile in the editor: what its image weighs, and what it could. */
export class WeightItem implements Disposable {
  private readonly client: BallastClient;
  private readonly item: StatusBarItem;
  private readonly listeners: Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(client: BallastClient) {
    this.client = client;
    this.item = window.createStatusBarItem('ballast.weight', StatusBarAlignment.Right, 100);
    this.item.name = l10n.t('Ballast: Weight');
    this.listeners = [
      window.onDidChangeActiveTextEditor((editor) => this.refresh(editor)),
      // Findings come anew with each change of the text, of the settings and of what is known of images.
      languages.onDidChangeDiagnostics(({ uris }) => {
        const shown = window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === shown)) {
          this.refresh(window.activeTextEditor);
        }
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ballast')) {
          this.refresh(window.activeTextEditor);
        }
      }),
    ];
    this.refresh(window.activeTextEditor);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const one of [this.item, ...this.listeners]) {
      one.dispose();
    }
  }

  private refresh(editor: TextEditor | undefined): void {
    clearTimeout(this.timer);
    if (editor === undefined || editor.document.languageId !== 'dockerfile') {
      this.item.hide();
    } else if (languages.match(documentSelector, editor.document) > 0) {
      const uri = editor.document.uri.toString();
      this.timer = setTimeout(() => void this.show(uri), pause);
    }
  }

  private async show(uri: string): Promise<void> {
    const summary = await this.client.ask<FileSummary>(summaryRequest, { uri });
    if (window.activeTextEditor?.document.uri.toString() !== uri) {
      return;
    }
    if (summary === undefined) {
      this.item.hide();
      return;
    }
    this.item.text = textOf(summary);
    this.item.tooltip = tooltipOf(summary);
    this.item.command = commandOf(uri, summary);
    this.item.show();
  }
}

function textOf({ size, slimmed, isOff, projectFileProblem, offlineSince }: FileSummary): string {
  if (isOff) {
    return `$(circle-slash) ${l10n.t('Ballast is off')}`;
  }
  const icon = projectFileProblem === undefined ? '$(package)' : '$(warning)';
  const figures = slimmed === undefined ? size : `${size} → ${slimmed}`;
  return `${icon} ${figures}${offlineSince === undefined ? '' : ' $(debug-disconnect)'}`;
}

function tooltipOf({ detail, findings, isOff, offlineSince, projectFileProblem }: FileSummary): string {
  return isOff
    ? l10n.t('Dockerfiles are not checked: see the setting ballast.enable.')
    : [
        detail,
        l10n.t('{0} findings', findings),
        ...(offlineSince === undefined ? [] : [l10n.t('Offline: figures of {0}', offlineSince)]),
        ...(projectFileProblem === undefined ? [] : [projectFileProblem]),
      ].join('\n');
}

function commandOf(uri: string, { isOff, projectFileProblem }: FileSummary) {
  if (isOff) {
    return {
      command: 'workbench.action.openSettings',
      arguments: ['ballast.enable'],
      title: l10n.t('Open the Settings'),
    };
  }
  return projectFileProblem === undefined
    ? { command: commands.slim, arguments: [uri], title: l10n.t('Slim this Dockerfile…') }
    : { command: 'ballast.showLog', title: l10n.t('Show Log') };
}
