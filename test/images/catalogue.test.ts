import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeTable, readRows } from '../../scripts/make-catalogue.ts';
import { createCatalogueKnowledge } from '../../server/src/images/catalogue-knowledge.ts';
import type { ImageFacts } from '../../server/src/images/knowledge.ts';
import { knownTags } from '../../server/src/images/known-tags.ts';
import { formatImageReference, parseImageReference } from '../../server/src/images/reference.ts';
import { formatSize, type KnownSize } from '../../server/src/sizes/size.ts';

const knowledge = createCatalogueKnowledge();

function peek(name: string, platform?: string): ImageFacts {
  const reference = parseImageReference(name);
  assert.ok(reference, name);
  return knowledge.peek(reference, platform);
}

function smaller(name: string): string[] {
  const reference = parseImageReference(name);
  assert.ok(reference, name);
  return knowledge.smallerVariants(reference).map((facts) => formatImageReference(facts.reference));
}

test('the bundled table is what the rows say', () => {
  const table = readFileSync(new URL('../../server/src/images/data/sizes.json', import.meta.url), 'utf8');
  assert.equal(table, makeTable(readRows().rows), 'run: npx tsx scripts/make-catalogue.ts');
});

test('every row is answered with its own figures, source and date', () => {
  for (const row of readRows().rows) {
    const { pull, disk } = peek(`${row.image}:${row.tag}`, row.platform);
    for (const [size, bytes] of [
      [pull, row.pull],
      [disk, row.disk],
    ] as const) {
      if (bytes !== undefined) {
        assert.equal(size.kind, 'known');
        const known = size as KnownSize;
        assert.deepEqual(
          [known.low, known.high, known.date, known.platform],
          [bytes, bytes, row.date, row.platform],
          `${row.image}:${row.tag} ${row.platform}`,
        );
        assert.notEqual(known.source, '');
        const isDoubtful = size === disk && row.diskBasis === 'doubtful';
        assert.equal(known.basis, isDoubtful ? 'estimated' : 'catalogue');
      }
    }
    if (row.pull !== undefined && row.disk === undefined) {
      assert.equal(disk.kind === 'known' && disk.basis, 'estimated', `${row.image}:${row.tag}`);
    }
  }
});

test('the sizes everybody asks for', () => {
  const rows = [
    'node:20',
    'node:20-slim',
    'node:20-alpine',
    'gcr.io/distroless/nodejs20-debian12',
    'scratch',
  ].map((name) => {
    const { pull, disk } = peek(name);
    return [name, formatSize(pull), formatSize(disk)];
  });
  assert.deepEqual(rows, [
    ['node:20', '398 MB', '1.1 GB'],
    ['node:20-slim', '71.4 MB', '201 MB'],
    ['node:20-alpine', '48.4 MB', '136 MB'],
    ['gcr.io/distroless/nodejs20-debian12', 'not known', '181 MB'],
    ['scratch', '0 B', '0 B'],
  ]);
});

test('another tag of the same image has the same figures and says whose they are', () => {
  const { pull } = peek('python:3.12-slim-trixie');
  assert.deepEqual(pull.kind === 'known' && [pull.low, pull.basis, pull.source], [
    43188023,
    'catalogue',
    'docker-library/repo-info remote/3.12-slim.md, as python:3.12-slim',
  ]);
});

test('a tag that is not in the table takes the figures of its nearest relative, marked as such', () => {
  const { pull, disk } = peek('node:22.3.0-alpine');
  assert.deepEqual(pull.kind === 'known' && [pull.low, pull.basis, pull.source], [
    60697390,
    'estimated',
    'nearest known: node:22-alpine, docker-library/repo-info remote/22-alpine.md',
  ]);
  assert.equal(disk.kind === 'known' && disk.basis, 'estimated');
});

test('a digest pins a build that the table may not hold', () => {
  const { pull } = peek(`node:22@sha256:${'0'.repeat(64)}`);
  assert.equal(pull.kind === 'known' && pull.basis, 'estimated');
  assert.deepEqual(peek(`node@sha256:${'0'.repeat(64)}`).pull, {
    kind: 'unknown',
    reason: 'the catalogue knows tags, not digests',
  });
});

test('the platform is that of the question, and another one stands in where it has no row', () => {
  const arm = peek('node:22', 'linux/arm64/v8');
  assert.equal(arm.platform, 'linux/arm64');
  assert.deepEqual(arm.pull.kind === 'known' && [arm.pull.low, arm.pull.platform], [
    399874234,
    'linux/arm64',
  ]);
  const ruby = peek('ruby:3.4', 'linux/arm64').pull;
  assert.equal(ruby.kind === 'known' && ruby.basis, 'estimated');
  assert.match(ruby.kind === 'known' ? ruby.source : '', /ruby:3\.4 on linux\/amd64/);
  assert.equal(peek('node:22', 'windows/amd64').pull.kind, 'unknown');
});

test('an unknown image is unknown, with the reason', () => {
  assert.deepEqual(peek('example.com/team/app:1').disk, {
    kind: 'unknown',
    reason: 'example.com/team/app is not in the catalogue',
  });
  assert.deepEqual(peek('openjdk:17-jdk-slim').pull, {
    kind: 'unknown',
    reason: 'the catalogue has no figure for openjdk in this variant',
  });
});

test('versions too far apart say nothing about each other', () => {
  assert.equal(peek('eclipse-temurin:8-jdk').pull.kind, 'unknown');
  assert.equal(peek('gcr.io/distroless/java25-debian13').pull.kind, 'unknown');
});

