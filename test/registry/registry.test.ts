import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { dockerCredentials } from '../../server/src/host/images/credentials.ts';
import { fileCache } from '../../server/src/host/images/image-cache.ts';
import { createImageLookup } from '../../server/src/host/images/image-lookup.ts';
import { createRegistryClient } from '../../server/src/host/images/registry-client.ts';
import { type ImageReference, parseImageReference } from '../../server/src/images/reference.ts';
import { formatBytes } from '../../server/src/sizes/size.ts';
import {
  ImageWorkshop,
  layerBytes,
  type RawManifest,
  rawManifest,
  run,
  sha256,
  unpackedBytes,
} from './real-images.ts';
import {
  password,
  type RealRegistry,
  refreshToken,
  startRegistry,
  startTokenServer,
  type TokenServer,
  username,
} from './real-registry.ts';
import { withTools } from './tools.ts';

const dockerfile = `FROM scratch
COPY busybox /bin/busybox
COPY notes.txt /notes.txt
RUN ["/bin/busybox", "mkdir", "-p", "/data"]
COPY notes.txt /again.txt
USER 1000
EXPOSE 8080 9090/udp
ENTRYPOINT ["/bin/busybox", "httpd", "-f"]
`;

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

function image(name: string): ImageReference {
  const reference = parseImageReference(name);
  assert.ok(reference, name);
  return reference;
}

