import { pathToFileURL } from 'node:url';
import { applyEdits, modify, type ParseError } from 'jsonc-parser';
import { CreateFile, type WorkspaceEdit } from 'vscode-languageserver';
import { readJsonc } from '../project/formats/jsonc.ts';
import { LineIndex } from '../text/lines.ts';
import type { ProjectFile } from './host.ts';
import type { OpenText } from './workspace-edit.ts';

/**
 * The edit that gives a rule a severity in a project file, or takes it away, whose comments and layout stay. Undefined where
 * the file is not valid, or is open with other text than was read.
 */
export function ruleEdit(
  { path, text }: ProjectFile,
  rule: string,
  severity: string | undefined,
  openText: (uri: string) => OpenText | undefined,
): WorkspaceEdit | undefined {
  const errors: ParseError[] = [];
  const value = readJsonc(text, errors);
  const uri = pathToFileURL(path).href;
  const open = openText(uri);
  if (errors.length > 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  if (open !== undefined && open.text !== text) {
    return undefined;
  }
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  // In front of the others: behind the last, a comment at the end of its line would be torn off.
  const options = { formattingOptions, getInsertionIndex: () => 0 };
  const after = applyEdits(text, modify(text, ['rules', rule], severity, options));
  const lines = new LineIndex(text);
  const range = { start: lines.positionAt(0), end: lines.positionAt(text.length) };
  return {
    documentChanges: [
      { textDocument: { uri, version: open?.version ?? null }, edits: [{ range, newText: after }] },
    ],
  };
}

/** The edit that creates a project file in which a rule has a severity. */
export function newProjectFile(uri: string, rule: string, severity: string): WorkspaceEdit {
  const start = { line: 0, character: 0 };
  const newText = `${JSON.stringify({ rules: { [rule]: severity } }, null, 2)}\n`;
  return {
    documentChanges: [
      CreateFile.create(uri, { overwrite: false, ignoreIfExists: false }),
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText }] },
    ],
  };
}
