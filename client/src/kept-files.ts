import { Range, type TextDocument, Uri, WorkspaceEdit, workspace } from 'vscode';
import type { ChangePreview } from '../../server/src/lsp/messages.ts';

/** Files as they were before a change. */
export interface KeptFiles {
  readonly uris: readonly Uri[];
  /** True for a document of these files that is no longer what the change made of it. */
  isEdited(document: TextDocument): boolean;
  /** Saves what was changed, as VS Code does after a refactoring; files with unsaved edits of the user stay unsaved. */
  save(): Promise<void>;
  /** Puts the files back; false where one of them is no longer what the change made of it, and nothing is done. */
  restore(): Promise<boolean>;
}

interface Kept {
  readonly uri: Uri;
  /** Undefined for a file that the change creates. */
  readonly before: string | undefined;
  /** What the change makes of it; what the editor saves of that may be formatted. */
  after: string;
  readonly wasDirty: boolean;
}

/** Keeps the texts of files that are about to be changed. */
export async function keepFiles(files: ChangePreview['files']): Promise<KeptFiles> {
  const kept = await Promise.all(
    files.map(async ({ uri: address, isNew, after }): Promise<Kept> => {
      const uri = Uri.parse(address);
      const document = isNew ? undefined : await workspace.openTextDocument(uri);
      return { uri, before: document?.getText(), after, wasDirty: document?.isDirty === true };
    }),
  );
  const save = async (): Promise<void> => {
    if (workspace.getConfiguration('files').get('refactoring.autoSave') !== false) {
      const clean = kept.filter(({ wasDirty, uri }) => !wasDirty && uri.scheme !== 'untitled');
      await Promise.all(
        clean.map(async (one) => {
          const document = await workspace.openTextDocument(one.uri);
          await document.save();
          one.after = document.getText();
        }),
      );
    }
  };
  return {
    uris: kept.map(({ uri }) => uri),
    isEdited(document) {
      const address = document.uri.toString();
      const own = kept.find(({ uri }) => uri.toString() === address);
      return own !== undefined && !isSame(document, own.after);
    },
    save,
    async restore() {
      const documents = await Promise.all(kept.map(({ uri }) => opened(uri)));
      if (documents.some((document, i) => document === undefined || !isSame(document, kept[i]?.after))) {
        return false;
      }
      const edit = new WorkspaceEdit();
      for (const [i, { uri, before }] of kept.entries()) {
        const document = documents[i];
        if (before === undefined) {
          edit.deleteFile(uri);
        } else if (document !== undefined) {
          const whole = new Range(document.positionAt(0), document.positionAt(document.getText().length));
          edit.replace(uri, whole, before);
        }
      }
      const isDone = await workspace.applyEdit(edit);
      if (isDone) {
        const existing = kept.filter(({ before, wasDirty }) => before !== undefined && !wasDirty);
        await Promise.all(existing.map(async ({ uri }) => (await workspace.openTextDocument(uri)).save()));
      }
      return isDone;
    },
  };
}

async function opened(uri: Uri): Promise<TextDocument | undefined> {
  try {
    return await workspace.openTextDocument(uri);
  } catch {
    // It was removed meanwhile.
    return undefined;
  }
}

/** The editor keeps one kind of line break in a document, whatever was put in. */
function isSame(document: TextDocument, text: string | undefined): boolean {
  return document.getText().replaceAll('\r\n', '\n') === text?.replaceAll('\r\n', '\n');
}
