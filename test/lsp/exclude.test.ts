/** Leaving a path out of the build context from the hover of a COPY. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type MarkupContent, RegistrationRequest } from 'vscode-languageserver/node';
import { type ChangePreview, previewRequest } from '../../server/src/lsp/messages.ts';
import { TestClient, temporaryFolder } from './client.ts';

const text = `FROM node:22-slim
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node", "server.js"]
`;

const service = {
  Dockerfile: text,
  '.dockerignore': '.git\n',
  'package.json': '{"name":"a","version":"1.0.0","dependencies":{"a":"1.0.0"}}',
  'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
  'server.js': "require('node:http').createServer().listen(3000);\n",
};

interface Opened {
  /** The rows of the hover on the COPY: path and what is said of it. */
  readonly rows: readonly (readonly [path: string, note: string])[];
  preview(exclude: string): Promise<ChangePreview | null>;
}

/** Opens a project, with the words of the hover at a line, and ends the session. */
async function open(
  files: Readonly<Record<string, string>>,
  use: (opened: Opened) => Promise<void>,
  { line = 2, views = true } = {},
): Promise<void> {
  const folder = temporaryFolder(files);
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  const client = await TestClient.start({ workspaceFolder: folder, initializationOptions: { views } });
  try {
    client.connection.onRequest(RegistrationRequest.type, () => {});
    await client.open(uri, files['Dockerfile'] ?? '');
    await client.diagnostics(uri);
    await client.until(() => client.refreshes > 0);
    const hover = await client.hover(uri, { line, character: 1 });
    const rows = ((hover?.contents as MarkupContent | undefined)?.value ?? '')
      .split('\n')
      .filter((row) => row.startsWith('| `'))
      .map((row) => row.split(' | '))
      .map(([path = '', , , note = '']) => [path.slice(3, -1), note.replace(/ \|$/, '')] as const);
    await use({
      rows,
      preview: (exclude) => client.connection.sendRequest(previewRequest, { uri, exclude }),
    });
  } finally {
    await client.stop();
  }
}

function noteOf({ rows }: Opened, path: string): string | undefined {
  return rows.find(([one]) => one === path)?.[1];
}

const link = /^\[Exclude in \.dockerignore\]\(command:ballast\.exclude\?[\w%.~-]+\)$/;

describe('excluding a path from the hover of a COPY', () => {
  test('is offered for what nothing reads, and refused with a reason for the rest', async () => {
    const files = {
      ...service,
      'backup.sql.gz': 'x'.repeat(2_000_000),
      'node_modules/a/index.js': 'x'.repeat(3_000_000),
      'assets/photos.bin': 'x'.repeat(1_000_000),
      'src/routes.js': 'x'.repeat(5000),
    };
    await open(files, async (opened) => {
      assert.match(noteOf(opened, 'backup.sql.gz') ?? '', link);
      assert.match(noteOf(opened, 'node_modules/') ?? '', link);
      assert.equal(noteOf(opened, 'assets/photos.bin'), 'nothing shows that the build does without it');
      const preview = await opened.preview('backup.sql.gz');
      assert.equal(preview?.title, 'Exclude backup.sql.gz in .dockerignore (sends 2 MB less)');
      assert.deepEqual(
        preview?.files.map(({ uri, isNew, after }) => [uri.replace(/^.*\//, ''), isNew, after]),
        [['.dockerignore', false, '.git\nbackup.sql.gz\n']],
      );
      assert.equal((await opened.preview('node_modules/a'))?.files[0]?.after, '.git\n**/node_modules\n');
      // Whoever asks all the same gets nothing.
      for (const kept of ['assets/photos.bin', 'server.js', 'missing', '', '../other']) {
        assert.equal(await opened.preview(kept), null, kept);
      }
    });
  });

  test('is refused where the build makes no packages of its own', async () => {
    const files = {
      ...service,
      Dockerfile: text.replace('RUN npm ci\n', ''),
      'node_modules/a/index.js': 'x'.repeat(3_000_000),
    };
    await open(files, async (opened) => {
      assert.deepEqual(opened.rows[0], ['node_modules/', 'the build does not install these packages']);
      assert.equal(await opened.preview('node_modules/a/index.js'), null);
    });
  });

  test('is refused where a source or a command reads the file', async () => {
    const files = {
      ...service,
      Dockerfile: text.replace('RUN npm ci', 'RUN npm ci && gunzip seed.sql.gz'),
      'server.js': "require('fs').readFileSync('./dump.sql');\n",
      'seed.sql.gz': 'x'.repeat(2_000_000),
      'dump.sql': 'x'.repeat(1_000_000),
    };
    await open(files, async (opened) => {
      assert.equal(noteOf(opened, 'seed.sql.gz'), 'gunzip seed.sql.gz names seed.sql.gz');
      assert.doesNotMatch(noteOf(opened, 'seed.sql.gz') ?? '', /command:/);
      assert.equal(noteOf(opened, 'dump.sql'), 'server.js names dump.sql');
    });
  });

  test('is made for this build alone where another one needs the path', async () => {
    const files = {
      ...service,
      'tools.Dockerfile': 'FROM node:22-slim\nCOPY node_modules /node_modules\nCMD ["node"]\n',
      'node_modules/a/index.js': 'x'.repeat(3_000_000),
    };
    await open(files, async (opened) => {
      const preview = await opened.preview('node_modules/a/index.js');
      assert.match(
        preview?.title ?? '',
        /in Dockerfile\.dockerignore, for this build alone, because tools\.Dockerfile needs it/,
      );
      assert.deepEqual(
        preview?.files.map(({ uri, isNew }) => [uri.replace(/^.*\//, ''), isNew]),
        [['Dockerfile.dockerignore', true]],
      );
    });
  });

  test('creates the ignore file where there is none, and is words alone in editors without the command', async () => {
    const { '.dockerignore': _, ...bare } = service;
    const files = { ...bare, 'old.tar.gz': 'x'.repeat(2_000_000) };
    await open(files, async (opened) => {
      assert.match(noteOf(opened, 'old.tar.gz') ?? '', link);
      assert.deepEqual(
        (await opened.preview('old.tar.gz'))?.files.map(({ isNew, after }) => [isNew, after]),
        [[true, 'old.tar.gz\n']],
      );
    });
    await open(files, async (opened) => assert.equal(noteOf(opened, 'old.tar.gz'), 'nothing reads it'), {
      views: false,
    });
  });
});