withTools('a real registry', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ballast-registry-'));
  const workshop = new ImageWorkshop(directory);
  const anonymous = createRegistryClient({ credentials: async () => undefined });

  before(async () => {
    await workshop.build('localhost/docker:1', dockerfile, '--format', 'docker');
    await workshop.build('localhost/oci:1', dockerfile, '--format', 'oci');
    const small = 'FROM scratch\nCOPY notes.txt /notes.txt\n';
    for (const architecture of ['arm64', 'amd64']) {
      await workshop.build(
        `localhost/${architecture}:1`,
        `${small}ENV ARCH=${architecture}\n`,
        '--platform',
        `linux/${architecture}`,
      );
    }
    await workshop.buildah(
      'manifest',
      'create',
      'localhost/many:1',
      'localhost/amd64:1',
      'localhost/arm64:1',
    );
  });

  after(async () => {
    await anonymous.close();
    rmSync(directory, { recursive: true, force: true });
  });

  describe('that is open', () => {
    let registry: RealRegistry;
    before(async () => {
      registry = await startRegistry(directory, 'open', 'none');
      await workshop.push('localhost/docker:1', `${registry.host}/team/docker:1`);
      await workshop.push('localhost/oci:1', `${registry.host}/team/oci:1`);
      await workshop.buildah(
        'manifest',
        'push',
        '--all',
        '--tls-verify=false',
        'localhost/many:1',
        `docker://${registry.host}/team/many:1`,
      );
      // The same index in Docker's own media types, made by another tool.
      await run('skopeo', [
        'copy',
        '--all',
        '--format',
        'v2s2',
        '--src-tls-verify=false',
        '--dest-tls-verify=false',
        `docker://${registry.host}/team/many:1`,
        `docker://${registry.host}/team/many-docker:1`,
      ]);
    });
    after(() => registry.stop());

    for (const format of ['docker', 'oci']) {
      test(`figures of an image in ${format} format are those of skopeo and buildah, to the byte`, async () => {
        const name = `${registry.host}/team/${format}:1`;
        const raw = await rawManifest(name);
        const found = await anonymous.lookUp(image(name), 'linux/amd64', soon());
        const manifest = JSON.parse(raw.toString('utf8')) as RawManifest;
        assert.equal(found.digest, sha256(raw));
        assert.equal(found.pull, layerBytes(manifest));
        assert.equal(found.layers, manifest.layers.length);
        assert.equal(found.disk, await unpackedBytes(name, join(directory, `copy-${format}`)));
        const stored = workshop.storedBytes(`localhost/${format}:1`);
        assert.equal(found.disk, stored.layers);
        const shown = await workshop.shownSize(`localhost/${format}:1`);
        assert.equal(formatBytes(stored.layers + stored.notes), shown);
        assert.deepEqual(
          [found.user, found.entrypoint, found.exposedPorts],
          ['1000', ['/bin/busybox', 'httpd', '-f'], [8080]],
        );
        assert.match(found.created ?? '', /^20\d\d-\d\d-\d\d$/);
      });
    }

    for (const repository of ['many', 'many-docker']) {
      test(`each platform of ${repository}, an index, has the figures of its own manifest`, async () => {
        const name = `${registry.host}/team/${repository}:1`;
        const raw = await rawManifest(name);
        const { manifests = [] } = JSON.parse(raw.toString('utf8')) as RawManifest;
        assert.deepEqual(manifests.map(({ platform }) => platform.architecture).sort(), ['amd64', 'arm64']);
        for (const { digest, platform } of manifests) {
          const own = JSON.parse(
            (await rawManifest(`${registry.host}/team/${repository}@${digest}`)).toString('utf8'),
          ) as RawManifest;
          const found = await anonymous.lookUp(image(name), `linux/${platform.architecture}`, soon());
          assert.deepEqual(
            [found.digest, found.pull, found.layers, found.platform],
            [sha256(raw), layerBytes(own), own.layers.length, `linux/${platform.architecture}`],
          );
          const pinned = await anonymous.lookUp(
            image(`${registry.host}/team/${repository}@${digest}`),
            found.platform,
            soon(),
          );
          assert.deepEqual([pinned.digest, pinned.pull, pinned.disk], [digest, found.pull, found.disk]);
        }
        await assert.rejects(anonymous.lookUp(image(name), 'linux/s390x', soon()), {
          failure: 'not-found',
          message: /has no image for linux\/s390x; it has linux\/a\w+, linux\/a\w+\.$/,
        });
      });
    }

    test('an image or a tag that is not there', async () => {
      for (const name of ['team/none:1', 'team/docker:none', `team/docker@sha256:${'0'.repeat(64)}`]) {
        await assert.rejects(anonymous.lookUp(image(`${registry.host}/${name}`), 'linux/amd64', soon()), {
          failure: 'not-found',
          message: `Registry ${registry.host} has no image ${registry.host}/${name}.`,
        });
      }
    });

    test('its tags', async () => {
      for (const tag of ['2', '3-slim']) {
        await workshop.push('localhost/docker:1', `${registry.host}/team/tagged:${tag}`);
      }
      const tags = await anonymous.listTags(image(`${registry.host}/team/tagged`), soon());
      assert.deepEqual([...tags].sort(), ['2', '3-slim']);
    });
  });

  test('a second look costs no request, in this run and the next', async () => {
    const registry = await startRegistry(directory, 'once', 'none');
    await workshop.push('localhost/docker:1', `${registry.host}/app:1`);
    const cache = fileCache(join(directory, 'cache', 'images.json'));
    const create = () =>
      createImageLookup({
        mode: 'online',
        registry: createRegistryClient({ credentials: async () => undefined }),
        cache,
      });
    const first = create();
    const reference = image(`${registry.host}/app:1`);
    const learned = await first.learn(reference, undefined, soon());
    assert.equal(learned?.pull.kind, 'known');
    // Nobody is there to be asked any more.
    await registry.stop();
    assert.deepEqual(await first.learn(reference, undefined, soon()), learned);
    await first.close();
    const second = create();
    assert.deepEqual(await second.learn(reference, undefined, soon()), learned);
    const other = await second.learn(image(`${registry.host}/app:2`), undefined, soon());
    assert.equal(other?.lookupProblem, `Registry ${registry.host} cannot be reached: connection refused.`);
    await second.close();
  });

  describe('that asks for a password', () => {
    let registry: RealRegistry;
    before(async () => {
      registry = await startRegistry(directory, 'htpasswd', 'htpasswd');
      await workshop.push(
        'localhost/docker:1',
        `${registry.host}/team/docker:1`,
        '--creds',
        `${username}:${password}`,
      );
    });
    after(() => registry.stop());

    test("is shown Docker's, and gives what skopeo gets with the same", async () => {
      const name = `${registry.host}/team/docker:1`;
      const client = createRegistryClient({
        credentials: dockerConfig(registry.host, `${username}:${password}`),
      });
      const found = await client.lookUp(image(name), 'linux/amd64', soon());
      const raw = await rawManifest(name, '--creds', `${username}:${password}`);
      assert.deepEqual(
        [found.digest, found.pull],
        [sha256(raw), layerBytes(JSON.parse(raw.toString('utf8')))],
      );
      assert.deepEqual(await client.listTags(image(name), soon()), ['1']);
      await client.close();
    });

    test('says so when there is none, or the wrong one', async () => {
      const name = image(`${registry.host}/team/docker:1`);
      await assert.rejects(anonymous.lookUp(name, 'linux/amd64', soon()), {
        failure: 'login',
        message: `Registry ${registry.host} asks for a login; sizes of private images need \`docker login ${registry.host}\`.`,
      });
      const client = createRegistryClient({ credentials: dockerConfig(registry.host, `${username}:wrong`) });
      await assert.rejects(client.lookUp(name, 'linux/amd64', soon()), {
        failure: 'login',
        message: `Registry ${registry.host} refuses the login that Docker has stored; \`docker login ${registry.host}\` renews it.`,
      });
      await client.close();
    });
  });

  describe('that asks for tokens', () => {
    let registry: RealRegistry;
    let tokens: TokenServer;
    before(async () => {
      tokens = await startTokenServer(directory);
      registry = await startRegistry(directory, 'token', { tokenServer: tokens });
      for (const repository of ['public/app', 'private/app']) {
        await workshop.push(
          'localhost/docker:1',
          `${registry.host}/${repository}:1`,
          '--creds',
          `${username}:${password}`,
        );
      }
      tokens.asked.length = 0;
    });
    after(async () => {
      await registry.stop();
      await tokens.stop();
    });

    test('gives public images to anybody, with one token for everything about an image', async () => {
      const client = createRegistryClient({ credentials: async () => undefined });
      const found = await client.lookUp(image(`${registry.host}/public/app:1`), 'linux/amd64', soon());
      const raw = await rawManifest(`${registry.host}/public/app:1`, '--no-creds');
      assert.deepEqual(
        [found.digest, found.pull],
        [sha256(raw), layerBytes(JSON.parse(raw.toString('utf8')))],
      );
      const own = tokens.asked.filter(
        ({ url }) => url.searchParams.get('scope') === 'repository:public/app:pull',
      );
      assert.ok(own.every(({ authorization }) => authorization === undefined));
      await client.close();
    });

    test('says that a private image may be one', async () => {
      await assert.rejects(anonymous.lookUp(image(`${registry.host}/private/app:1`), 'linux/amd64', soon()), {
        failure: 'login',
        message: `Registry ${registry.host} has no public image ${registry.host}/private/app:1; a private one needs \`docker login ${registry.host}\`.`,
      });
    });

    test('gives private images to whoever logs in, by password or by identity token', async () => {
      const name = image(`${registry.host}/private/app:1`);
      const raw = await rawManifest(`${registry.host}/private/app:1`, '--creds', `${username}:${password}`);
      for (const credentials of [
        dockerConfig(registry.host, `${username}:${password}`),
        dockerConfig(registry.host, '', refreshToken),
      ]) {
        tokens.asked.length = 0;
        const client = createRegistryClient({ credentials });
        const found = await client.lookUp(name, 'linux/amd64', soon());
        assert.equal(found.digest, sha256(raw));
        assert.equal(tokens.asked.length, 1);
        await client.close();
      }
    });
  });

  let configurations = 0;

  /** Docker's credentials as `docker login` would store them. */
  function dockerConfig(host: string, pair: string, identitytoken?: string) {
    const folder = mkdtempSync(join(directory, `docker-${configurations++}`));
    const auth = Buffer.from(pair).toString('base64');
    const entry = identitytoken === undefined ? { auth } : { auth, identitytoken };
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: entry } }));
    return dockerCredentials({ DOCKER_CONFIG: folder });
  }
}, ['docker-registry', 'skopeo', 'buildah', 'htpasswd', 'openssl', 'busybox']);
