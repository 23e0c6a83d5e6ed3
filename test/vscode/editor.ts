/** What the tests do in the editor. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';

/** Writes a project into a new folder of the workspace and opens its Dockerfile in an editor. */
export async function openProject(files: Readonly<Record<string, string>>): Promise<vscode.TextDocument> {
  const folder = vscode.Uri.joinPath(workspaceFolder(), randomUUID());
  await Promise.all(
    Object.entries(files).map(([path, text]) => write(vscode.Uri.joinPath(folder, path), text)),
  );
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'Dockerfile'));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Address of a file beside a Dockerfile. */
export function beside(document: vscode.TextDocument, path: string): vscode.Uri {
  return vscode.Uri.joinPath(document.uri, '..', path);
}

export async function write(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
}

export async function read(uri: vscode.Uri): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString();
}

/** Rules that Ballast reports for a document at this moment, sorted, each once. */
export function reportedRules(document: vscode.TextDocument): string[] {
  return [...new Set(problems(document).map(ruleOf))].sort();
}

/** Waits until a rule is reported, and returns its first problem. */
export async function untilReported(document: vscode.TextDocument, rule: string): Promise<vscode.Diagnostic> {
  const find = () => problems(document).find((problem) => ruleOf(problem) === rule);
  await until(
    () => find() !== undefined,
    () => `${rule} is not reported, only ${reportedRules(document)}`,
  );
  const problem = find();
  assert.ok(problem);
  return problem;
}

/** Waits until a problem of a rule says something. */
export async function untilSaid(document: vscode.TextDocument, rule: string, text: RegExp): Promise<void> {
  await until(
    () => problems(document).some((problem) => ruleOf(problem) === rule && text.test(problem.message)),
    () => `${rule} does not say ${text}: ${problems(document).map(({ message }) => message)}`,
  );
}

/** Waits until a rule is reported no more. */
export async function untilSilent(document: vscode.TextDocument, rule: string): Promise<void> {
  await until(
    () => !reportedRules(document).includes(rule),
    () => `${rule} is still reported`,
  );
}

/** What the quick-fix menu holds at a place, in its order. */
export function quickFixes(
  document: vscode.TextDocument,
  range: vscode.Range,
): Thenable<vscode.CodeAction[]> {
  const kind = vscode.CodeActionKind.QuickFix.value;
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range, kind);
}

/** Makes the change of a quick fix; a large one is shown first, and then applied. */
export async function apply({ edit, command }: vscode.CodeAction): Promise<void> {
  if (edit !== undefined) {
    assert.ok(await vscode.workspace.applyEdit(edit));
    return;
  }
  assert.ok(command);
  await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
  await vscode.commands.executeCommand('ballast.applyChanges');
}

/** Titles of the code lenses of a document. */
export async function lensTitles(document: vscode.TextDocument): Promise<(string | undefined)[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    10,
  );
  return lenses.map(({ command }) => command?.title);
}

/** Text of all hovers at the first place where `word` stands. */
export async function hoverAt(document: vscode.TextDocument, word: string): Promise<string> {
  const offset = document.getText().indexOf(word);
  assert.notEqual(offset, -1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset + 1),
  );
  const contents = hovers.flatMap((hover) => hover.contents);
  return contents.map((content) => (typeof content === 'string' ? content : content.value)).join('\n');
}

export function problems(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'ballast');
}

function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits for the diagnostics to make a condition true; the time limit is well beyond what any machine needs. */
async function until(condition: () => boolean, failure: () => string): Promise<void> {
  if (condition()) {
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      listener.dispose();
      reject(new Error(failure()));
    }, 60_000);
    const listener = vscode.languages.onDidChangeDiagnostics(() => {
      if (condition()) {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      }
    });
  });
}

function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return folder.uri;
}
