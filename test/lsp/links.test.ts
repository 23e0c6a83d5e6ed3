/** Files that fixes would write and that a link takes out of the workspace. */
import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type ChangePreview, configureRuleRequest, previewRequest } from '../../server/src/lsp/messages.ts';
import { TestClient, temporaryFolder } from './client.ts';

const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n';
const files = { Dockerfile: text, 'server.js': '', 'package.json': '{}', '.env': 'KEY=x\n' };
const whole = { start: { line: 0, character: 0 }, end: { line: 4, character: 0 } };

const places: Readonly<Record<string, (folder: string, outside: string) => void>> = {
  'the file itself': (folder, outside) => symlinkSync(join(outside, 'ignore'), join(folder, '.dockerignore')),
  'a link to nothing outside': (folder, outside) =>
    symlinkSync(join(outside, 'new'), join(folder, '.dockerignore')),
  'a link over another link': (folder, outside) => {
    symlinkSync(outside, join(folder, 'way'));
    symlinkSync('way/ignore', join(folder, '.dockerignore'));
  },
};

for (const [place, make] of Object.entries(places)) {
  test(`${place} is not written by a quick fix, and a preview says so`, async (t) => {
    const outside = temporaryFolder({ ignore: 'hush\n' });
    const folder = temporaryFolder(files);
    make(folder, outside);
    // What is written beside a link that leads out is a link as well.
    symlinkSync(join(outside, 'ignore'), join(folder, 'Dockerfile.dockerignore'));
    const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
    for (const views of [false, true]) {
      const client = await TestClient.start({
        workspaceFolder: folder,
        settings: { network: 'off' },
        initializationOptions: { views },
      });
      t.after(() => client.process?.kill());
      await client.open(uri, text);
      const actions = JSON.stringify(await client.codeActions(uri, whole));
      const preview = await client.connection.sendRequest<ChangePreview | null>(previewRequest, { uri });
      assert.ok(preview);
      for (const answer of [actions, JSON.stringify(preview.files)]) {
        assert.ok(!answer.includes(outside) && !answer.includes('hush'));
        for (const name of ['.dockerignore', 'Dockerfile.dockerignore']) {
          assert.ok(!answer.includes(`"uri":"${pathToFileURL(join(folder, name)).href}"`), answer);
        }
      }
      assert.ok(
        preview.left.some((line) => line.includes('dockerignore cannot be written: a link leads out')),
        preview.left.join('\n'),
      );
      assert.equal(await client.stop(), 0);
    }
    assert.equal(readFileSync(join(outside, 'ignore'), 'utf8'), 'hush\n');
  });
}

test('settings are read neither from nor written to a file outside', async (t) => {
  const settings = '{ "rules": { "runs-as-root": "off" } }\n';
  const outside = temporaryFolder({ 'settings.json': settings, 'hadolint.yaml': 'ignored: [DL3002]\n' });
  const folder = temporaryFolder(files);
  symlinkSync(join(outside, 'settings.json'), join(folder, '.ballast.json'));
  symlinkSync(join(outside, 'hadolint.yaml'), join(folder, '.hadolint.yaml'));
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  const client = await TestClient.start({ workspaceFolder: folder, settings: { network: 'off' } });
  t.after(() => client.process?.kill());
  await client.open(uri, text);
  assert.ok((await client.diagnostics(uri)).some(({ code }) => code === 'runs-as-root'));
  const isDone = await client.connection.sendRequest(configureRuleRequest, {
    uri,
    rule: 'runs-as-root',
    severity: 'hint',
  });
  assert.notEqual(isDone, true);
  assert.equal(readFileSync(join(outside, 'settings.json'), 'utf8'), settings);
  assert.equal(await client.stop(), 0);
});
