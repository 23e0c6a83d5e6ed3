import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CompletionList,
  CompletionRequest,
  CompletionResolveRequest,
  DidChangeConfigurationNotification,
  type InlayHint,
  InlayHintRequest,
  type MarkupContent,
} from 'vscode-languageserver/node';
import { createCatalogueKnowledge } from '../../server/src/images/catalogue-knowledge.ts';
import { formatImageReference } from '../../server/src/images/reference.ts';
import type { ImageSource, ServerHost } from '../../server/src/lsp/host.ts';
import { unknownProject } from '../../server/src/project/project.ts';
import { memoryReader } from '../../server/src/project/reader.ts';
import { afterCompletion, modernEditor, oldEditor, type StartOptions, TestClient } from './client.ts';
import { machine } from './machine.ts';

const uri = 'file:///project/Dockerfile';
const catalogue = createCatalogueKnowledge();

let client: TestClient;
afterEach(() => client.stop());

async function start(
  images: Partial<ImageSource>,
  timers: 'at once' | 'never',
  options: StartOptions & { readonly parts?: Partial<ServerHost> } = {},
): Promise<void> {
  const { parts, ...rest } = options;
  client = await TestClient.start({ host: machine({ ...catalogue, ...images }, timers, parts), ...rest });
}

function textOf(content: string | MarkupContent | undefined): string {
  return typeof content === 'object' ? content.value : (content ?? '');
}

async function set(settings: unknown): Promise<void> {
  client.settings = settings;
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: {} });
}

describe('a size in the margin', () => {
  const text = `FROM --platform=linux/arm64 node:22 AS build
FROM build AS same
FROM example.com/team/app
FROM scratch
COPY --from=nginx:1.28 /etc/nginx /etc/nginx
FROM node:21.7.3
`;

  async function hints(lines: readonly [number, number]): Promise<InlayHint[]> {
    const range = { start: { line: lines[0], character: 0 }, end: { line: lines[1], character: 0 } };
    const answer = await client.connection.sendRequest(InlayHintRequest.type, {
      textDocument: { uri },
      range,
    });
    return answer ?? [];
  }

  test('stands behind each image of a FROM whose size is known', async () => {
    await start({}, 'never');
    await client.open(uri, text);
    const all = (await hints([0, 6])).filter(({ position }) => position.line !== 4);
    assert.deepEqual(
      all.map(({ position }) => position),
      [
        { line: 0, character: 35 },
        { line: 5, character: 16 },
      ],
    );
    assert.match(String(all[0]?.label), /^(≈ )?1\.\d+ GB$/);
    assert.match(String(all[1]?.label), /^≈ 1\.\d+ GB$/);
    const tooltip = textOf(all[1]?.tooltip);
    assert.match(tooltip, /^On disk, unpacked, for linux\/amd64\. Estimated\.$/m);
    assert.match(tooltip, /nearest known/);
  });

  test('is asked for by lines, and can be switched off', async () => {
    await start({}, 'never');
    await client.open(uri, text);
    assert.equal((await hints([5, 6])).length, 1);
    await set({ sizeHints: false });
    assert.deepEqual(await hints([0, 6]), []);
    await set({ enable: false });
    assert.deepEqual(await hints([0, 6]), []);
  });

  test('is drawn anew when more is known', async () => {
    let tell: () => void = () => {};
    const capabilities = {
      ...modernEditor,
      workspace: { ...modernEditor.workspace, inlayHint: { refreshSupport: true } },
    };
    await start(
      {
        onDidLearn: (listener) => {
          tell = listener;
        },
      },
      'never',
      { capabilities },
    );
    let refreshes = 0;
    const refreshed = new Promise<void>((resolve) => {
      client.connection.onRequest('workspace/inlayHint/refresh', () => {
        refreshes++;
        resolve();
      });
    });
    tell();
    await refreshed;
    assert.equal(refreshes, 1);
  });
});

