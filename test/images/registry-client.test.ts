import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Credentials } from '../../server/src/host/images/credentials.ts';
import type { LookupError, LookupFailure } from '../../server/src/host/images/lookup-error.ts';
import { createRegistryClient, type RegistryClient } from '../../server/src/host/images/registry-client.ts';
import { type ImageReference, parseImageReference } from '../../server/src/images/reference.ts';
import { digestOf, type FakeRegistry, keepWaiting, startFakeRegistry } from './fake-registry.ts';

const password = 'swordfish-swordfish';
const login: Credentials = { kind: 'password', username: 'alice', password };
const basicLogin = `Basic ${Buffer.from(`alice:${password}`).toString('base64')}`;

let registry: FakeRegistry;
let other: FakeRegistry;
let client: RegistryClient;
let stored: Credentials | undefined;

beforeEach(async () => {
  registry = await startFakeRegistry();
  other = await startFakeRegistry();
  stored = undefined;
  client = createRegistryClient({
    credentials: async (name) => (name === registry.host ? stored : undefined),
  });
});

afterEach(async () => {
  await client.close();
  await registry.close();
  await other.close();
});

function image(name: string): ImageReference {
  const reference = parseImageReference(`${registry.host}/${name}`);
  assert.ok(reference);
  return reference;
}

function lookUp(name: string, platform = 'linux/amd64', signal = AbortSignal.timeout(20_000)) {
  return client.lookUp(image(name), platform, signal);
}

/** Expects one clear line, no secret in it, and a client that still works. */
async function fails(failure: LookupFailure, message: RegExp, signal?: AbortSignal): Promise<LookupError> {
  const error = await lookUp('app:1', 'linux/amd64', signal).then(
    () => assert.fail('the look-up succeeded'),
    (thrown: LookupError) => thrown,
  );
  assert.equal(error.name, 'LookupError', error.stack);
  assert.match(error.message, message);
  assert.equal(error.failure, failure, error.message);
  assert.doesNotMatch(error.message, /\n|swordfish|Bearer|Basic |secret/);
  registry.intercept = undefined;
  const sound = registry.putImage('sound', '1');
  assert.equal((await lookUp('sound:1')).pull, sound.pull);
  return error;
}

describe('a sound registry', () => {
  test('tells size, layers, date, user, entry point and ports', async () => {
    const { digest, pull, disk } = registry.putImage('team/app', '1', {
      config: {
        User: 'app',
        Entrypoint: ['/app'],
        ExposedPorts: { '9090/udp': {}, '8080/tcp': {}, '80': {} },
      },
    });
    assert.deepEqual(await lookUp('team/app:1'), {
      registry: registry.host,
      digest,
      platform: 'linux/amd64',
      pull,
      disk,
      layers: 2,
      created: '2026-10-01',
      user: 'app',
      entrypoint: ['/app'],
      exposedPorts: [80, 8080],
    });
  });

  test('is asked for latest where neither tag nor digest is given, and for the digest where both are', async () => {
    const { digest } = registry.putImage('app', 'latest');
    assert.equal((await lookUp('app')).digest, digest);
    assert.equal((await lookUp(`app:gone@${digest}`)).digest, digest);
  });

  test('chooses the platform of an index, and gives the digest of the index', async () => {
    const amd = registry.putImage('app', 'amd');
    const arm = registry.putImage('app', 'arm', { architecture: 'arm64', created: '2026-09-01T00:00:00Z' });
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        manifests: [
          { digest: amd.digest, size: 1, platform: { os: 'linux', architecture: 'amd64' } },
          { digest: arm.digest, size: 1, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
          { digest: amd.digest, size: 1, platform: { os: 'unknown', architecture: 'unknown' } },
        ],
      }),
    );
    registry.put('app/manifests/1', index);
    const found = await lookUp('app:1', 'linux/arm64');
    assert.deepEqual(
      [found.digest, found.created, found.platform],
      [digestOf(index), '2026-09-01', 'linux/arm64'],
    );
    await assert.rejects(lookUp('app:1', 'linux/s390x'), {
      failure: 'not-found',
      message: `${registry.host}/app:1 has no image for linux/s390x; it has linux/amd64, linux/arm64/v8.`,
    });
  });

  test('says how large layers are on disk only where their ends can be read', async () => {
    const { disk } = registry.putImage('app', '1');
    registry.intercept = (request, response) => {
      if (request.headers.range !== undefined) {
        // A registry that sends no parts of files.
        response.writeHead(200).end('x'.repeat(100_000));
      }
    };
    assert.equal((await lookUp('app:1')).disk, undefined);
    registry.intercept = undefined;
    assert.equal((await lookUp('app:1')).disk, disk);
  });

  test('lists tags page by page, and only its own', async () => {
    registry.put('app/tags/list?n=1000', '{"tags":["1","2"]}', {
      link: '</v2/app/tags/list?n=1000&last=2>; rel="next"',
    });
    registry.put('app/tags/list?n=1000&last=2', '{"tags":["3"]}', {
      link: `<${other.origin}/v2/app/tags/list?last=3>; rel="next"`,
    });
    assert.deepEqual(await client.listTags(image('app'), AbortSignal.timeout(5000)), ['1', '2', '3']);
    assert.equal(other.seen.length, 0);
  });
});

