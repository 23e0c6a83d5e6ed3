import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { beside, hoverAt, openProject, untilReported, untilSaid, untilSilent, write } from '../editor.ts';

const files = {
  Dockerfile: `FROM node:22-slim
WORKDIR /app
COPY . .
RUN npm ci
USER node
CMD ["node", "server.js"]
`,
  'package.json': '{}',
  'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
  'server.js': 'x'.repeat(100_000),
  'src/data.json': 'x'.repeat(50_000),
  'node_modules/a/index.js': 'x'.repeat(3_000_000),
  '.env': 'DATABASE_PASSWORD=hunter2\n',
} as const;

suite('The build context', () => {
  test('is measured in the background, and the messages say bytes', async () => {
    const document = await openProject(files);
    await untilSaid(document, 'dockerignore-missing', /sends 3\.15 MB, 3 MB of it node_modules and \.env/);
    await untilSaid(document, 'secret-file-in-image', /^\.env \(26 B\)/);
  });

  test('is measured anew when the ignore file and other files change', async () => {
    const document = await openProject(files);
    await untilSaid(document, 'dockerignore-missing', /sends 3\.15 MB/);
    await write(beside(document, 'node_modules/a/more.js'), 'x'.repeat(1_000_000));
    await untilSaid(document, 'dockerignore-missing', /sends 4\.15 MB/);
    await write(beside(document, '.dockerignore'), '.env\n');
    await untilSilent(document, 'secret-file-in-image');
    await untilSaid(document, 'dockerignore-incomplete', /node_modules through: 4 MB of the 4\.15 MB/);
    await write(beside(document, '.dockerignore'), '.env\n**/node_modules\n');
    await untilSilent(document, 'dockerignore-incomplete');
  });
});

suite('An ignore file', () => {
  async function open(text: string): Promise<vscode.TextDocument> {
    const dockerfile = await openProject({ ...files, '.dockerignore': text });
    const document = await vscode.workspace.openTextDocument(beside(dockerfile, '.dockerignore'));
    await vscode.window.showTextDocument(document);
    return document;
  }

  test('is told which patterns are malformed, undone or match nothing', async () => {
    const document = await open('node_modules\nsrc\n!src\n[bad\nmissing\n');
    assert.equal(document.languageId, 'ignore');
    await untilReported(document, 'pattern-invalid');
    const undone = await untilReported(document, 'pattern-undone');
    assert.equal(undone.range.start.line, 1);
    const unused = await untilReported(document, 'pattern-unused');
    assert.equal(unused.range.start.line, 4);
    assert.deepEqual(unused.tags, [vscode.DiagnosticTag.Unnecessary]);
  });

  test('shows what a pattern excludes, and completes paths', async () => {
    const document = await open('node_modules\nmissing\nsrc/\n');
    await untilReported(document, 'pattern-unused');
    assert.match(await hoverAt(document, 'node_modules'), /Excludes 3 MB in 1 file/);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(2, 4),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('data.json'), String(labels));
  });
});
