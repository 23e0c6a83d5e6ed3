import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CancellationTokenSource, HoverRequest, type MarkupContent } from 'vscode-languageserver/node';
import { createCatalogueKnowledge } from '../../server/src/images/catalogue-knowledge.ts';
import type { ImageFacts } from '../../server/src/images/knowledge.ts';
import type { ImageSource } from '../../server/src/lsp/host.ts';
import { TestClient } from './client.ts';
import { machine } from './machine.ts';

const uri = 'untitled:Dockerfile';
const catalogue = createCatalogueKnowledge();

const digest = `sha256:${'a'.repeat(64)}`;

/** The facts of the catalogue, as if somebody had counted the layers. */
function counted(reference: ImageFacts['reference'], platform?: string): ImageFacts {
  return { ...catalogue.peek(reference, platform), layers: 77, digest };
}

async function hoverText(client: TestClient): Promise<string> {
  const hover = await client.hover(uri, { line: 0, character: 7 });
  assert.ok(hover);
  return (hover.contents as MarkupContent).value;
}

describe('a hover asks who may know more of the image', () => {
  test('and shows the answer', async () => {
    const learn: ImageSource['learn'] = async (reference, platform) => counted(reference, platform);
    const client = await TestClient.start({ host: machine({ ...catalogue, learn }, 'never') });
    await client.open(uri, 'FROM node:22\n');
    assert.match(await hoverText(client), /77 layers/);
    await client.stop();
  });

  test('but waits for nobody who is slow', async () => {
    const learn: ImageSource['learn'] = () => new Promise(() => {});
    const client = await TestClient.start({ host: machine({ ...catalogue, learn }, 'at once') });
    await client.open(uri, 'FROM node:22\n');
    assert.match(await hoverText(client), /^\*\*node:22\*\*/);
    await client.stop();
  });

  test('and takes what is known when that fails', async () => {
    const learn: ImageSource['learn'] = () => Promise.reject(new Error('no network'));
    const client = await TestClient.start({ host: machine({ ...catalogue, learn }, 'never') });
    await client.open(uri, 'FROM node:22\n');
    assert.match(await hoverText(client), /^\*\*node:22\*\*/);
    assert.deepEqual(
      client.log.filter((line) => line.includes('no network')),
      [],
    );
    await client.stop();
  });

  test('but nobody in Restricted Mode', async () => {
    let asked = 0;
    const learn: ImageSource['learn'] = async (reference) => {
      asked++;
      return counted(reference);
    };
    const environment = { hasOtherDockerExtension: false, hasOtherBuildChecks: false, isTrusted: false };
    const client = await TestClient.start({
      host: machine({ ...catalogue, learn }, 'never'),
      initializationOptions: { environment },
    });
    await client.open(uri, 'FROM node:22\n');
    assert.doesNotMatch(await hoverText(client), /77 layers/);
    assert.equal(asked, 0);
    await client.connection.sendNotification('ballast/environment', { ...environment, isTrusted: true });
    assert.match(await hoverText(client), /77 layers/);
    await client.stop();
  });

  test('and stops asking when the hover is cancelled', async () => {
    let gaveUp: () => void = () => {};
    const givenUp = new Promise<void>((resolve) => {
      gaveUp = resolve;
    });
    let begun: () => void = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const learn: ImageSource['learn'] = (_, __, signal) => {
      begun();
      signal.addEventListener('abort', gaveUp);
      return new Promise(() => {});
    };
    const client = await TestClient.start({ host: machine({ ...catalogue, learn }, 'never') });
    await client.open(uri, 'FROM node:22\n');
    const source = new CancellationTokenSource();
    const params = { textDocument: { uri }, position: { line: 0, character: 7 } };
    const asked = client.connection.sendRequest(HoverRequest.type, params, source.token);
    await hasBegun;
    source.cancel();
    await givenUp;
    await assert.rejects(asked);
    await client.stop();
  });
});

test('what was learned refreshes the diagnostics', async () => {
  let tell: () => void = () => {};
  const images: ImageSource = {
    ...catalogue,
    onDidLearn: (listener) => {
      tell = listener;
    },
  };
  const client = await TestClient.start({ host: machine(images, 'never') });
  await client.open(uri, 'FROM node:22\n');
  const first = await client.pull(uri);
  tell();
  await client.until(() => client.refreshes === 1);
  assert.equal((await client.pull(uri, first.kind === 'full' ? first.resultId : undefined)).kind, 'full');
  await client.stop();
});

test('a part that throws is logged once, and the others go on', async () => {
  let isBroken = false;
  const images: ImageSource = {
    ...catalogue,
    smallerVariants(reference, platform) {
      if (isBroken) {
        throw new Error('the catalogue is broken');
      }
      return catalogue.smallerVariants(reference, platform);
    },
  };
  const client = await TestClient.start({ host: machine(images, 'never') });
  await client.open(uri, 'FROM node:22\nWORKDIR /app\nWRONG\n');
  const found = await client.diagnostics(uri);
  isBroken = true;
  for (let i = 0; i < 3; i++) {
    assert.equal(await client.hover(uri, { line: 0, character: 7 }), null);
  }
  assert.ok(await client.hover(uri, { line: 1, character: 1 }));
  assert.deepEqual(await client.diagnostics(uri), found);
  const failures = client.log.filter((line) => line.includes('the catalogue is broken'));
  assert.deepEqual(
    failures.map((line) => line.split('\n')[0]),
    ['Hover failed: Error: the catalogue is broken'],
  );
  await client.stop();
});

test('a grammar that cannot be loaded is logged once', async () => {
  const loadShellParser = () => Promise.reject(new Error('no grammar'));
  const client = await TestClient.start({ host: machine(catalogue, 'never', { loadShellParser }) });
  await client.open(uri, 'FROM node:22\n');
  assert.deepEqual(await client.diagnostics(uri), []);
  assert.deepEqual(await client.diagnostics(uri), []);
  assert.equal(client.log.filter((line) => line.includes('no grammar')).length, 1);
  await client.stop();
});
