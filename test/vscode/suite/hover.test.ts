import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite, test } from 'mocha';
import { hoverAt, openProject } from '../editor.ts';
import { startListener } from '../listener.ts';

suite('hover', () => {
  test('on a base image: what it weighs, who it runs as, and what is smaller', async () => {
    const document = await openProject({ Dockerfile: 'FROM node:22\nCMD ["node", "server.js"]\n' });
    const text = await hoverAt(document, 'node:22');
    assert.match(text, /^\*\*node:22\*\* · linux\/amd64$/m);
    assert.match(
      text,
      /^Pull \d+ MB · on disk \d\.\d+ GB · Debian 12 \(glibc\) · user root, `node` \(1000\) available/m,
    );
    assert.match(text, /^\| `node:22-slim` \| [\d.]+ MB \| \d+ MB \| \d+ MB \|/m);
  });

  test('on an image that is not known: that it is not', async () => {
    const document = await openProject({ Dockerfile: 'FROM registry.example/team/app:1\nCMD ["app"]\n' });
    assert.match(await hoverAt(document, 'registry.example'), /not known/);
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
