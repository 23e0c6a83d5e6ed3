import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { standInFor } from './support/base-images.ts';
import { forBuildah } from './support/buildah-syntax.ts';
import { withPublicSection } from './support/proof-page.ts';
import { findUser } from './support/user.ts';

test('relative mount targets are made absolute below the working directory', () => {
  const text =
    'FROM a\nWORKDIR /app\nWORKDIR sub\nRUN --mount=type=bind,source=x,target=x --mount=type=cache,target=/c y\nFROM b\nRUN --mount=target=z y\n';
  assert.equal(
    forBuildah(text).text,
    'FROM a\nWORKDIR /app\nWORKDIR sub\nRUN --mount=type=bind,source=x,target=/app/sub/x --mount=type=cache,target=/c y\nFROM b\nRUN --mount=target=/z y\n',
  );
  assert.deepEqual(forBuildah(text).changes, ['relative mount targets made absolute']);
});

test('newer syntax is left out where it means the same, and named where it does not', () => {
  const small = forBuildah('FROM a\nCOPY --link x y\nHEALTHCHECK --start-interval=1s --retries=2 CMD z\n');
  assert.equal(small.text, 'FROM a\nCOPY x y\nHEALTHCHECK --retries=2 CMD z\n');
  assert.deepEqual(small.unsupported, []);
  const locked =
    'FROM a\nRUN --mount=type=cache,target=/a,sharing=locked --mount=type=cache,target=/b,sharing=locked x\n';
  assert.equal(
    forBuildah(locked).text,
    'FROM a\nRUN --mount=type=cache,target=/a --mount=type=cache,target=/b x\n',
  );
  assert.deepEqual(forBuildah('FROM a\nRUN <<EOF\nx\nEOF\n').unsupported, ['heredoc']);
  assert.deepEqual(forBuildah('FROM a\nCOPY --parents x y\n').unsupported, ['COPY --parents']);
});

test('stand-ins are found by short and full names, and near versions by the nearest', () => {
  const hub = 'docker.io/library/';
  const own = (name: string) => ({ image: name, standIn: name });
  assert.deepEqual(standInFor('node:22'), own(`${hub}node:22`));
  assert.deepEqual(standInFor('docker.io/library/node:22-slim'), own(`${hub}node:22-slim`));
  const unprivileged = 'nginxinc/nginx-unprivileged:stable';
  assert.deepEqual(standInFor(unprivileged), own(`docker.io/${unprivileged}`));
  assert.deepEqual(standInFor('node:18-slim'), {
    image: `${hub}node:18-slim`,
    standIn: `${hub}node:22-slim`,
  });
  assert.deepEqual(standInFor('node'), { image: `${hub}node:latest`, standIn: `${hub}node:22` });
  assert.equal(standInFor('golang:buster')?.standIn, `${hub}golang:1.24`);
  assert.equal(standInFor('openjdk:8-jre')?.standIn, `${hub}eclipse-temurin:17-jre`);
  assert.equal(standInFor('ghcr.io/astral-sh/uv:latest')?.standIn, 'ghcr.io/astral-sh/uv:latest');
  assert.equal(standInFor('node:22-alpine'), undefined);
});

test('what is measured of other people’s projects changes their section of the page alone', () => {
  const page =
    '# Proof\n\n## Before\n\nrows\n\n## Projects of other people\n\nold\n\n## Safe fixes\n\nmore\n';
  const written = withPublicSection(page, []);
  assert.match(written, /^# Proof\n\n## Before\n\nrows\n\n## Projects of other people\n\nNone was measured/);
  assert.match(written, /builds them\.\n\n## Safe fixes\n\nmore\n$/);
  assert.equal(withPublicSection(written, []), written);
});

test('users are looked up as engines do', () => {
  const root = mkdtempSync(join(tmpdir(), 'ballast-user-'));
  try {
    mkdirSync(join(root, 'etc'));
    writeFileSync(
      join(root, 'etc/passwd'),
      'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n',
    );
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nweb:x:33:\n');
    assert.deepEqual(findUser(root, ''), { uid: 0, gid: 0, home: '/root' });
    assert.deepEqual(findUser(root, 'node'), { uid: 1000, gid: 1001, home: '/home/node' });
    assert.deepEqual(findUser(root, '1000:web'), { uid: 1000, gid: 33, home: '/home/node' });
    assert.deepEqual(findUser(root, '4711'), { uid: 4711, gid: 0, home: '/' });
    assert.throws(() => findUser(root, 'nobody'), /no user nobody/);
  } finally {
    rmSync(root, { recursive: true });
  }
});
