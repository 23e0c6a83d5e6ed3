import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineClient, EngineImage } from '../../server/src/host/images/engine-client.ts';
import { cacheFile, fileCache, type ImageCache } from '../../server/src/host/images/image-cache.ts';
import { createImageLookup, type ImageLookupOptions } from '../../server/src/host/images/image-lookup.ts';
import { LookupError } from '../../server/src/host/images/lookup-error.ts';
import { imagesOfThisMachine } from '../../server/src/host/images/machine-images.ts';
import type { RegistryClient, RegistryImage } from '../../server/src/host/images/registry-client.ts';
import { isOfflineByEnvironment } from '../../server/src/images/offline.ts';
import { type ImageReference, parseImageReference } from '../../server/src/images/reference.ts';

const signal = new AbortController().signal;

function image(name: string): ImageReference {
  const reference = parseImageReference(name);
  assert.ok(reference);
  return reference;
}

const answer: RegistryImage = {
  registry: 'example.com',
  digest: `sha256:${'1'.repeat(64)}`,
  platform: 'linux/amd64',
  pull: 1000,
  disk: 2500,
  layers: 3,
  created: '2026-10-01',
  user: 'app',
  entrypoint: ['/app'],
  exposedPorts: [8080],
};

/** A registry that gives `answer` or throws it, and counts its questions. */
function registryThat(answers: RegistryImage | LookupError | Promise<RegistryImage>) {
  const asked: string[] = [];
  const client: RegistryClient = {
    async lookUp(reference, platform) {
      asked.push(`${reference.repository}:${reference.tag} ${platform}`);
      const given = await answers;
      if (given instanceof LookupError) {
        throw given;
      }
      return given;
    },
    listTags: async (reference) => {
      asked.push(`tags of ${reference.repository}`);
      return ['1', '2'];
    },
    close: async () => {},
  };
  return { client, asked };
}

function engineThat(answers: EngineImage | undefined) {
  let asked = 0;
  const client: EngineClient = {
    lookUp: async () => {
      asked++;
      return answers;
    },
    close: async () => {},
  };
  return { client, asked: () => asked };
}

function lookupWith(options: Partial<ImageLookupOptions> & Pick<ImageLookupOptions, 'registry'>) {
  return createImageLookup({ mode: 'online', now: () => Date.parse('2026-11-24T12:00:00Z'), ...options });
}

describe('a registry that never answers', () => {
  test('costs its own image the size, and nobody else anything', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { client } = registryThat(answer);
    const silent: RegistryClient = {
      ...client,
      lookUp: (reference, ...rest) =>
        reference.registry === 'silent.example.com'
          ? new Promise(() => {})
          : client.lookUp(reference, ...rest),
      listTags: () => new Promise(() => {}),
    };
    const lookup = lookupWith({ registry: silent });
    const asked = Promise.all([
      lookup.learn(image('silent.example.com/a/b:1'), undefined, signal),
      lookup.learn(image('example.com/a/b:1'), undefined, signal),
      lookup.listTags(image('silent.example.com/a/b:1'), signal),
    ]);
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(15_000);
    const [slow, quick, tags] = await asked;
    assert.equal(
      slow?.pull.kind === 'unknown' && slow.pull.reason,
      'Registry silent.example.com did not answer in time.',
    );
    assert.equal(quick?.pull.kind, 'known');
    assert.deepEqual(tags, []);
    assert.equal(lookup.peek(image('silent.example.com/a/b:1')).pull.kind, 'unknown');
  });
});

