import { type Disposable, type LanguageStatusItem, LanguageStatusSeverity, l10n, languages } from 'vscode';
import { documentSelector } from './selector.ts';

type ServerState = 'starting' | 'running' | 'stopped' | 'failed';

/** The entry behind the `{}` of the status bar while a Dockerfile is open. */
export class StatusItem implements Disposable {
  private readonly item: LanguageStatusItem;

  constructor() {
    this.item = languages.createLanguageStatusItem('ballast', documentSelector);
    this.item.name = 'Ballast';
    this.show('starting');
  }

  show(state: ServerState): void {
    const isDown = state === 'stopped' || state === 'failed';
    this.item.text = 'Ballast';
    this.item.busy = state === 'starting';
    this.item.severity = isDown ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    this.item.detail = details()[state];
    this.item.command = isDown
      ? { command: 'ballast.restart', title: l10n.t('Restart') }
      : { command: 'ballast.showLog', title: l10n.t('Show Log') };
  }

  dispose(): void {
    this.item.dispose();
  }
}

function details(): Record<ServerState, string> {
  return {
    starting: l10n.t('The language server is starting.'),
    running: l10n.t('The language server is running.'),
    stopped: l10n.t('The language server has stopped.'),
    failed: l10n.t('The language server could not start. The log says why.'),
  };
}