test('mirrors of official images are those images', () => {
  for (const name of [
    'public.ecr.aws/docker/library/node:22',
    'mirror.gcr.io/library/node:22',
    'docker.io/node:22',
  ]) {
    const { pull } = peek(name);
    assert.equal(pull.kind === 'known' && pull.low, 408499334, name);
  }
});

test('smaller variants keep the version, the smallest first', () => {
  assert.deepEqual(smaller('node:22'), [
    'gcr.io/distroless/nodejs22-debian13',
    'node:22-alpine',
    'node:22-slim',
  ]);
  assert.deepEqual(smaller('node:22-bookworm'), [
    'gcr.io/distroless/nodejs22-debian13',
    'node:22-alpine',
    'node:22-bookworm-slim',
  ]);
  assert.deepEqual(smaller('node:22-alpine'), ['gcr.io/distroless/nodejs22-debian13']);
  assert.deepEqual(smaller('node:20-slim'), ['node:20-alpine']);
  assert.deepEqual(smaller('node'), ['gcr.io/distroless/nodejs26-debian13', 'node:alpine', 'node:slim']);
  assert.deepEqual(smaller('python:3.12'), ['python:3.12-alpine', 'python:3.12-slim']);
  assert.deepEqual(smaller('eclipse-temurin:21-jdk'), [
    'eclipse-temurin:21-jre-alpine',
    'eclipse-temurin:21-jre',
    'eclipse-temurin:21-alpine',
    'gcr.io/distroless/java21-debian13',
  ]);
  assert.deepEqual(smaller('nginx:alpine'), ['nginx:alpine-slim']);
  assert.deepEqual(smaller('mcr.microsoft.com/dotnet/aspnet:9.0-noble'), [
    'mcr.microsoft.com/dotnet/aspnet:9.0-alpine',
    'mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled',
  ]);
  // Python's images, like most, name the release last; moving tags stay what they are.
  assert.deepEqual(smaller('python:3.12-bookworm'), ['python:3.12-alpine', 'python:3.12-slim-bookworm']);
  assert.deepEqual(smaller('node:jod'), [
    'gcr.io/distroless/nodejs22-debian13',
    'node:jod-alpine',
    'node:jod-slim',
  ]);
  // No image is named that does not exist.
  assert.deepEqual(smaller('mcr.microsoft.com/dotnet/aspnet:8.0.11'), []);
  assert.deepEqual(smaller('oraclelinux:9'), ['oraclelinux:9-slim']);
  assert.deepEqual(smaller('oraclelinux:8.10'), []);
  assert.deepEqual(smaller('debian:bookworm-backports'), []);
  assert.deepEqual(smaller('eclipse-temurin:8u412-b08-jdk'), []);
  assert.deepEqual(smaller('scratch'), []);
  assert.deepEqual(smaller('example.com/app'), []);
});

test('a variant that is no smaller is not offered', () => {
  // Rust on Alpine is larger than on Debian slim: its toolchain is linked statically.
  assert.deepEqual(smaller('rust:slim'), []);
});

test('known tags are listed with the newest version first, and of one version the smallest', () => {
  const reference = parseImageReference('node:2');
  assert.ok(reference);
  const tags = knownTags(reference, undefined, knowledge);
  assert.deepEqual(
    tags.map((facts) => facts.reference.tag),
    [
      ['26-alpine', '26-slim', '26'],
      ['24-alpine', '24-slim', '24'],
      ['22-alpine', '22-bookworm-slim', '22-slim', '22'],
      ['20-alpine', '20-slim', '20'],
      ['18-alpine', '18-slim', '18'],
      ['latest'],
    ].flat(),
  );
  assert.ok(tags.every(({ pull }) => pull.kind === 'known'));
});

test('any tag of any family is answered, with facts that agree with each other', () => {
  const images = [
    ...new Set(readRows().rows.map(({ image }) => image)),
    'denoland/deno',
    'composer',
    'mariadb',
    'almalinux',
    'nginxinc/nginx-unprivileged',
    'cgr.dev/chainguard/python',
    'gcr.io/distroless/cc-debian13',
  ];
  const word = fc.constantFrom(
    ...[
      'latest',
      'lts',
      'stable',
      'slim',
      'alpine',
      'alpine3.20',
      'bookworm',
      'trixie',
      'noble',
      'jre',
      'jdk',
      'fpm',
      'cli',
    ],
    ...[
      '22',
      '3.12',
      '3.12.1',
      '8.0',
      '21.0.4_7',
      '8u412',
      'b08',
      'minimal',
      'nonroot',
      'debug',
      'chiseled',
      'extra',
    ],
    ...[
      'windowsservercore',
      'edge',
      'management',
      'eclipse',
      'temurin',
      'jdk21',
      'ubi9',
      'v1.2',
      '2024',
      '0',
    ],
  );
  const name = fc
    .tuple(fc.constantFrom(...images), fc.array(word, { minLength: 1, maxLength: 4 }))
    .map(([image, words]) => `${image}:${words.join('-')}`);
  fc.assert(
    fc.property(name, (text) => {
      const facts = peek(text);
      const { tools = [], missingTools = [] } = facts.traits ?? {};
      assert.ok(!tools.some((tool) => missingTools.includes(tool)), 'tools are there or missing, not both');
      if (facts.traits?.libc === 'musl') {
        assert.equal(facts.traits.packageManager ?? 'apk', 'apk');
      }
      for (const variant of smaller(text)) {
        assert.notEqual(variant, text);
        assert.ok(parseImageReference(variant), variant);
      }
    }),
    { numRuns: 2000 },
  );
});
