import {
  type AnnotatedTextEdit,
  type ChangeAnnotation,
  CreateFile,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { FileChange, Fix } from '../fixes/fix.ts';
import { plainWords } from '../ide/actions.ts';
import { LineIndex } from '../text/lines.ts';
import type { ClientSupport } from './client-support.ts';
import { toTextEdit } from './convert.ts';
import type { Snapshot } from './snapshots.ts';

/** A fix that changes more lines than this is shown before it is made, unless it is safe. */
const maxLinesUnseen = 4;

const annotation = 'ballast';

/** A file that another part of the editor holds open, with its unsaved text. */
export interface OpenText {
  readonly version: number;
  readonly text: string;
}

/**
 * The edit of a fix as the editor takes it: bound to the version it was made for, and shown for confirmation where it
 * is more than a few lines that somebody should look at. Undefined where the editor cannot make it.
 */
export function toWorkspaceEdit(
  fix: Fix,
  snapshot: Snapshot,
  support: ClientSupport,
  openText: (uri: string) => OpenText | undefined,
): WorkspaceEdit | undefined {
  const { uri, version, lines, project } = snapshot;
  const edits = fix.edits.map((edit) => toTextEdit(lines, edit));
  const files = fix.files ?? [];
  if (!support.documentChanges) {
    return files.length === 0 ? { changes: { [uri]: edits } } : undefined;
  }
  const confirm = support.changeAnnotations && needsLook(fix, lines);
  const annotate = (edit: TextEdit): TextEdit | AnnotatedTextEdit =>
    confirm ? { ...edit, annotationId: annotation } : edit;
  const documentChanges: (TextDocumentEdit | CreateFile)[] = [];
  for (const file of files) {
    const changes = changeFile(file, project.uriOf(file.path), support, openText, confirm);
    if (changes === undefined) {
      return undefined;
    }
    documentChanges.push(
      ...changes.map((change) =>
        'kind' in change ? change : { ...change, edits: change.edits.map(annotate) },
      ),
    );
  }
  if (edits.length > 0) {
    documentChanges.push({ textDocument: { uri, version }, edits: edits.map(annotate) });
  }
  return confirm
    ? { documentChanges, changeAnnotations: { [annotation]: describe(fix) } }
    : { documentChanges };
}

/** What creates or rewrites one file; undefined where that cannot be done. */
function changeFile(
  file: FileChange,
  uri: string | undefined,
  support: ClientSupport,
  openText: (uri: string) => OpenText | undefined,
  confirm: boolean,
): ({ textDocument: { uri: string; version: number | null }; edits: TextEdit[] } | CreateFile)[] | undefined {
  if (uri === undefined) {
    return undefined;
  }
  const open = openText(uri);
  const rewrite = (before: string) => {
    const lines = new LineIndex(before);
    const range = { start: lines.positionAt(0), end: lines.positionAt(before.length) };
    return { textDocument: { uri, version: open?.version ?? null }, edits: [{ range, newText: file.after }] };
  };
  if (file.before !== undefined) {
    // What is open and not saved differs from what the fix was made for.
    return open === undefined || open.text === file.before ? [rewrite(file.before)] : undefined;
  }
  if (!support.createFiles || open !== undefined) {
    return undefined;
  }
  const options = { overwrite: false, ignoreIfExists: false };
  return [
    confirm ? CreateFile.create(uri, options, annotation) : CreateFile.create(uri, options),
    rewrite(''),
  ];
}

/** True for a fix that changes more than a few lines, and that somebody should look at first. */
export function needsLook(fix: Fix, lines: LineIndex): boolean {
  if (fix.applicability === 'safe') {
    return false;
  }
  const touched = fix.edits.reduce((sum, { span, text }) => {
    const removed = lines.lineAt(span.end) - lines.lineAt(span.start) + 1;
    return sum + Math.max(removed, text.split('\n').length);
  }, 0);
  return touched > maxLinesUnseen || (fix.files ?? []).length > 0;
}

function describe(fix: Fix): ChangeAnnotation {
  return {
    label: plainWords(fix.title),
    needsConfirmation: true,
    ...(fix.assumptions === undefined ? {} : { description: fix.assumptions.join(' ') }),
  };
}
