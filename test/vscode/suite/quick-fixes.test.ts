import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { apply, openProject, quickFixes, read, untilReported, untilSilent } from '../editor.ts';
import { aptDockerfile, ordinaryProject } from '../projects.ts';

interface Case {
  readonly rule: string;
  readonly files: Readonly<Record<string, string>>;
  readonly title: string;
  /** The Dockerfile after the fix. */
  readonly after: string;
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
    title: 'Run as `node`',
    after: `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
USER node
EXPOSE 3000
CMD ["node", "dist/server.js"]
`,
  },
  {
    rule: 'healthcheck-missing',
    files: ordinaryProject,
    title: 'Add HEALTHCHECK with node',
    after: `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:3000/').then(r=>process.exit(r.status<500?0:1),()=>process.exit(1))"]
CMD ["node", "dist/server.js"]
`,
  },
  {
    rule: 'single-stage-build',
    files: ordinaryProject,
    title: 'Move the build to its own stage (saves at least 903 MB)',
    after: `FROM node:22 AS builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN npm run build
RUN npm prune --omit=dev

FROM node:22-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=builder /app/package.json ./
COPY --from=builder /app/node_modules ./node_modules
COPY --from=builder /app/dist ./dist
USER node
EXPOSE 3000
CMD ["node", "dist/server.js"]
`,
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
      const action = actions.find((one) => one.title === title);
      assert.ok(action, `The menu holds only: ${actions.map((one) => one.title).join(', ')}`);
      await apply(action);
      assert.equal(document.getText(), after);
      await untilSilent(document, rule);
    });
  }

  test('the menu holds the fixes first, then ways to silence the rules', async () => {
    const document = await openProject(ordinaryProject);
    const { range } = await untilReported(document, 'single-stage-build');
    const titles = (await quickFixes(document, range)).map(({ title }) => title);
    const firstIgnore = titles.findIndex((title) => title.startsWith('Ignore '));
    assert.ok(firstIgnore > 0);
    assert.ok(titles.slice(firstIgnore).every((title) => title.startsWith('Ignore ')));
    assert.ok(titles.includes('Ignore single-stage-build for this instruction'));
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
