import { pathToFileURL } from 'node:url';
import { applyEdits, modify, type ParseError, parse } from 'jsonc-parser';
import type { WorkspaceEdit } from 'vscode-languageserver';
import { LineIndex } from '../text/lines.ts';
import type { ProjectFile } from './host.ts';
import type { OpenText } from './workspace-edit.ts';

/**
 * The edit that switches a rule off in a project file, whose comments and layout stay. Undefined where the file is not
 * valid, or is open with other text than was read.
 */
export function turnOffEdit(
  { path, text }: ProjectFile,
  rule: string,
  openText: (uri: string) => OpenText | undefined,
): WorkspaceEdit | undefined {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const uri = pathToFileURL(path).href;
  const open = openText(uri);
  if (errors.length > 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  if (open !== undefined && open.text !== text) {
    return undefined;
  }
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  const after = applyEdits(text, modify(text, ['rules', rule], 'off', { formattingOptions }));
  const lines = new LineIndex(text);
  const range = { start: lines.positionAt(0), end: lines.positionAt(text.length) };
  return {
    documentChanges: [
      { textDocument: { uri, version: open?.version ?? null }, edits: [{ range, newText: after }] },
    ],
  };
}
