import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { prepareBaseImage } from './support/base-images.ts';
import { mustBuild } from './support/build.ts';
import { startContainer } from './support/container.ts';
import { type BuildContext, makeContext } from './support/context.ts';
import { imageConfig, imageSize } from './support/image.ts';
import { withStorage } from './support/lock.ts';
import { whyNoBuilds } from './support/tools.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const own = 'localhost/ballast-own';
const withExample = 'localhost/ballast-example';

test('Ballast’s own image checks the example as a user that is not root', {
  skip: whyNoBuilds() ?? false,
}, async (t) => {
  await withStorage(async () => {
    for (const base of ['node:22-bookworm-slim', 'gcr.io/distroless/nodejs22-debian13:nonroot']) {
      await prepareBaseImage(base);
    }
    const source = makeContext(mkdtempSync(join(tmpdir(), 'ballast-nothing-')));
    const example = makeContext(join(root, 'examples'));
    t.after(() => [source, example].map((one) => one.remove()));
    for (const path of sentFiles()) {
      cpSync(join(root, path), join(source.folder, path), { recursive: true });
    }
    source.write('Dockerfile', readFileSync(join(root, 'packaging/Dockerfile'), 'utf8'));
    await mustBuild(source, own);
    t.diagnostic(`${Math.round((await imageSize(own)).disk / 1e6)} MB with the stand-in for its base`);

    await mustBuild(packed(example), withExample);
    const failed = await run(withExample, []);
    assert.equal(failed.code, 1, failed.output);
    assert.match(failed.output, /node-service\/Dockerfile/);
    assert.match(failed.output, /single-stage-build/);
    assert.equal((await run(withExample, ['check', '--fail-on', 'never'])).code, 0);
    assert.equal((await imageConfig(own)).user, '65532');
  });
});

/** What the ignore file beside the Dockerfile lets through. */
function sentFiles(): string[] {
  const lines = readFileSync(join(root, 'packaging/Dockerfile.dockerignore'), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
}

/** The example in the folder that a mount would put it into: containers of the suite have no mounts. */
function packed(example: BuildContext): BuildContext {
  example.write('Dockerfile', `FROM ${own}\nCOPY node-service /work/node-service\n`);
  return example;
}

/** Runs the image with arguments in place of its own, to its end. */
async function run(image: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const config = await imageConfig(image);
  const command = [...config.entrypoint, ...(args.length === 0 ? config.cmd : args)];
  const container = await startContainer(image, config, { command });
  try {
    const code = (await container.ended(60)) ?? 124;
    return { code, output: container.output() };
  } finally {
    await container.remove();
  }
}