describe('tags behind an image', () => {
  async function complete(text: string, at = text.indexOf('|')): Promise<CompletionList> {
    const plain = text.replace('|', '');
    await client.open(uri, plain);
    const before = plain.slice(0, at).split('\n');
    const answer = await client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
    });
    await client.close(uri);
    return Array.isArray(answer)
      ? { isIncomplete: false, items: answer }
      : (answer ?? { isIncomplete: false, items: [] });
  }

  const labels = ({ items }: CompletionList) => items.map(({ label }) => label);

  test('come from the catalogue, each with its size', async () => {
    const capabilities = {
      ...modernEditor,
      textDocument: {
        ...modernEditor.textDocument,
        completion: { completionItem: { labelDetailsSupport: true, tagSupport: { valueSet: [1 as const] } } },
      },
    };
    await start({}, 'never', { capabilities });
    const text = 'FROM node:| AS build\n';
    const list = await complete(text);
    assert.equal(list.isIncomplete, false);
    assert.ok(labels(list).includes('22-slim'), String(labels(list)));
    const slim = list.items.find(({ label }) => label === '22-slim');
    assert.equal(slim?.labelDetails?.description, '227 MB');
    assert.match(textOf(slim?.documentation), /^\*\*node:22-slim\*\* · linux\/amd64 · pull /);
    assert.equal(afterCompletion(text, slim), 'FROM node:22-slim AS build\n');
    assert.equal(slim?.tags, undefined);
    // Support for Node.js 20 ended in April 2026.
    assert.deepEqual(list.items.find(({ label }) => label === '20-slim')?.tags, [1]);
    const order = [...list.items].sort((a, b) => (a.sortText ?? '').localeCompare(b.sortText ?? ''));
    assert.deepEqual(order, list.items);
    assert.deepEqual(
      await client.connection.sendRequest(CompletionResolveRequest.type, slim ?? { label: '' }),
      slim,
    );
  });

  test('take the place of the tag that stands there, and are those of the platform', async () => {
    await start({}, 'never', { capabilities: oldEditor });
    const text = 'FROM --platform=linux/arm64 node:22-al|pine\n';
    const list = await complete(text);
    const slim = list.items.find(({ label }) => label === '22-slim');
    assert.equal(afterCompletion(text, slim), 'FROM --platform=linux/arm64 node:22-slim\n');
    assert.match(slim?.detail ?? '', /MB$/);
    assert.match(textOf(slim?.documentation), /linux\/arm64/);
  });

  test('are offered in COPY --from, and for official images wherever they are mirrored', async () => {
    await start({}, 'never');
    const text = 'FROM scratch\nCOPY --from=nginx:| /etc/nginx /etc/nginx\n';
    const list = await complete(text);
    assert.ok(labels(list).includes('1.28') || labels(list).some((label) => label.startsWith('1.')));
    assert.match(afterCompletion(text, list.items[0]), /^COPY --from=nginx:\S+ \/etc\/nginx \/etc\/nginx$/m);
    assert.ok(labels(await complete('FROM public.ecr.aws/docker/library/node:|')).includes('22-slim'));
  });

  test('are followed by what else the registry has, newest first, without signatures', async () => {
    const asked: string[] = [];
    const listTags: ImageSource['listTags'] = async (reference) => {
      asked.push(formatImageReference(reference));
      return ['1.9', '1.10', '2.0-rc1', `sha256-${'a'.repeat(64)}.sig`, 'edge', '2.0'];
    };
    await start({ listTags }, 'never');
    const list = await complete('FROM registry.example:5000/team/app:|');
    assert.deepEqual(labels(list), ['2.0', '2.0-rc1', '1.10', '1.9', 'edge']);
    assert.deepEqual(asked, ['registry.example:5000/team/app']);
    assert.deepEqual(labels(await complete('FROM registry.example:5000/team/app:1.|')), ['1.10', '1.9']);
  });

  test('are cut where a registry has thousands, and asked for again with each letter', async () => {
    const listTags: ImageSource['listTags'] = async () => Array.from({ length: 9000 }, (_, i) => `1.${i}`);
    await start({ listTags }, 'never');
    const list = await complete('FROM registry.example/team/app:|');
    assert.equal(list.items.length, 100);
    assert.equal(list.isIncomplete, true);
    assert.equal(list.items[0]?.label, '1.8999');
    assert.deepEqual(labels(await complete('FROM registry.example/team/app:1.77|'))[0], '1.7799');
  });

  test('wait for no registry', async () => {
    await start({ listTags: () => new Promise(() => {}) }, 'at once');
    const list = await complete('FROM node:|');
    assert.equal(list.isIncomplete, true);
    assert.ok(labels(list).includes('22-slim'));
  });

  test('are those of the catalogue where the registry fails', async () => {
    await start({ listTags: () => Promise.reject(new Error('no network')) }, 'never');
    const list = await complete('FROM node:|');
    assert.equal(list.isIncomplete, false);
    assert.ok(labels(list).includes('22-slim'));
    assert.deepEqual(
      client.log.filter((line) => line.includes('no network')),
      [],
    );
  });

  test('are asked of nobody where that is not allowed, or where it may not be a tag', async () => {
    const listTags: ImageSource['listTags'] = () => assert.fail('somebody was asked');
    const untrusted = {
      environment: { hasOtherDockerExtension: false, hasOtherBuildChecks: false, isTrusted: false },
    };
    await start({ listTags }, 'never', { initializationOptions: untrusted });
    assert.ok(labels(await complete('FROM node:|')).includes('22-slim'));
    await client.stop();
    await start({ listTags }, 'never', { settings: { network: 'off' } });
    assert.ok(labels(await complete('FROM node:|')).includes('22-slim'));
    await client.stop();
    await start({ listTags }, 'never');
    for (const text of [
      'FROM localhost:|',
      'FROM registry.example:50|',
      'FROM $IMAGE:|',
      'FROM node:$VERSION|',
      `FROM node:22|@sha256:${'a'.repeat(64)}`,
      'FROM nod|e:22',
      'FROM Node:|',
      'FROM node:22 AS a:|',
    ]) {
      assert.deepEqual(labels(await complete(text)), [], text);
    }
  });

  test('leave the standard words alone, and stay when those step back', async () => {
    await start({}, 'never');
    await client.until(() => client.hasRegistered('textDocument/rename'));
    assert.ok(labels(await complete('FROM node:22\nHEAL|')).some((label) => label.startsWith('HEALTHCHECK')));
    assert.ok(labels(await complete('FROM node:22 AS build\nFROM nginx\nCOPY --from=|')).includes('build'));
    await set({ standardFeatures: 'off' });
    await client.until(() => !client.hasRegistered('textDocument/rename'));
    assert.deepEqual(labels(await complete('FROM node:22\nHEAL|')), []);
    assert.ok(labels(await complete('FROM node:|')).includes('22-slim'));
    await set({ standardFeatures: 'off', tagCompletion: false });
    assert.deepEqual(labels(await complete('FROM node:|')), []);
  });
});

