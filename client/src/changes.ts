import {
  type CommentThread,
  commands,
  type Disposable,
  l10n,
  type Tab,
  type TextDocumentContentProvider,
  Uri,
  window,
} from 'vscode';
import {
  applyRequest,
  type ChangePreview,
  type ChangeRequest,
  previewRequest,
} from '../../server/src/lsp/messages.ts';
import { ChangeComments } from './change-comments.ts';
import { chooseChanges } from './choose-changes.ts';
import type { BallastClient } from './client.ts';
import { keepFiles } from './kept-files.ts';
import type { UndoOffer } from './undo.ts';

/** Scheme of the texts that are shown beside the files as they are. */
export const changesScheme = 'ballast-changes';

interface Shown {
  readonly request: ChangeRequest;
  readonly preview: ChangePreview;
}

/** Shows what would be changed in a diff editor, with the reasons as comments, and makes the changes when they are applied there. */
export class Changes implements TextDocumentContentProvider, Disposable {
  private readonly client: BallastClient;
  private readonly undoOffer: UndoOffer;
  private readonly comments = new ChangeComments();
  private texts = new Map<string, string>();
  private shown: Shown | undefined;
  private count = 0;

  constructor(client: BallastClient, undoOffer: UndoOffer) {
    this.client = client;
    this.undoOffer = undoOffer;
  }

  dispose(): void {
    this.comments.dispose();
  }

  provideTextDocumentContent(uri: Uri): string | undefined {
    return this.texts.get(uri.toString());
  }

  /** Everything worth changing: a list in which parts are ticked, then the diff of what is. */
  async slim(uri: string): Promise<void> {
    const preview = await this.client.ask<ChangePreview>(previewRequest, { uri });
    if (preview === undefined || preview.items.length === 0) {
      const text = preview?.title ?? l10n.t('There is no Dockerfile in the editor.');
      void window.showInformationMessage([text, ...(preview?.left ?? [])].join(' '));
      return;
    }
    const only = await chooseChanges(this.client, uri, preview);
    if (only !== undefined && only.length > 0) {
      await this.show({ uri, only });
    }
  }

  /** Opens a diff editor, whose title bar has buttons that apply and discard the changes. */
  async show(request: ChangeRequest): Promise<void> {
    const preview = await this.client.ask<ChangePreview>(previewRequest, request);
    if (preview === undefined) {
      return;
    }
    await this.close();
    this.shown = { request, preview };
    this.count++;
    const shownAs = new Map<string, Uri>();
    const resources = preview.files.map(({ uri, isNew, after }) => {
      const real = Uri.parse(uri);
      const changed = real.with({ scheme: changesScheme, query: String(this.count) });
      this.texts.set(changed.toString(), after);
      shownAs.set(uri, changed);
      return [real, isNew ? undefined : real, changed];
    });
    await commands.executeCommand('setContext', 'ballast.showsChanges', true);
    await commands.executeCommand('vscode.changes', preview.title, resources);
    this.comments.show(preview, (uri) => shownAs.get(uri));
  }

  /** Shows the changes anew without the one that a comment is about. */
  async leaveOut(thread: CommentThread): Promise<void> {
    const { request, preview } = this.shown ?? {};
    const rule = this.comments.ruleOf(thread);
    if (request !== undefined && preview !== undefined && rule !== undefined) {
      const only = preview.items.map((item) => item.rule).filter((one) => one !== rule);
      await this.show({ uri: request.uri, only });
    }
  }

  /** Closes what is shown, and changes nothing. */
  async discard(): Promise<void> {
    const uri = this.shown?.request.uri;
    await this.close();
    if (uri !== undefined) {
      await window.showTextDocument(Uri.parse(uri));
    }
  }

  /** Makes the changes that are shown, unless the document has changed since. */
  async apply(): Promise<void> {
    const { request, preview } = this.shown ?? {};
    if (request === undefined || preview === undefined) {
      return;
    }
    await this.close();
    await window.showTextDocument(Uri.parse(request.uri));
    const kept = await keepFiles(preview.files);
    const params = { ...request, version: preview.version };
    if ((await this.client.ask<boolean>(applyRequest, params)) !== true) {
      void window.showWarningMessage(l10n.t('The Dockerfile has changed meanwhile: nothing was done.'));
      return;
    }
    await kept.save();
    void this.undoOffer.offer(l10n.t('Applied. {0}', preview.title), kept);
  }

  /** Forgets what is shown when its diff editor is closed. */
  async didClose(tabs: readonly Tab[]): Promise<void> {
    if (tabs.some((tab) => this.isShownIn(tab))) {
      this.shown = undefined;
      this.texts.clear();
      this.comments.clear();
      await commands.executeCommand('setContext', 'ballast.showsChanges', false);
    }
  }

  private async close(): Promise<void> {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => this.isShownIn(tab));
    await window.tabGroups.close(tabs);
    await this.didClose(tabs);
  }

  /** A tab with several diffs has no other mark than its title, with the number of files behind. */
  private isShownIn({ label }: Tab): boolean {
    return this.shown !== undefined && label.startsWith(this.shown.preview.title);
  }
}
