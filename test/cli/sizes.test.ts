import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sizesSchema } from '../../server/src/cli/format/sizes-schema.ts';
import { formatBytes } from '../../server/src/sizes/size.ts';
import { startFakeRegistry } from '../images/fake-registry.ts';
import { run, temporaryFolder } from './support.ts';

const entry = fileURLToPath(new URL('../../server/src/host/cli.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

test('of one image: what is known of it, and what is smaller', async () => {
  const { code, stdout, stderr } = await run('/', ['sizes', 'node:22']);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  const [title = '', facts = '', , head = '', ...rest] = stdout.split('\n');
  assert.match(title, /^node:22 · linux\/amd64 · pull \d+ MB · on disk 1\.13 GB$/);
  assert.match(
    facts,
    /^Debian 12 \(glibc\) · user root, node \(1000\) available · supported until 2027-04-30/,
  );
  assert.match(head, /^smaller +pull +on disk +saves +differences$/);
  const slim = rest.find((line) => line.startsWith('node:22-slim')) ?? '';
  assert.match(slim, / 227 MB +903 MB +no curl, git, compilers$/);
  assert.match(stdout, /^pull: .*, \d{4}-\d{2} · disk: /m);
});

test('of several: the table of the guide, with true figures', async () => {
  const names = ['node:20', 'node:20-slim', 'node:20-alpine', 'gcr.io/distroless/nodejs', 'scratch'];
  const { stdout } = await run('/', ['sizes', ...names]);
  const rows = stdout.split('\n').slice(1, 6);
  assert.deepEqual(
    rows.map((row) => row.split(/ {2,}/).slice(0, 3)),
    [
      ['node:20', '398 MB', '1.1 GB'],
      ['node:20-slim', '71.4 MB', '201 MB'],
      ['node:20-alpine', '48.4 MB', '136 MB'],
      ['gcr.io/distroless/nodejs', 'not known', '≈ 181 MB'],
      ['scratch', '0 B', '0 B'],
    ],
  );
});

test('of what is not known: that it is not, and why', async () => {
  const { stdout } = await run('/', ['sizes', 'quay.io/team/app']);
  assert.match(
    stdout,
    /^quay\.io\/team\/app · linux\/amd64 · size not known: quay\.io\/team\/app is not in the catalogue$/m,
  );
  const near = await run('/', ['sizes', 'node:21.7.3']);
  assert.match(near.stdout, /^node:21\.7\.3 · linux\/amd64 · pull ≈ \d+ MB · on disk ≈ 1\.\d+ GB$/m);
  assert.match(near.stdout, /nearest known: node:2\d/);
  const wrong = await run('/', ['sizes', 'No Image']);
  assert.deepEqual(wrong, { code: 2, stdout: '', stderr: 'ballast: not the name of an image: No Image\n' });
});

test('of another platform, in JSON, which its schema describes', async () => {
  const { code, stdout } = await run('/', [
    'sizes',
    '--format',
    'json',
    '--platform',
    'arm64',
    'python:3.12',
    'example.com/a',
  ]);
  assert.equal(code, 2, 'nothing is known of the second');
  const { images } = sizesSchema.parse(JSON.parse(stdout));
  const [python, unknown] = images;
  assert.equal(python?.image, 'python:3.12');
  assert.equal(python.platform, 'linux/arm64');
  assert.equal(python.pull.kind === 'known' && python.pull.platform, 'linux/arm64');
  assert.equal(python.distribution, 'debian 13');
  assert.ok(python.smaller.some(({ image, libc }) => image === 'python:3.12-alpine' && libc === 'musl'));
  assert.equal(unknown?.disk.kind, 'unknown');
});

test('a narrow terminal gets narrow lines', async () => {
  const { stdout } = await run('/', ['sizes', 'node:22-alpine', 'node:22'], { terminal: 80 });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours.
  const lines = stdout.replace(/\u001b\[\d+m/g, '').split('\n');
  assert.ok(
    lines.every((line) => line.length <= 80),
    lines.join('\n'),
  );
});

test('the registry and the smaller images are asked, unless that is forbidden', async () => {
  const asked: string[] = [];
  const images = (isOffline: boolean) => ({
    learn: async ({ repository, tag }: { repository: string; tag?: string }) => {
      asked.push(`${repository}:${tag}${isOffline ? ' offline' : ''}`);
    },
  });
  await run('/', ['sizes', 'debian:12'], { images });
  await run('/', ['sizes', 'alpine:3.22', '--offline'], { images });
  await run('/', ['sizes', 'alpine:3.21'], { images, environment: { BALLAST_OFFLINE: 'true' } });
  assert.deepEqual(asked, [
    'library/debian:12',
    'library/debian:12-slim',
    'library/alpine:3.22 offline',
    'library/alpine:3.21 offline',
  ]);
});

test('a real registry gives its figures; no command asks it when that is forbidden', async (t) => {
  const registry = await startFakeRegistry();
  t.after(() => registry.close());
  const { pull, disk, digest } = registry.putImage('team/app', '1');
  const name = `${registry.host}/team/app:1`;
  const folder = temporaryFolder(t, { Dockerfile: `FROM ${name}\nCMD ["app"]\n` });

  for (const args of [
    ['--offline', 'sizes', name],
    ['check', '--offline'],
    ['fix', '--offline'],
    ['slim', '--offline'],
    ['report', '--offline'],
  ]) {
    await start(t, folder, args);
    assert.deepEqual(registry.seen, [], args.join(' '));
  }
  await start(t, folder, ['sizes', name], { BALLAST_OFFLINE: '1' });
  assert.deepEqual(registry.seen, []);

  const { code, stdout } = await start(t, folder, ['sizes', '--json', name]);
  assert.equal(code, 0);
  const [image] = sizesSchema.parse(JSON.parse(stdout)).images;
  assert.equal(image?.pull.kind === 'known' && image.pull.low, pull);
  assert.equal(image?.disk.kind === 'known' && image.disk.low, disk);
  assert.equal(image?.digest, digest);
  const before = registry.seen.length;
  assert.ok(before > 0);
  const again = await start(t, folder, ['sizes', name]);
  assert.ok(
    again.stdout.includes(`pull ${formatBytes(pull)} · on disk ${formatBytes(disk)} · 2 layers`),
    again.stdout,
  );
  assert.equal(registry.seen.length, before, 'a second look costs no request');
});

/** The command line as a process of its own, on a machine without logins and with a cache in the folder. */
async function start(
  t: TestContext,
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string }> {
  const child = spawn(process.execPath, ['--import', tsx, entry, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      BALLAST_OFFLINE: '',
      XDG_CACHE_HOME: `${folder}/.cache`,
      DOCKER_CONFIG: folder,
      ...environment,
    },
    signal: t.signal,
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout };
}
