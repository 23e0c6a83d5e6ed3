/** The command line as a process of its own, with the real engine. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  createProtocolConnection,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { temporaryFolder } from './support.ts';

const entry = fileURLToPath(new URL('../../server/src/host/cli.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

function start(folder: string, ...args: string[]) {
  return spawn(process.execPath, ['--import', tsx, entry, ...args], { cwd: folder, stdio: 'pipe' });
}

async function finish(child: ReturnType<typeof start>, stdin = '') {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(stdin);
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

test('reads standard input and finds what the rules find', async (t) => {
  const folder = temporaryFolder(t, {});
  const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n';
  const { code, stdout, stderr } = await finish(start(folder, 'check', '-f', 'json', '-'), text);
  assert.equal(stderr, '');
  assert.equal(code, 1);
  const rules = JSON.parse(stdout).files[0].findings.map((finding: { rule: string }) => finding.rule);
  assert.ok(rules.includes('runs-as-root'), String(rules));
});

test('a reader that leaves early is no failure', async (t) => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`d${i}/Dockerfile`, 'FROM\n'.repeat(200)]),
  );
  const folder = temporaryFolder(t, files);
  const child = start(folder, 'check', '-f', 'json');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = await once(child, 'close');
  // Nobody complains, and with `pipefail` nothing passes that did not come to its end.
  assert.deepEqual([code, stderr], [141, '']);
});

test('a full disk behind standard output is a failure in one line', {
  skip: !existsSync('/dev/full'),
}, (t) => {
  const folder = temporaryFolder(t, { Dockerfile: 'FROM node:22\nCMD ["node", "a.js"]\n' });
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  const { status, stderr } = spawnSync(process.execPath, ['--import', tsx, entry, 'check'], {
    cwd: folder,
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  assert.equal(status, 2);
  assert.match(stderr, /^ballast: what was found cannot be written: ENOSPC[^\n]*\n$/);
});

test('one line and exit code 2 for a missing file', async (t) => {
  const folder = temporaryFolder(t, {});
  const missing = await finish(start(folder, 'check', 'gone'));
  assert.deepEqual(missing, { code: 2, stdout: '', stderr: 'ballast: gone: no such file or folder\n' });
});

for (const args of [['lsp', '--stdio'], ['lsp']]) {
  test(`${args.join(' ')} answers an editor and leaves with it`, (t) => answersAnEditor(t, args));
}

async function answersAnEditor(t: TestContext, args: readonly string[]): Promise<void> {
  const child = start(temporaryFolder(t, {}), ...args);
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
  });
  assert.ok(capabilities.codeActionProvider);
  await connection.sendNotification(InitializedNotification.type, {});
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  assert.deepEqual((await once(child, 'exit'))[0], 0);
  connection.dispose();
}

test('standard input without an end is given up', async (t) => {
  const child = start(temporaryFolder(t, {}), 'check', '-');
  child.stdin.on('error', () => {
    // The process has ended before it was sent everything.
  });
  const { code, stderr } = await finish(child, 'RUN true\n'.repeat(2_000_000));
  assert.deepEqual([code, stderr], [2, 'ballast: <stdin>: it is larger than 16 MB\n']);
});

test('says what the build context weighs', async (t) => {
  const folder = temporaryFolder(t, {
    Dockerfile:
      'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "server.js"]\n',
    'package.json': '{}',
    'server.js': 'x'.repeat(100_000),
    'node_modules/a/index.js': 'x'.repeat(3_000_000),
    '.git/HEAD': 'x'.repeat(1_000_000),
  });
  const { stdout, stderr } = await finish(start(folder, 'check', '-f', 'json'));
  assert.equal(stderr, '');
  assert.match(stdout, /`COPY \. \.` sends 4\.1 MB, 4 MB of it node_modules and \.git\./);
  assert.match(stdout, /Create \.dockerignore \(sends 4 MB less\)/);
});

test('a project file says where a Dockerfile is built', async (t) => {
  const folder = temporaryFolder(t, {
    '.git/HEAD': '',
    '.ballast.json': '{ "buildContexts": { "docker/*.Dockerfile": "app" } }',
    'docker/web.Dockerfile': 'FROM nginx:1.29-alpine\nCOPY index.html missing.html /srv/\n',
    'docker/index.html': '',
    'docker/missing.html': '',
    'app/index.html': '',
  });
  const { stdout } = await finish(start(folder, 'check', '-f', 'json', 'docker/web.Dockerfile'));
  const [file] = JSON.parse(stdout).files;
  assert.equal(file.context, 'app');
  assert.deepEqual(
    file.findings
      .filter((finding: { rule: string }) => finding.rule === 'copied-path-missing')
      .map((finding: { message: string }) => finding.message),
    ['missing.html is not in the build context.'],
  );
});
