import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CreateFile, TextDocumentEdit } from 'vscode-languageserver/node';
import { defaultConfig } from '../../server/src/engine/config.ts';
import { emptyReport } from '../../server/src/engine/report.ts';
import type { Fix } from '../../server/src/fixes/fix.ts';
import { readGrammars } from '../../server/src/host/grammars.ts';
import { createCatalogueKnowledge } from '../../server/src/images/catalogue-knowledge.ts';
import { readClientSupport } from '../../server/src/lsp/client-support.ts';
import { editorSettingsSchema } from '../../server/src/lsp/settings.ts';
import type { Snapshot } from '../../server/src/lsp/snapshots.ts';
import { type OpenText, toWorkspaceEdit } from '../../server/src/lsp/workspace-edit.ts';
import { unknownProject } from '../../server/src/project/project.ts';
import { createShellParser } from '../../server/src/syntax/shell/parser.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { modernEditor, oldEditor } from './client.ts';

const uri = 'file:///project/Dockerfile';
const text = 'FROM a\nRUN b\nRUN c\nRUN d\nRUN e\n';
const modern = readClientSupport(modernEditor);

const snapshot: Snapshot = {
  id: '1',
  uri,
  version: 7,
  lines: new LineIndex(text),
  settings: { editor: editorSettingsSchema.parse({}), config: defaultConfig, buildContexts: { editor: {} } },
  project: { project: unknownProject, uriOf: (path) => `file:///project/${path}` },
  input: {
    text,
    project: unknownProject,
    images: createCatalogueKnowledge(),
    shell: await createShellParser(await readGrammars()),
    config: defaultConfig,
    today: '2026-11-24',
  },
  report: emptyReport,
};

const nothingOpen = () => undefined;

function fix(parts: Partial<Fix>): Fix {
  return { title: 'Mend it', applicability: 'review', edits: [], ...parts };
}

const oneLine = { span: { start: 7, end: 12 }, text: 'RUN x' };
const manyLines = { span: { start: 0, end: text.length }, text: 'FROM x\n' };

describe('what is shown before it is made', () => {
  const isShown = (parts: Partial<Fix>): boolean =>
    toWorkspaceEdit(fix(parts), snapshot, modern, nothingOpen)?.changeAnnotations !== undefined;

  test('more than a few lines', () => {
    assert.equal(isShown({ edits: [oneLine] }), false);
    assert.equal(isShown({ edits: [manyLines] }), true);
    assert.equal(isShown({ edits: [{ span: { start: 0, end: 0 }, text: 'a\nb\nc\nd\ne\n' }] }), true);
  });

  test('other files', () => {
    assert.equal(isShown({ files: [{ path: '.dockerignore', after: 'x\n' }] }), true);
  });

  test('nothing that is safe', () => {
    assert.equal(isShown({ edits: [manyLines], applicability: 'safe' }), false);
    assert.equal(isShown({ edits: [manyLines], applicability: 'manual' }), true);
  });

  test('with what the fix takes for granted', () => {
    const assumptions = ['One.', 'Two.'];
    const edit = toWorkspaceEdit(fix({ edits: [manyLines], assumptions }), snapshot, modern, nothingOpen);
    assert.deepEqual(Object.values(edit?.changeAnnotations ?? {}), [
      { label: 'Mend it', needsConfirmation: true, description: 'One. Two.' },
    ]);
  });
});

describe('files beside the Dockerfile', () => {
  const ignoreFile = 'file:///project/.dockerignore';
  const open =
    (openText: string): ((of: string) => OpenText | undefined) =>
    (of) =>
      of === ignoreFile ? { version: 3, text: openText } : undefined;

  test('are created before they are written, and never replace one', () => {
    const files = [{ path: '.dockerignore', after: 'node_modules\n' }];
    const edit = toWorkspaceEdit(fix({ edits: [oneLine], files }), snapshot, modern, nothingOpen);
    const [create, write, own] = edit?.documentChanges ?? [];
    assert.equal((create as CreateFile).kind, 'create');
    assert.equal((create as CreateFile).uri, ignoreFile);
    assert.deepEqual((create as CreateFile).options, { overwrite: false, ignoreIfExists: false });
    const { textDocument, edits } = write as TextDocumentEdit;
    assert.deepEqual(textDocument, { uri: ignoreFile, version: null });
    assert.equal((edits[0] as { newText: string }).newText, 'node_modules\n');
    assert.deepEqual((own as TextDocumentEdit).textDocument, { uri, version: 7 });
  });

  test('are rewritten as a whole, in the version that is open', () => {
    const files = [{ path: '.dockerignore', before: 'a\nb', after: 'a\nb\nc\n' }];
    const closed = toWorkspaceEdit(fix({ files }), snapshot, modern, nothingOpen);
    const opened = toWorkspaceEdit(fix({ files }), snapshot, modern, open('a\nb'));
    for (const [edit, version] of [
      [closed, null],
      [opened, 3],
    ] as const) {
      const [change] = (edit?.documentChanges ?? []) as TextDocumentEdit[];
      assert.deepEqual(change?.textDocument, { uri: ignoreFile, version });
      const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 1 } };
      assert.deepEqual(change?.edits, [{ range, newText: 'a\nb\nc\n', annotationId: 'ballast' }]);
    }
  });

  test('are left alone when they are open with other text, or when the editor or the project gives no way', () => {
    const rewrite = fix({ files: [{ path: '.dockerignore', before: 'a', after: 'b' }] });
    const create = fix({ files: [{ path: '.dockerignore', after: 'b' }] });
    assert.equal(toWorkspaceEdit(rewrite, snapshot, modern, open('not saved')), undefined);
    assert.equal(toWorkspaceEdit(create, snapshot, modern, open('')), undefined);
    assert.equal(toWorkspaceEdit(create, snapshot, readClientSupport(oldEditor), nothingOpen), undefined);
    const nowhere = { ...snapshot, project: { project: unknownProject, uriOf: () => undefined } };
    assert.equal(toWorkspaceEdit(create, nowhere, modern, nothingOpen), undefined);
  });
});
