import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultConfig } from '../../server/src/engine/config.ts';
import type { Applicability } from '../../server/src/fixes/fix.ts';
import { createCliHost } from '../../server/src/host/cli-host.ts';
import { rules } from '../../server/src/rules/index.ts';
import { mustBuild } from './support/build.ts';
import { runInImage, startContainer } from './support/container.ts';
import { type BuildContext, makeContext } from './support/context.ts';
import { imageConfig } from './support/image.ts';
import { withStorage } from './support/lock.ts';
import { prepareBasesOf, removeImages } from './support/prove.ts';
import { whyNoBuilds } from './support/tools.ts';

// What the hardening fixes promise: the process runs as another user than root, writes what it has to write, ends when it
// is asked to, and the probe tells a service that is up from one that is down.

const skip = whyNoBuilds() ?? false;

interface HardeningCase {
  /** Folder below `hardening`. */
  readonly name: string;
  readonly port: number;
  /** A start command that keeps the container alive with the service down. */
  readonly idle: readonly string[];
  /** The probe's program. */
  readonly probe: RegExp;
  /** True where what the program writes cannot be read, so that a developer has to decide on USER. */
  readonly isDecided?: boolean;
}

const cases: readonly HardeningCase[] = [
  { name: 'debian-volume', port: 8080, idle: ['sleep', '600'], probe: /^bash /, isDecided: true },
  { name: 'ubuntu-port', port: 80, idle: ['sleep', '600'], probe: /^bash /, isDecided: true },
  { name: 'node-script', port: 3000, idle: ['sleep', '600'], probe: /^node .*\/healthz/ },
  { name: 'python-sqlite', port: 8000, idle: ['sleep', '600'], probe: /^python .*\/health/ },
  {
    name: 'python-user-site',
    port: 8000,
    idle: ['sleep', '600'],
    probe: /^python .*\/health/,
    isDecided: true,
  },
  {
    name: 'distroless-node',
    port: 3000,
    idle: ['/nodejs/bin/node', '-e', 'setInterval(() => {}, 1000)'],
    probe: /^\/nodejs\/bin\/node /,
  },
  { name: 'busybox-nc', port: 8080, idle: ['sleep', '600'], probe: /^\/bin\/sh|^wget / },
];

const hardening = ['runs-as-root', 'healthcheck-missing', 'shell-form-start-command'];

for (const one of cases) {
  test(`${one.name}: runs as another user, writes what it must, and is known to be up or down`, {
    skip,
  }, async (context) => {
    await withStorage(async () => {
      const build = makeContext(join(import.meta.dirname, 'hardening', one.name));
      const image = `localhost/hardening-${one.name}:after`;
      try {
        if (one.isDecided === true) {
          assert.equal((await harden(build))['non-root'], 'open', 'USER is written without evidence');
        }
        const checklist = await harden(build, hardening, one.isDecided === true ? 'manual' : 'review');
        context.diagnostic(readFileSync(join(build.folder, 'Dockerfile'), 'utf8'));
        assert.deepEqual(checklist, { 'non-root': 'done', 'health-check': 'done' });
        await prepareBasesOf(readFileSync(join(build.folder, 'Dockerfile'), 'utf8'));
        await mustBuild(build, image);
        await watch(one, image);
      } finally {
        build.remove();
        await removeImages([image]);
      }
    });
  });
}

test('go-scratch: a program that could not start finds what it needs', { skip }, async () => {
  await withStorage(async () => {
    const folder = join(import.meta.dirname, 'hardening', 'go-scratch');
    const images = ['localhost/hardening-go-scratch:before', 'localhost/hardening-go-scratch:after'] as const;
    const [naive, fixed] = [makeContext(folder), makeContext(folder)];
    try {
      await harden(fixed, ['dynamic-binary-in-scratch']);
      await prepareBasesOf(readFileSync(join(fixed.folder, 'Dockerfile'), 'utf8'));
      await mustBuild(naive, images[0]);
      await mustBuild(fixed, images[1]);
      const before = await runInImage(images[0], await imageConfig(images[0]), ['/app']);
      assert.notEqual(before.code, 0, 'the program starts without the fix');
      const after = await runInImage(images[1], await imageConfig(images[1]), ['/app']);
      assert.deepEqual(after, { code: 0, output: 'authorities found\n' });
    } finally {
      naive.remove();
      fixed.remove();
      await removeImages(images);
    }
  });
});

/** Applies the hardening fixes to the Dockerfile of a context; the state of the checklist's two items afterwards. */
async function harden(
  build: BuildContext,
  chosen = hardening,
  level: Applicability = 'review',
): Promise<Record<string, string>> {
  const host = createCliHost();
  const engine = await host.loadEngine({ offline: true });
  const dockerfile = join(build.folder, 'Dockerfile');
  const { project } = host.openProject(dockerfile);
  const others = rules.filter((rule) => !chosen.includes(rule.meta.id));
  const config = {
    ...defaultConfig,
    rules: Object.fromEntries(others.map((rule) => [rule.meta.id, 'off' as const])),
  };
  const fixed = engine.fixAll(readFileSync(dockerfile, 'utf8'), project, config, level);
  build.write('Dockerfile', fixed.text);
  const { checklist } = engine.analyze(fixed.text, project, config);
  return Object.fromEntries(
    checklist
      .filter((item) => item.id === 'non-root' || item.id === 'health-check')
      .map((item) => [item.id, item.state]),
  );
}

async function watch(one: HardeningCase, image: string): Promise<void> {
  const config = await imageConfig(image);
  assert.match(config.healthcheck.slice(1).join(' '), one.probe);
  const up = await startContainer(image, config);
  try {
    const answer = await up.ask(one.port, { path: '/' });
    assert.equal(answer?.status, 200, `${answer?.body ?? 'no answer'}\n${up.output()}`);
    assert.match(answer.body, /^uid [1-9]\d*$/m);
    const ids = await up.userIds();
    assert.ok(ids.length > 0 && !ids.includes(0), `processes run as ${ids.join(', ')}`);
    // As in an engine, only three failures in a row count.
    let probe = await up.probe();
    for (let tries = 1; tries < 3 && probe?.code !== 0; tries++) probe = await up.probe();
    assert.equal(probe?.code, 0, probe?.output);
    assert.ok(await up.terminate(5), 'the program does not end when it is asked to');
  } finally {
    await up.remove();
  }
  const down = await startContainer(image, config, { command: one.idle });
  try {
    const probe = await down.probe();
    assert.notEqual(probe?.code, 0, 'the probe calls a service healthy that is down');
  } finally {
    await down.remove();
  }
}
