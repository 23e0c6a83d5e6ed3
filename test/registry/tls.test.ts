import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createRegistryClient, type RegistryClient } from '../../server/src/host/images/registry-client.ts';
import { type ImageReference, parseImageReference } from '../../server/src/images/reference.ts';
import { type FakeRegistry, startFakeRegistry } from '../images/fake-registry.ts';
import { withTools } from './tools.ts';

const soon = (): AbortSignal => AbortSignal.timeout(10_000);

function image(name: string): ImageReference {
  const reference = parseImageReference(name);
  assert.ok(reference, name);
  return reference;
}

withTools('TLS', () => {
  describe('TLS', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ballast-tls-'));
    let plain: FakeRegistry;
    let strict: RegistryClient;
    const opened: FakeRegistry[] = [];

    before(async () => {
      plain = await startFakeRegistry();
      strict = createRegistryClient({ credentials: async () => undefined });
    });

    after(async () => {
      await strict.close();
      await Promise.all([plain, ...opened].map((registry) => registry.close()));
      rmSync(directory, { recursive: true });
    });

    /** A registry with a certificate of its own for a host. */
    const secure = async (name: string, host: string): Promise<FakeRegistry> => {
      const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
      const subject = ['-subj', '/CN=tests', '-addext', `subjectAltName=${host}`];
      const options = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
      execFileSync('openssl', [...options, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
      const registry = await startFakeRegistry({
        tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') },
      });
      opened.push(registry);
      return registry;
    };

    test('a certificate that nobody vouches for is refused, and nothing is asked', async () => {
      const registry = await secure('self-signed', 'IP:127.0.0.1');
      registry.putImage('app', '1');
      await assert.rejects(strict.lookUp(image(`${registry.host}/app:1`), 'linux/amd64', soon()), {
        failure: 'certificate',
        message: `The certificate of registry ${registry.host} is not trusted: it is self-signed.`,
      });
      assert.equal(registry.seen.length, 0);
    });

    test('a registry that the user declared insecure may show any certificate', async () => {
      const registry = await secure('declared', 'IP:127.0.0.2');
      const { pull } = registry.putImage('app', '1');
      const trusting = createRegistryClient({
        credentials: async () => undefined,
        insecureRegistries: [registry.host],
      });
      assert.equal(
        (await trusting.lookUp(image(`${registry.host}/app:1`), 'linux/amd64', soon())).pull,
        pull,
      );
      await trusting.close();
    });

    test('from HTTPS nothing leads back to plain HTTP', async () => {
      const registry = await secure('downgrade', 'IP:127.0.0.1');
      const trusting = createRegistryClient({
        credentials: async () => undefined,
        insecureRegistries: [registry.host],
      });
      const before = plain.seen.length;
      registry.intercept = (request, response) =>
        void response.writeHead(302, { location: `${plain.origin}${request.url}` }).end();
      await assert.rejects(trusting.lookUp(image(`${registry.host}/app:1`), 'linux/amd64', soon()), {
        failure: 'not-allowed',
        message: `Registry ${registry.host} redirects to plain HTTP; it is not followed.`,
      });
      registry.intercept = (_, response) =>
        void response.writeHead(401, { 'www-authenticate': `Bearer realm="${plain.origin}/token"` }).end();
      await assert.rejects(trusting.lookUp(image(`${registry.host}/app:1`), 'linux/amd64', soon()), {
        failure: 'not-allowed',
        message: `Registry ${registry.host} asks for a login over plain HTTP, which is not done.`,
      });
      assert.equal(plain.seen.length, before);
      await trusting.close();
    });

    test('a server that speaks neither TLS nor HTTP', async () => {
      const server = createServer((socket) =>
        socket
          .on('error', () => {})
          .resume()
          .end('hello\n'),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      await assert.rejects(strict.lookUp(image(`127.0.0.1:${port}/app:1`), 'linux/amd64', soon()), {
        name: 'LookupError',
        message: new RegExp(
          `^Registry 127\\.0\\.0\\.1:${port} (sent an answer that is cut off or no HTTP|cannot be reached: connection closed)\\.$`,
        ),
      });
      await new Promise((resolve) => server.close(resolve));
    });
  });
}, ['openssl']);
