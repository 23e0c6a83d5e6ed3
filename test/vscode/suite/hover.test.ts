import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite, test } from 'mocha';
import { startFakeRegistry } from '../../images/fake-registry.ts';
import { hoverAt, openProject } from '../editor.ts';
import { startListener } from '../listener.ts';

suite('hover', () => {
  test('on a base image: what it weighs, who it runs as, and what is smaller', async () => {
    const document = await openProject({ Dockerfile: 'FROM node:22\nCMD ["node", "server.js"]\n' });
    const text = await hoverAt(document, 'node:22');
    assert.match(text, /^\*\*node:22\*\* · linux\/amd64 · pull \d+ MB · on disk \d\.\d+ GB/m);
    assert.match(text, /^\| node:22-slim \| [\d.]+\u00a0MB \| \d+\u00a0MB \| \d+\u00a0MB \|/m);
    assert.match(text, /^Debian 12 \(glibc\) · user root, `node` \(1000\) available/m);
  });

  test('on an image that is not known: that it is not', async () => {
    const document = await openProject({ Dockerfile: 'FROM registry.example/team/app:1\nCMD ["app"]\n' });
    assert.match(await hoverAt(document, 'registry.example'), /not known/);
  });

  test('on the image of a COPY', async () => {
    const document = await openProject({ Dockerfile: 'FROM scratch\nCOPY --from=nginx:1.28 /etc/nginx /\n' });
    assert.match(await hoverAt(document, 'nginx:1.28'), /^\*\*nginx:1\.28\*\* · /m);
  });

  test('on an image whose registry is at fault: what the matter is', async () => {
    const registry = await startFakeRegistry();
    registry.intercept = (_, response) => response.writeHead(403).end();
    try {
      const image = `${registry.host}/team/app:1`;
      const document = await openProject({ Dockerfile: `FROM ${image}\nCMD ["app"]\n` });
      let text = '';
      // The first answer may not have waited for the registry.
      while (!text.includes('size not known: Registry')) {
        text = await hoverAt(document, image);
        await sleep(50);
      }
      assert.ok(text.includes(`Registry ${registry.host} does not allow reading ${image}`), text);
    } finally {
      await registry.close();
    }
  });

  test('on an image that is not known: its registry is asked', async () => {
    const registry = await startListener();
    try {
      const image = `${registry.address}/team/app:1`;
      const document = await openProject({ Dockerfile: `FROM ${image}\nCMD ["app"]\n` });
      await hoverAt(document, image);
      // The answer of the hover does not wait for a slow registry.
      while (registry.connections() === 0) {
        await sleep(50);
      }
    } finally {
      registry.close();
    }
  });
});