describe('a mirror', () => {
  test('is asked first, and the registry where the mirror fails', async () => {
    const own = createRegistryClient({
      credentials: async () => undefined,
      mirrors: { [registry.host]: [other.origin] },
    });
    const atMirror = other.putImage('app', '1');
    assert.equal(
      (await own.lookUp(image('app:1'), 'linux/amd64', AbortSignal.timeout(5000))).digest,
      atMirror.digest,
    );
    assert.equal(registry.seen.length, 0);
    const atRegistry = registry.putImage('rare', '1');
    const found = await own.lookUp(image('rare:1'), 'linux/amd64', AbortSignal.timeout(5000));
    assert.deepEqual([found.digest, found.registry], [atRegistry.digest, registry.host]);
    await own.close();
  });
});

describe('a faulty registry gives one clear line:', () => {
  test('no answer at all', async () => {
    registry.intercept = (_, response) => keepWaiting(response);
    await fails('timeout', /^Registry 127\S+ did not answer in time\.$/, AbortSignal.timeout(400));
  });

  test('a body that never ends in coming', async () => {
    registry.intercept = (_, response) => {
      response.writeHead(200).write('{');
    };
    await fails('timeout', /did not answer in time/, AbortSignal.timeout(400));
  });

  test('given up by whoever asked', async () => {
    registry.intercept = (_, response) => keepWaiting(response);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await fails('cancelled', /cancelled/, abort.signal);
  });

  test('a body cut off', async () => {
    registry.intercept = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"schemaVersion"', () => response.destroy());
    };
    await fails('unreachable', /^Registry \S+ cannot be reached: connection closed\.$/);
  });

  for (const [what, body] of [
    ['no JSON', '<html>login</html>'],
    ['other JSON', '{"schemaVersion":2,"layers":"none"}'],
    ['nothing', ''],
    ['a negative size', '{"config":{"digest":"sha256:0","size":-1},"layers":[]}'],
  ] as const) {
    test(`a manifest that is ${what}`, async () => {
      registry.put('app/manifests/1', body);
      await fails('unreadable', /^Registry \S+ sent a manifest that cannot be read\.$/);
    });
  }

  test('a manifest in the format of 2015', async () => {
    registry.put('app/manifests/1', '{"schemaVersion":1,"name":"app","fsLayers":[]}');
    await fails('unreadable', /format of before 2016/);
  });

  test('a manifest with another digest than stated', async () => {
    const { manifest } = registry.putImage('app', '1');
    registry.put('app/manifests/1', manifest, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` });
    await fails('unreadable', /^Registry \S+ sent a manifest that does not match its digest\.$/);
  });

  test('another image than the digest asked for', async () => {
    const { manifest } = registry.putImage('app', '1');
    const wrong = `sha256:${'0'.repeat(64)}`;
    registry.put(`app/manifests/${wrong}`, manifest);
    await assert.rejects(lookUp(`app@${wrong}`), { failure: 'unreadable' });
  });

  test('a configuration that does not match its digest', async () => {
    const { configDigest } = registry.putImage('app', '1');
    registry.put(`app/blobs/${configDigest}`, '{}');
    await fails('unreadable', /^Registry \S+ sent a configuration that does not match its digest\.$/);
  });

  test('an index in an index', async () => {
    const inner = Buffer.from('{"schemaVersion":2,"manifests":[]}');
    const platform = { os: 'linux', architecture: 'amd64' };
    registry.put(`app/manifests/${digestOf(inner)}`, inner);
    registry.put(
      'app/manifests/1',
      JSON.stringify({ manifests: [{ digest: digestOf(inner), size: 1, platform }] }),
    );
    await fails('unreadable', /an index inside an index/);
  });

  test('a body without end', async () => {
    registry.intercept = (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(256 * 1024, 'x')));
        response.once('drain', more);
      };
      more();
    };
    await fails('unreadable', /sent an answer of more than 4194304 bytes/);
  });

  test('403', async () => {
    registry.intercept = (_, response) => void response.writeHead(403).end('secret');
    await fails('forbidden', /^Registry \S+ does not allow reading \S+\/app:1\.$/);
  });

  test('404', async () => {
    await fails('not-found', /^Registry \S+ has no image \S+\/app:1\.$/);
  });

  test('418', async () => {
    registry.intercept = (_, response) => void response.writeHead(418).end();
    await fails('unreadable', /^Registry \S+ gave an unexpected answer \(status 418\)\.$/);
  });

  test('500, asked three times', async () => {
    registry.intercept = (_, response) => void response.writeHead(500).end();
    await fails('server', /^Registry \S+ failed \(status 500\)\.$/);
    assert.equal(registry.seen.filter(({ path }) => path.includes('/app/')).length, 3);
  });

  test('nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const reference = parseImageReference(`localhost:${port}/app:1`);
    assert.ok(reference);
    await assert.rejects(client.lookUp(reference, 'linux/amd64', AbortSignal.timeout(5000)), {
      failure: 'unreachable',
      message: `Registry localhost:${port} cannot be reached: connection refused.`,
    });
  });

  test('no such host', async () => {
    const reference = parseImageReference('registry.invalid/app:1');
    assert.ok(reference);
    await assert.rejects(client.lookUp(reference, 'linux/amd64', AbortSignal.timeout(10_000)), {
      failure: 'unreachable',
      message: /^Registry registry\.invalid cannot be reached: host n/,
    });
  });
});

describe('a busy registry', () => {
  test('is asked again after what Retry-After says', async () => {
    const { pull } = registry.putImage('app', '1');
    let refusals = 2;
    registry.intercept = (_, response) => {
      if (refusals-- > 0) {
        response.writeHead(429, { 'retry-after': '0' }).end();
      }
    };
    assert.equal((await lookUp('app:1')).pull, pull);
  });

  test('is asked again after a failure that passes', async () => {
    const { pull } = registry.putImage('app', '1');
    let failures = 1;
    registry.intercept = (_, response) => {
      if (failures-- > 0) {
        response.writeHead(503).end();
      }
    };
    assert.equal((await lookUp('app:1')).pull, pull);
  });

  test('is left alone for as long as it wants', async () => {
    registry.putImage('app', '1');
    registry.intercept = (_, response) => void response.writeHead(429, { 'retry-after': '120' }).end();
    await assert.rejects(lookUp('app:1'), {
      failure: 'rate-limit',
      message: `Registry ${registry.host} limits how often it may be asked; again in 120 s.`,
    });
    const before = registry.seen.length;
    await assert.rejects(lookUp('app:1'), { failure: 'rate-limit' });
    assert.equal(registry.seen.length, before, 'no request while it rests');
  });
});

describe('a login', () => {
  const demand = (challenge: string, isGood: (authorization: string | undefined) => boolean) => {
    registry.intercept = (request, response) => {
      if (request.url?.startsWith('/token') === true) {
        response.end('{"access_token":"abc"}');
      } else if (!isGood(request.headers.authorization)) {
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
    };
  };

  test('by password', async () => {
    const { pull } = registry.putImage('app', '1');
    stored = login;
    demand('Basic realm="test"', (authorization) => authorization === basicLogin);
    assert.equal((await lookUp('app:1')).pull, pull);
    const refused = registry.seen.filter(({ authorization }) => authorization === undefined);
    assert.equal(refused.length, 1, 'only the first request goes without');
  });

  test('that is missing', async () => {
    demand('Basic realm="test"', () => false);
    await fails(
      'login',
      /^Registry (\S+) asks for a login; sizes of private images need `docker login \1`\.$/,
    );
  });

  test('that is refused', async () => {
    stored = login;
    demand('Basic realm="test"', () => false);
    await fails(
      'login',
      /^Registry \S+ refuses the login that Docker has stored; `docker login \S+` renews it\.$/,
    );
  });

  test('without a challenge', async () => {
    registry.intercept = (_, response) => void response.writeHead(401).end();
    await fails('login', /asks for a login/);
  });

  test('by token: only for pulling this repository, whatever the registry proposes', async () => {
    const { pull } = registry.putImage('app', '1');
    demand(
      `Bearer realm="${registry.origin}/token?x=1",service="s v",scope="repository:*:push,delete"`,
      (authorization) => authorization === 'Bearer abc',
    );
    registry.put('../token', '');
    const granted = registry.intercept;
    registry.intercept = (request, response) => {
      if (request.url?.startsWith('/token')) {
        response.end('{"token":"abc","expires_in":300}');
      } else {
        granted?.(request, response);
      }
    };
    assert.equal((await lookUp('app:1')).pull, pull);
    const asked = registry.seen.filter(({ path }) => path.startsWith('/token'));
    assert.deepEqual(
      asked.map(({ path, authorization }) => [path, authorization]),
      [['/token?x=1&service=s+v&scope=repository%3Aapp%3Apull', undefined]],
      'one token is enough for manifest, configuration and layers',
    );
  });

  test('by token of a server on the same host gets the password', async () => {
    const { pull } = registry.putImage('app', '1');
    stored = login;
    demand(`Bearer realm="${registry.origin}/token"`, (authorization) => authorization === 'Bearer abc');
    assert.equal((await lookUp('app:1')).pull, pull);
    for (const { path, authorization } of registry.seen) {
      assert.equal(authorization === basicLogin, path.startsWith('/token'), path);
    }
  });

  test('by token of a server on another port of the host gets no password', async () => {
    const { pull } = registry.putImage('app', '1');
    stored = login;
    other.intercept = (_, response) => void response.end('{"access_token":"abc"}');
    demand(`Bearer realm="${other.origin}/token"`, (authorization) => authorization === 'Bearer abc');
    assert.equal((await lookUp('app:1')).pull, pull);
    assert.deepEqual(
      other.seen.map(({ authorization }) => authorization),
      [undefined],
    );
  });

  test('by token of a server on another host gets no password', async () => {
    const { pull } = registry.putImage('app', '1');
    stored = login;
    other.intercept = (_, response) => void response.end('{"access_token":"abc"}');
    const elsewhere = other.origin.replace('127.0.0.1', 'localhost');
    demand(`Bearer realm="${elsewhere}/token"`, (authorization) => authorization === 'Bearer abc');
    assert.equal((await lookUp('app:1')).pull, pull);
    assert.deepEqual(
      other.seen.map(({ authorization }) => authorization),
      [undefined],
    );
    other.intercept = (_, response) => void response.writeHead(401).end();
    await assert.rejects(lookUp('other:1'), {
      failure: 'login',
      message: `Registry ${registry.host} asks for its login at another host or over plain HTTP; it is not sent there.`,
    });
    assert.ok(other.seen.every(({ authorization }) => authorization === undefined));
  });

  const address = Object.values(networkInterfaces())
    .flat()
    .find((item) => item?.family === 'IPv4' && !item.internal)?.address;

  test('is not sent over plain HTTP to another machine, not even by password to a registry declared insecure', {
    skip: address === undefined && 'this machine has no address but its own',
  }, async () => {
    const far = await startFakeRegistry({ address: address ?? '' });
    const farClient = createRegistryClient({
      credentials: async () => login,
      insecureRegistries: [far.host],
    });
    const reference = parseImageReference(`${far.host}/app:1`);
    assert.ok(reference);
    const ask = () => farClient.lookUp(reference, 'linux/amd64', AbortSignal.timeout(5000));
    far.intercept = (_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    await assert.rejects(ask(), {
      failure: 'login',
      message: `Registry ${far.host} asks for a password over plain HTTP; it is not sent.`,
    });
    far.intercept = (request, response) =>
      void (request.url?.startsWith('/token')
        ? response.writeHead(401).end()
        : response.writeHead(401, { 'www-authenticate': `Bearer realm="${far.origin}/token"` }).end());
    await assert.rejects(ask(), { failure: 'login', message: /it is not sent there/ });
    assert.ok(far.seen.length > 2);
    assert.ok(far.seen.every(({ authorization }) => authorization === undefined));
    await farClient.close();
    await far.close();
  });

  test('by identity token is exchanged, never sent to the registry', async () => {
    const { pull } = registry.putImage('app', '1');
    stored = { kind: 'identity-token', token: 'secret-refresh' };
    demand(
      `Bearer realm="${registry.origin}/token",service=s`,
      (authorization) => authorization === 'Bearer abc',
    );
    assert.equal((await lookUp('app:1')).pull, pull);
    const asked = registry.seen.find(({ path }) => path.startsWith('/token'));
    const form = new URLSearchParams(await asked?.body);
    assert.deepEqual(
      [asked?.method, form.get('grant_type'), form.get('refresh_token'), form.get('scope')],
      ['POST', 'refresh_token', 'secret-refresh', 'repository:app:pull'],
    );
    assert.ok(
      registry.seen.every(
        ({ authorization }) => authorization === undefined || authorization === 'Bearer abc',
      ),
    );
  });

  for (const [what, answer, failure, message] of [
    ['refused', [401, ''], 'login', /asks for a login/],
    ['no JSON', [200, 'hello'], 'unreadable', /^The login of registry \S+ sent no token\.$/],
    ['no token', [200, '{}'], 'unreadable', /sent no token/],
    ['a header break', [200, '{"token":"a\\r\\nx: y"}'], 'unreadable', /sent no token/],
    ['failing', [500, ''], 'server', /^The login of registry \S+ failed \(status 500\)\.$/],
    ['busy', [429, ''], 'rate-limit', /limits how often/],
    ['too long', [200, 'x'.repeat(300_000)], 'unreadable', /more than 262144 bytes/],
  ] as const) {
    test(`by token of a server that is ${what}`, async () => {
      other.intercept = (_, response) => void response.writeHead(answer[0]).end(answer[1]);
      demand(`Bearer realm="${other.origin}/token"`, () => false);
      await fails(failure, message);
    });
  }

  test('by token that does not help says that the image may be private', async () => {
    other.intercept = (_, response) => void response.end('{"token":"abc"}');
    demand(`Bearer realm="${other.origin}/token"`, () => false);
    await fails(
      'login',
      /^Registry \S+ has no public image \S+\/app:1; a private one needs `docker login \S+`\.$/,
    );
  });

  for (const realm of ['', 'file:///etc/passwd', '//x', 'javascript:0']) {
    test(`at ${JSON.stringify(realm)}`, async () => {
      demand(`Bearer realm="${realm}"`, () => false);
      await fails('unreadable', /asks for a login at an address that is none/);
    });
  }

  test('at the metadata service of a cloud is not attempted', async () => {
    demand('Bearer realm="http://169.254.169.254/latest/meta-data"', () => false);
    await fails('not-allowed', /169\.254\.169\.254 is at an address that is not asked/);
  });
});

describe('redirects', () => {
  test('are followed to other hosts, where no login goes', async () => {
    const { pull, configDigest } = registry.putImage('app', '1');
    const moved = other.putImage('app', '1');
    assert.equal(moved.configDigest, configDigest);
    stored = login;
    registry.intercept = (request, response) => {
      if (request.headers.authorization !== basicLogin) {
        response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
      } else if (request.url?.includes('/blobs/')) {
        response.writeHead(307, { location: `${other.origin}${request.url}` }).end();
      }
    };
    assert.equal((await lookUp('app:1')).pull, pull);
    assert.ok(other.seen.length > 0);
    assert.deepEqual(
      other.seen.filter(({ authorization }) => authorization !== undefined),
      [],
    );
  });

  test('on the same host go without the login as well', async () => {
    const { manifest } = registry.putImage('app', '1');
    registry.put('elsewhere/manifests/1', manifest);
    stored = login;
    registry.intercept = (request, response) => {
      if (request.url === '/v2/app/manifests/1') {
        if (request.headers.authorization === undefined) {
          response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
        } else {
          response.writeHead(302, { location: '/v2/elsewhere/manifests/1' }).end();
        }
      }
    };
    await lookUp('app:1');
    const there = registry.seen.find(({ path }) => path === '/v2/elsewhere/manifests/1');
    assert.ok(there !== undefined && there.authorization === undefined);
  });

  test('that demand a login of their own are given up', async () => {
    other.intercept = (_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    stored = login;
    registry.intercept = (request, response) =>
      void response.writeHead(307, { location: `${other.origin}${request.url}` }).end();
    await fails('forbidden', /redirects to a host that asks for a login of its own/);
    assert.ok(other.seen.every(({ authorization }) => authorization === undefined));
  });

  test('in a circle', async () => {
    registry.intercept = (request, response) =>
      void response.writeHead(302, { location: request.url ?? '' }).end();
    await fails('unreadable', /redirects in circles or too often/);
  });

  test('without end', async () => {
    let step = 0;
    registry.intercept = (_, response) => void response.writeHead(302, { location: `/v2/${step++}` }).end();
    await fails('unreadable', /redirects in circles or too often/);
    assert.ok(step <= 8, `${step} requests`);
  });

  for (const location of [undefined, 'ftp://example.com/x', 'http://']) {
    test(`to ${location}`, async () => {
      registry.intercept = (_, response) =>
        void response.writeHead(302, location === undefined ? {} : { location }).end();
      await fails('unreadable', /redirects to an address that is none/);
    });
  }

  test('to the metadata service of a cloud', async () => {
    registry.intercept = (_, response) =>
      void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    await fails('not-allowed', /169\.254\.169\.254 is at an address that is not asked/);
  });
});
