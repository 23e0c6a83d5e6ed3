import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { ShellAnswer } from '../../server/src/engine/shell-checks.ts';
import { createCatalogueKnowledge } from '../../server/src/images/catalogue-knowledge.ts';
import type { ShellCheckSource } from '../../server/src/lsp/host.ts';
import { span } from '../../server/src/text/span.ts';
import { modernEditor, type StartOptions, TestClient } from './client.ts';
import { machine } from './machine.ts';

const uri = 'file:///project/Dockerfile';
const text = 'FROM debian:13-slim\nRUN echo $NAME\n';

let client: TestClient;
afterEach(() => client.stop());

/** A ShellCheck that finds fault with every `$`, and keeps who asked. */
function source() {
  const known = new Map<string, readonly ShellAnswer[]>();
  const asked: { texts: string[]; program: string | undefined }[] = [];
  const shellCheck: ShellCheckSource = {
    peek: ({ text: script }) => known.get(script),
    async learn(questions, program) {
      const open = questions().filter((one) => !known.has(one.text));
      asked.push({ texts: open.map((one) => one.text.replace(/^(?:#.*\n|export.*\n)*/, '')), program });
      for (const one of open) {
        const at = one.text.lastIndexOf('$');
        const found: ShellAnswer = {
          code: 'SC2086',
          level: 'info',
          message: 'Quote this',
          span: span(at, at + 5),
          edits: [{ span: span(at, at), text: '"' }],
        };
        known.set(one.text, at < 0 ? [] : [found]);
      }
      return open.length > 0;
    },
  };
  return { shellCheck, asked };
}

async function start(shellCheck: ShellCheckSource, options: StartOptions = {}): Promise<void> {
  const host = machine(createCatalogueKnowledge(), 'at once', { shellCheck });
  client = await TestClient.start({ host, capabilities: modernEditor, ...options });
}

/** What the editor shows of ShellCheck once nothing more comes. */
async function shown(): Promise<string[]> {
  for (let left = 20; left > 0; left--) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const found = await client.diagnostics(uri);
  return found
    .filter(({ code }) => code === 'shellcheck')
    .map(({ message, range }) => `${range.start.line}:${range.start.character} ${message}`);
}

test('what ShellCheck says is shown at its place once it has been asked', async () => {
  const { shellCheck, asked } = source();
  await start(shellCheck);
  await client.open(uri, text);
  await client.until(() => client.refreshes > 0);
  assert.deepEqual(await shown(), ['1:9 Quote this (SC2086)']);
  assert.deepEqual(asked, [{ texts: ['echo $NAME'], program: undefined }]);
  const [action] = await client.codeActions(uri, {
    start: { line: 1, character: 9 },
    end: { line: 1, character: 9 },
  });
  assert.match(action?.title ?? '', /^Change as ShellCheck says/);
  assert.equal(client.applied(uri, action?.edit), text.replace('$NAME', '"$NAME'));
});

test('only what was changed is asked again', async () => {
  const { shellCheck, asked } = source();
  await start(shellCheck, { settings: { shellCheck: '/opt/shellcheck' } });
  await client.open(uri, `${text}RUN ls\n`);
  await client.until(() => client.refreshes > 0);
  await client.change(uri, `# a comment\n${text}RUN ls -l\n`);
  await client.until(() => asked.length > 1);
  assert.deepEqual(asked, [
    { texts: ['echo $NAME', 'ls'], program: '/opt/shellcheck' },
    { texts: ['ls -l'], program: '/opt/shellcheck' },
  ]);
  assert.deepEqual(await shown(), ['2:9 Quote this (SC2086)']);
});

const quiet: Readonly<Record<string, StartOptions>> = {
  'in Restricted Mode': {
    initializationOptions: {
      environment: { hasOtherDockerExtension: false, hasOtherBuildChecks: false, isTrusted: false },
    },
  },
  'with the setting off': { settings: { shellCheck: 'off' } },
  'where its rule is off': { settings: { rules: { shellcheck: 'off' } } },
  'where Ballast is off': { settings: { enable: false } },
};

for (const [name, options] of Object.entries(quiet)) {
  test(`ShellCheck is not started ${name}`, async () => {
    const { shellCheck, asked } = source();
    await start(shellCheck, options);
    await client.open(uri, text);
    assert.deepEqual(await shown(), []);
    assert.deepEqual(asked, []);
  });
}
