import { commands, type Disposable, l10n, type TextDocument, window, workspace } from 'vscode';
import type { KeptFiles } from './kept-files.ts';

/** Names the files whose changes can be taken back, for the button in the title of their editors. */
const contextKey = 'ballast.undoableFiles';

/**
 * The way back from changes that were applied. The notification with its button goes away after some seconds, the button in
 * the title of the editor stays until somebody edits one of the files.
 */
export class UndoOffer implements Disposable {
  private kept: KeptFiles | undefined;
  private readonly listener = workspace.onDidChangeTextDocument(({ document }) => this.didChange(document));

  dispose(): void {
    this.listener.dispose();
  }

  /** Says what was done, and offers to take it back. */
  async offer(message: string, kept: KeptFiles): Promise<void> {
    await this.set(kept);
    const undo = l10n.t('Undo');
    if ((await window.showInformationMessage(message, undo)) === undo) {
      await this.undo(kept);
    }
  }

  /** Takes back what was applied last, or what is named; says so where that can no longer be done. */
  async undo(kept = this.kept): Promise<void> {
    await this.set(undefined);
    if (kept === undefined || !(await kept.restore())) {
      void window.showWarningMessage(l10n.t('The files have changed meanwhile: nothing was undone.'));
    }
  }

  private didChange(document: TextDocument): void {
    if (this.kept?.isEdited(document) === true) {
      void this.set(undefined);
    }
  }

  private async set(kept: KeptFiles | undefined): Promise<void> {
    this.kept = kept;
    await commands.executeCommand('setContext', contextKey, kept?.uris ?? []);
  }
}