describe('the images of an open document', () => {
  const text = 'FROM base AS own\nFROM node:22\nCOPY --from=nginx:1.28 /a /b\nCOPY --from=own /a /b\n';

  /** Notes what is asked about, and answers nothing. */
  function notebook(): { readonly asked: string[]; readonly learn: NonNullable<ImageSource['learn']> } {
    const asked: string[] = [];
    return {
      asked,
      learn: async (reference) => {
        asked.push(formatImageReference(reference));
        return undefined;
      },
    };
  }

  test('are learned of in the background, but no name of a build context', async () => {
    const { asked, learn } = notebook();
    const project = {
      ...unknownProject,
      reader: memoryReader({}),
      additionalContexts: { base: './base' },
    };
    const parts = { openProject: () => ({ project, uriOf: () => undefined }) };
    await start({ learn }, 'at once', { parts });
    await client.open(uri, text);
    while (asked.length < 2) {
      await sleep(5);
    }
    assert.deepEqual(asked, ['node:22', 'nginx:1.28']);
    const hover = await client.hover(uri, { line: 0, character: 6 });
    assert.equal(hover, null);
  });

  test('are not asked about where the network is off, until it is on', async () => {
    const { asked, learn } = notebook();
    await start({ learn }, 'at once', { settings: { network: 'off' } });
    await client.open(uri, 'FROM node:22\n');
    await client.hover(uri, { line: 0, character: 7 });
    await client.diagnostics(uri);
    await sleep(50);
    assert.deepEqual(asked, []);
    await set({ network: 'auto' });
    while (asked.length < 1) {
      await sleep(5);
    }
    assert.deepEqual(asked, ['node:22']);
  });
});
