import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { apply, openProject, quickFixes, read, untilReported, untilSilent } from '../editor.ts';
import { aptDockerfile, ordinaryProject } from '../projects.ts';

interface Case {
  readonly rule: string;
  readonly files: Readonly<Record<string, string>>;
  /** How the title begins. */
  readonly title: string;
  /** The Dockerfile after the fix; a pattern where its details are for the fixtures of the rule to say. */
  readonly after: string | RegExp;
}

const cases: readonly Case[] = [
  {
    rule: 'sources-copied-before-install',
    files: ordinaryProject,
    title: 'Copy package.json and package-lock.json first, and the sources behind the install',
    after: `FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
EXPOSE 3000
CMD ["node", "dist/server.js"]
`,
  },
  {
    rule: 'runs-as-root',
    files: ordinaryProject,
    title: 'Run as node',
    after: `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
# User node, by number: Kubernetes' runAsNonRoot takes no name.
USER 1000
EXPOSE 3000
CMD ["node", "dist/server.js"]
`,
  },
  {
    rule: 'healthcheck-missing',
    files: ordinaryProject,
    title: 'Add HEALTHCHECK with node',
    after: /\nEXPOSE 3000\nHEALTHCHECK [\s\S]*\bnode\b[\s\S]*\nCMD \["node", "dist\/server.js"\]\n$/,
  },
  {
    rule: 'single-stage-build',
    files: ordinaryProject,
    title: 'Move the build to its own stage (saves ',
    after:
      /^FROM node:22 AS builder\n[\s\S]*\n\nFROM node:22-slim\n[\s\S]*\nCOPY --from=builder \/app\/dist /,
  },
  {
    rule: 'package-cache-left-in-layer',
    files: { Dockerfile: aptDockerfile },
    title: 'Clean up in the same RUN: rm -rf /var/lib/apt/lists/*',
    after: `FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
CMD ["curl", "--version"]
`,
  },
];

suite('quick fixes', () => {
  for (const { rule, files, title, after } of cases) {
    test(`${rule}: ${title}`, async () => {
      const document = await openProject(files);
      const { range } = await untilReported(document, rule);
      const actions = await quickFixes(document, range);
      const action = actions.find((one) => one.title.startsWith(title));
      assert.ok(action, `The menu holds only: ${actions.map((one) => one.title).join(', ')}`);
      await apply(action);
      if (typeof after === 'string') {
        assert.equal(document.getText(), after);
      } else {
        assert.match(document.getText(), after);
      }
      await untilSilent(document, rule);
    });
  }

  test('unsaved edits stay unsaved when changes are applied, and when they are taken back', async () => {
    // Else the served VS Code saves by itself.
    const files = vscode.workspace.getConfiguration('files');
    const target = vscode.ConfigurationTarget.Workspace;
    await files.update('autoSave', 'off', target);
    try {
      const document = await openProject(ordinaryProject);
      const saved = document.getText();
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), '# mine\n');
      assert.ok(await vscode.workspace.applyEdit(edit));
      await untilReported(document, 'single-stage-build');
      const actions = await quickFixes(document, document.lineAt(1).range);
      const action = actions.find(({ title }) => title.startsWith('Move the build to its own stage'));
      assert.ok(action?.command, actions.map(({ title }) => title).join('\n'));
      await apply(action);
      assert.match(document.getText(), /^# mine\nFROM node:22 AS builder\n/);
      assert.ok(document.isDirty);
      assert.equal(await read(document.uri), saved);
      await vscode.commands.executeCommand('ballast.undoChanges');
      assert.equal(document.getText(), `# mine\n${saved}`);
      assert.ok(document.isDirty);
      assert.equal(await read(document.uri), saved);
    } finally {
      await files.update('autoSave', undefined, target);
    }
  });

  test('changes of a saved file are saved, and so is what is taken back', async () => {
    const document = await openProject(ordinaryProject);
    const saved = document.getText();
    const { range } = await untilReported(document, 'single-stage-build');
    const actions = await quickFixes(document, range);
    const action = actions.find(({ title }) => title.startsWith('Move the build to its own stage'));
    assert.ok(action?.command);
    await apply(action);
    assert.match(await read(document.uri), /^FROM node:22 AS builder\n/);
    await vscode.commands.executeCommand('ballast.undoChanges');
    assert.equal(await read(document.uri), saved);
  });

  test('the menu holds the fixes first, then ways to silence the rules', async () => {
    const document = await openProject(ordinaryProject);
    const { range } = await untilReported(document, 'single-stage-build');
    const titles = (await quickFixes(document, range)).map(({ title }) => title);
    const indexOf = (title: string) => titles.findIndex((one) => one.startsWith(title));
    const order = ['Move the build', 'Slim this', 'Explain ', 'Ignore ', 'Turn '].map(indexOf);
    assert.ok(order[0] === 0 && !order.includes(-1), titles.join('\n'));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(titles.includes('Ignore single-stage-build for this instruction'));
  });

  test('a rule is explained inside the editor, and can be turned off', async () => {
    const document = await openProject({ Dockerfile: aptDockerfile });
    const rule = 'package-cache-left-in-layer';
    const { range } = await untilReported(document, rule);
    await vscode.commands.executeCommand('ballast.explain', rule);
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse(`ballast-rule:/${rule}.md`));
    assert.match(page.getText(), /^# package-cache-left-in-layer$/m);
    await vscode.window.showTextDocument(document, { preview: false });
    const action = (await quickFixes(document, range)).find(({ title }) => title.startsWith(`Turn ${rule}`));
    assert.ok(action?.command);
    // Its message waits for an answer, so the command is not waited for.
    vscode.commands
      .executeCommand(action.command.command, ...(action.command.arguments ?? []))
      .then(undefined, () => {});
    await untilSilent(document, rule);
    await vscode.workspace
      .getConfiguration('ballast')
      .update('rules', undefined, vscode.ConfigurationTarget.Workspace);
  });

  test('silencing a rule writes a comment that silences it', async () => {
    const document = await openProject({ Dockerfile: aptDockerfile });
    const rule = 'package-cache-left-in-layer';
    const { range } = await untilReported(document, rule);
    const action = (await quickFixes(document, range)).find(({ title }) =>
      title.startsWith(`Ignore ${rule}`),
    );
    assert.ok(action);
    await apply(action);
    assert.equal(document.lineAt(1).text, `# ballast ignore=${rule}`);
    await untilSilent(document, rule);
  });

  test('on save, with `source.fixAll.ballast`, what is safe is fixed', async () => {
    const editor = vscode.workspace.getConfiguration('editor');
    const target = vscode.ConfigurationTarget.Workspace;
    await editor.update('codeActionsOnSave', { 'source.fixAll.ballast': 'explicit' }, target);
    try {
      const document = await openProject({ Dockerfile: aptDockerfile });
      await untilReported(document, 'package-cache-left-in-layer');
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), '# A small client\n');
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.ok(await document.save());
      assert.equal(
        await read(document.uri),
        `# A small client
FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
CMD ["curl", "--version"]
`,
      );
    } finally {
      await editor.update('codeActionsOnSave', undefined, target);
    }
  });
});