describe('what is known', () => {
  test('is the catalogue before anybody was asked, and the registry afterwards', async () => {
    const { client } = registryThat(answer);
    const lookup = lookupWith({ registry: client });
    const before = lookup.peek(image('node:22'));
    assert.deepEqual(before.pull.kind === 'known' && before.pull.basis, 'catalogue');
    const facts = await lookup.learn(image('node:22'), undefined, signal);
    assert.deepEqual(facts, lookup.peek(image('node:22')));
    assert.deepEqual(facts?.pull, {
      kind: 'known',
      low: 1000,
      high: 1000,
      atLeast: false,
      measure: 'pull',
      basis: 'measured',
      source: 'registry example.com',
      date: '2026-11-24',
      platform: 'linux/amd64',
    });
    assert.deepEqual(facts?.disk.kind === 'known' && [facts.disk.low, facts.disk.basis], [2500, 'measured']);
    assert.deepEqual([facts?.digest, facts?.layers, facts?.created], [answer.digest, 3, '2026-10-01']);
    // The configuration decides over what the name suggests, and leaves the rest.
    assert.deepEqual(
      [
        facts?.traits?.defaultUser,
        facts?.traits?.entrypoint,
        facts?.traits?.exposedPorts,
        facts?.traits?.libc,
      ],
      ['app', ['/app'], [8080], 'glibc'],
    );
    assert.ok(facts?.endOfLife);
    await lookup.close();
  });

  test('of an image of no known family is what its configuration says', async () => {
    const { client } = registryThat(answer);
    const lookup = lookupWith({ registry: client });
    const facts = await lookup.learn(image('example.com/team/app:1'), undefined, signal);
    assert.deepEqual(facts?.traits, {
      family: 'example.com/team/app',
      defaultUser: 'app',
      entrypoint: ['/app'],
      exposedPorts: [8080],
    });
  });

  test('takes the size on disk from the catalogue, or estimates it, where the registry does not tell', async () => {
    const { disk: _, ...withoutDisk } = answer;
    const lookup = lookupWith({ registry: registryThat(withoutDisk).client });
    const inCatalogue = await lookup.learn(image('node:22'), undefined, signal);
    assert.deepEqual(inCatalogue?.disk.kind === 'known' && inCatalogue.disk.low, 1130000000);
    const notInCatalogue = await lookup.learn(image('node:24'), undefined, signal);
    assert.deepEqual(
      notInCatalogue?.disk.kind === 'known' && [
        notInCatalogue.disk.low,
        notInCatalogue.disk.basis,
        notInCatalogue.disk.source,
      ],
      [2770, 'estimated', '2.77 times the pull, as for full language images; pull from registry example.com'],
    );
  });

  test('is best known by the engine of this machine', async () => {
    const engine = engineThat({ disk: 2600, layers: 4, user: '', exposedPorts: [] });
    const lookup = lookupWith({ registry: registryThat(answer).client, engine: engine.client });
    const facts = await lookup.learn(image('example.com/app'), undefined, signal);
    assert.deepEqual(facts?.disk.kind === 'known' && [facts.disk.low, facts.disk.source], [
      2600,
      'the engine of this machine',
    ]);
    assert.deepEqual(facts?.pull.kind === 'known' && facts.pull.low, 1000);
    assert.equal(facts?.traits?.defaultUser, 'root');
  });

  test('differs by platform', async () => {
    const { client, asked } = registryThat(answer);
    const lookup = lookupWith({ registry: client });
    await lookup.learn(image('example.com/app:1'), 'linux/arm64/v8', signal);
    assert.deepEqual(asked, ['app:1 linux/arm64']);
    assert.equal(lookup.peek(image('example.com/app:1'), 'linux/amd64').pull.kind, 'unknown');
    assert.equal(lookup.peek(image('example.com/app:1'), 'arm64').pull.kind, 'known');
  });

  test('of variants counts as well', async () => {
    const lookup = lookupWith({ registry: registryThat({ ...answer, disk: 5 }).client });
    await lookup.learn(image('node:22-slim'), undefined, signal);
    const [smallest] = lookup.smallerVariants(image('node:22'));
    assert.deepEqual(
      [smallest?.reference.tag, smallest?.disk.kind === 'known' && smallest.disk.low],
      ['22-slim', 5],
    );
  });

  test('of scratch needs nobody', async () => {
    const { client, asked } = registryThat(answer);
    const facts = await lookupWith({ registry: client }).learn(image('scratch'), undefined, signal);
    assert.deepEqual([facts?.pull.kind === 'known' && facts.pull.low, asked], [0, []]);
  });
});

