import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEngineClient, engineSockets } from '../../server/src/host/images/engine-client.ts';
import { type ImageReference, parseImageReference } from '../../server/src/images/reference.ts';
import { ImageWorkshop } from './real-images.ts';
import { withTools } from './tools.ts';

const soon = (): AbortSignal => AbortSignal.timeout(10_000);

function image(name: string): ImageReference {
  const reference = parseImageReference(name);
  assert.ok(reference, name);
  return reference;
}

withTools('a real engine', () => {
  describe('Podman', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ballast-engine-'));
    const socket = join(directory, 'podman.sock');
    const workshop = new ImageWorkshop(directory);
    const client = createEngineClient([join(directory, 'nobody.sock'), socket]);
    let service: ChildProcess;

    before(async () => {
      const dockerfile = `FROM scratch
COPY busybox /bin/busybox
COPY notes.txt /notes.txt
RUN ["/bin/busybox", "rm", "/notes.txt"]
USER 1000
EXPOSE 8080
ENTRYPOINT ["/bin/busybox"]
`;
      await workshop.build('docker.io/library/app:1', dockerfile, '--format', 'docker');
      service = spawn(
        'podman',
        [...workshop.storeOptions, 'system', 'service', '--time', '0', `unix://${socket}`],
        {
          stdio: 'ignore',
        },
      );
      for (let attempt = 0; attempt < 200 && !existsSync(socket); attempt++) {
        await sleep(50);
      }
    });

    after(async () => {
      await client.close();
      const ended = new Promise((resolve) => service.once('exit', resolve));
      service.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    });

    test('gives the size of its layers to the byte, and what the image sets', async () => {
      const found = await client.lookUp(image('app:1'), 'linux/amd64', soon());
      assert.equal(found?.disk, workshop.storedBytes('docker.io/library/app:1').layers);
      assert.deepEqual(
        [found?.layers, found?.user, found?.entrypoint, found?.exposedPorts],
        [3, '1000', ['/bin/busybox'], [8080]],
      );
      assert.match(found?.created ?? '', /^20\d\d-\d\d-\d\d$/);
    });

    test('holds an image for its own platform only, and no other image', async () => {
      assert.equal(await client.lookUp(image('app:1'), 'linux/arm64', soon()), undefined);
      assert.equal(await client.lookUp(image('app:2'), 'linux/amd64', soon()), undefined);
      assert.equal(await client.lookUp(image('example.com/app:1'), 'linux/amd64', soon()), undefined);
    });
  });
}, ['buildah', 'podman', 'busybox']);

describe('an engine that is faulty counts as none:', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ballast-engine-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  let count = 0;

  const faults: Record<string, RequestListener> = {
    'no JSON': (_, response) => response.end('<html>'),
    'other JSON': (_, response) => response.end('[]'),
    'an error': (_, response) => response.writeHead(500).end('{}'),
    'a body cut off': (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.destroy());
    },
    'a body without end': (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    },
    silence: () => {},
  };

  for (const [what, listener] of Object.entries(faults)) {
    test(what, async () => {
      const socket = join(directory, `${count++}.sock`);
      const server = createServer(listener);
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      const client = createEngineClient([socket]);
      assert.equal(await client.lookUp(image('app:1'), 'linux/amd64', AbortSignal.timeout(500)), undefined);
      await client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }
});

test('DOCKER_HOST decides which engine is asked, and one elsewhere is not', () => {
  assert.deepEqual(engineSockets({ DOCKER_HOST: 'unix:///run/x.sock' }, 'linux'), ['/run/x.sock']);
  assert.deepEqual(engineSockets({ DOCKER_HOST: 'npipe:////./pipe/x' }, 'win32'), ['//./pipe/x']);
  assert.deepEqual(engineSockets({ DOCKER_HOST: 'tcp://10.0.0.1:2376' }, 'linux'), []);
  assert.deepEqual(engineSockets({ DOCKER_HOST: 'ssh://host' }, 'linux'), []);
});