describe('asking', () => {
  test('is done once for equal questions at the same time, and not again while the answer is fresh', async () => {
    let now = Date.parse('2026-11-24T12:00:00Z');
    const { client, asked } = registryThat(answer);
    const lookup = lookupWith({ registry: client, now: () => now });
    await Promise.all([
      lookup.learn(image('node:22'), undefined, signal),
      lookup.learn(image('docker.io/library/node:22'), 'linux/amd64', signal),
    ]);
    await lookup.learn(image('node:22'), undefined, signal);
    assert.equal(asked.length, 1);
    now += 25 * 60 * 60 * 1000;
    await lookup.learn(image('node:22'), undefined, signal);
    assert.equal(asked.length, 2, 'a tag may have moved after a day');
    const pinned = image(`node:22@sha256:${'1'.repeat(64)}`);
    await lookup.learn(pinned, undefined, signal);
    now += 20 * 24 * 60 * 60 * 1000;
    await lookup.learn(pinned, undefined, signal);
    assert.equal(asked.length, 3, 'a digest stays what it is');
  });

  test('shows that it goes on, without waiting', async () => {
    let done: (image: RegistryImage) => void = () => {};
    const { client } = registryThat(
      new Promise<RegistryImage>((resolve) => {
        done = resolve;
      }),
    );
    const lookup = lookupWith({ registry: client });
    const learning = lookup.learn(image('example.com/app'), undefined, signal);
    await sleep(0);
    assert.equal(lookup.peek(image('example.com/app')).pull.kind, 'pending');
    const catalogue = lookup.peek(image('node:22'));
    assert.equal(catalogue.pull.kind, 'known');
    done(answer);
    await learning;
    assert.equal(lookup.peek(image('example.com/app')).pull.kind, 'known');
  });

  test('that fails says why, keeps what is known, and is not repeated for a minute', async () => {
    let now = Date.parse('2026-11-24T12:00:00Z');
    const message = 'Registry docker.io cannot be reached: host not found.';
    const { client, asked } = registryThat(new LookupError('unreachable', message));
    const lookup = lookupWith({ registry: client, now: () => now });
    const known = await lookup.learn(image('node:22'), undefined, signal);
    assert.equal(known?.lookupProblem, message);
    assert.equal(known?.pull.kind === 'known' && known.pull.basis, 'catalogue');
    const unknown = await lookup.learn(image('team/app'), undefined, signal);
    assert.deepEqual(unknown?.pull, { kind: 'unknown', reason: message });
    await lookup.learn(image('node:22'), undefined, signal);
    assert.equal(asked.length, 2);
    now += 61_000;
    await lookup.learn(image('node:22'), undefined, signal);
    assert.equal(asked.length, 3);
  });

  test('that fails leaves a registry alone for as long as it wants', async () => {
    let now = Date.parse('2026-11-24T12:00:00Z');
    const { client, asked } = registryThat(new LookupError('rate-limit', 'Later.', { retryAfter: 600_000 }));
    const lookup = lookupWith({ registry: client, now: () => now });
    await lookup.learn(image('node:22'), undefined, signal);
    now += 500_000;
    await lookup.learn(image('node:22'), undefined, signal);
    assert.equal(asked.length, 1);
  });

  test('can be given up', async () => {
    const lookup = lookupWith({ registry: registryThat(new Promise<RegistryImage>(() => {})).client });
    const abort = new AbortController();
    const learning = lookup.learn(image('node:22'), undefined, abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(learning, /enough/);
    assert.equal(lookup.peek(image('node:22')).lookupProblem, undefined);
  });

  test('is not done offline', async () => {
    const { client, asked } = registryThat(answer);
    const engine = engineThat({ disk: 1, layers: 1, user: '', exposedPorts: [] });
    const lookup = lookupWith({ registry: client, engine: engine.client, mode: 'offline' });
    assert.equal(await lookup.learn(image('node:22'), undefined, signal), undefined);
    assert.deepEqual(await lookup.listTags(image('node:22'), signal), []);
    assert.deepEqual([asked, engine.asked()], [[], 0]);
    assert.equal(lookup.peek(image('node:22')).pull.kind, 'known');
  });

  test('for tags is done once an hour', async () => {
    const { client, asked } = registryThat(answer);
    const lookup = lookupWith({ registry: client });
    assert.deepEqual(await lookup.listTags(image('node:22'), signal), ['1', '2']);
    assert.deepEqual(await lookup.listTags(image('node'), signal), ['1', '2']);
    assert.deepEqual(asked, ['tags of library/node']);
  });

  test('tells whoever listens once for several answers, and never again for the same', async () => {
    let now = Date.parse('2026-11-24T12:00:00Z');
    const lookup = lookupWith({ registry: registryThat(answer).client, now: () => now });
    let heard = 0;
    lookup.onDidLearn(() => heard++);
    await lookup.learn(image('node:22'), undefined, signal);
    await lookup.learn(image('node:24'), undefined, signal);
    assert.equal(heard, 0);
    await sleep(400);
    assert.equal(heard, 1);
    now += 48 * 60 * 60 * 1000;
    await lookup.learn(image('node:22'), undefined, signal);
    await sleep(400);
    assert.equal(heard, 1, 'the answer was the same');
  });
});

describe('the cache', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ballast-cache-'));
  after(() => rmSync(directory, { recursive: true }));
  let count = 0;
  const newFile = (): string => join(directory, `${count++}`, 'images.json');
  const at = Date.parse('2026-11-24T12:00:00Z');

  test('makes a second run need no request', async () => {
    const file = newFile();
    const first = lookupWith({ registry: registryThat(answer).client, cache: fileCache(file, () => at) });
    const learned = await first.learn(image('node:22'), undefined, signal);
    await first.close();
    const { client, asked } = registryThat(new LookupError('unreachable', 'No.'));
    const second = lookupWith({ registry: client, cache: fileCache(file, () => at) });
    await second.ready();
    assert.deepEqual(second.peek(image('node:22')), learned);
    assert.deepEqual(await second.learn(image('node:22'), undefined, signal), learned);
    assert.deepEqual(asked, []);
  });

  test('belongs to its owner alone and holds nothing but what was learned', async () => {
    const file = newFile();
    const lookup = lookupWith({ registry: registryThat(answer).client, cache: fileCache(file, () => at) });
    await lookup.learn(image('node:22'), undefined, signal);
    await lookup.close();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {
      version: 1,
      images: { 'node:22 linux/amd64': { learned: at, image: answer } },
    });
  });

  const filled = async (cache: ImageCache, names: readonly string[], learned: number): Promise<void> =>
    cache.add(new Map(names.map((name) => [name, { learned, image: answer }])));

  test('forgets after a month, and never believes the future', async () => {
    const file = newFile();
    const day = 24 * 60 * 60 * 1000;
    await filled(
      fileCache(file, () => at),
      ['old'],
      at,
    );
    assert.deepEqual([...(await fileCache(file, () => at + 29 * day).read()).keys()], ['old']);
    assert.deepEqual([...(await fileCache(file, () => at + 31 * day).read()).keys()], []);
    assert.deepEqual([...(await fileCache(file, () => at - day).read()).keys()], []);
  });

  test('keeps what another process wrote, and at most a thousand images', async () => {
    const file = newFile();
    const cache = fileCache(file, () => at);
    await filled(cache, ['one'], at - 1);
    await filled(
      fileCache(file, () => at),
      ['two'],
      at,
    );
    assert.deepEqual([...(await cache.read()).keys()].sort(), ['one', 'two']);
    await filled(
      cache,
      Array.from({ length: 1000 }, (_, index) => `new${index}`),
      at,
    );
    const kept = await cache.read();
    assert.equal(kept.size, 1000);
    assert.ok(!kept.has('one'), 'the oldest goes first');
  });

  test('that is broken counts as empty, and one that cannot be written is given up', async () => {
    const file = newFile();
    await filled(
      fileCache(file, () => at),
      ['one'],
      at,
    );
    for (const text of ['', '{', '{"version":2,"images":{}}', '{"version":1,"images":{"a":{"learned":1}}}']) {
      writeFileSync(file, text);
      assert.equal((await fileCache(file, () => at).read()).size, 0, text);
    }
    const impossible = join(file, 'below', 'a file', 'images.json');
    await filled(
      fileCache(impossible, () => at),
      ['one'],
      at,
    );
    assert.ok(!existsSync(impossible));
  });

  test('lies where each system keeps what may be deleted', () => {
    assert.equal(cacheFile({ XDG_CACHE_HOME: '/c' }, 'linux'), join('/c', 'ballast', 'images.json'));
    assert.match(cacheFile({}, 'linux'), /\.cache.ballast.images\.json$/);
    assert.match(cacheFile({}, 'darwin'), /Library.Caches.ballast.images\.json$/);
    assert.match(cacheFile({ LOCALAPPDATA: 'C:/L' }, 'win32'), /^C:.L.ballast.images\.json$/);
  });
});

test('BALLAST_OFFLINE forbids the network', async () => {
  for (const [value, expected] of [
    [undefined, false],
    ['', false],
    ['0', false],
    ['false', false],
    ['1', true],
    ['yes', true],
  ] as const) {
    assert.equal(
      isOfflineByEnvironment(value === undefined ? {} : { BALLAST_OFFLINE: value }),
      expected,
      value,
    );
  }
  const environment = { BALLAST_OFFLINE: '1', XDG_CACHE_HOME: '/nonexistent', DOCKER_HOST: 'tcp://x' };
  const images = imagesOfThisMachine({ isOffline: false, environment });
  assert.equal(await images.learn(image('localhost:1/app'), undefined, signal), undefined);
  await images.close();
});
