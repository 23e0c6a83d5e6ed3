import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { modelOf } from '../../server/src/engine/analyze.ts';
import { estimateImage, type ImageEstimate, imageSize } from '../../server/src/engine/estimate/estimate.ts';
import type { ContextMeasurement } from '../../server/src/project/context.ts';
import { formatEstimate, type KnownSize, type SizeAnswer, withDoubt } from '../../server/src/sizes/size.ts';
import { images, projectOf, shell } from '../support/engine.ts';
import { measuredFile, measuredFolder } from '../support/measured.ts';

/** A service with 100 MB of packages, 40 MB of them for development, and 2 MB of sources. */
const measured: ContextMeasurement = {
  isComplete: true,
  sent: measuredFolder({
    'package.json': measuredFile(1000),
    'package-lock.json': measuredFile(99_000),
    src: measuredFolder({ 'server.js': measuredFile(900_000), 'big.bin': measuredFile(1_000_000) }),
  }),
  clutter: [],
  dependencies: [
    {
      path: 'node_modules',
      ecosystem: 'node',
      files: 1000,
      bytes: 100e6,
      isSent: false,
      development: { files: 400, bytes: 40e6 },
      packages: [],
    },
  ],
  date: '2026-11-26T00:00:00.000Z',
};

function estimate(text: string, context: ContextMeasurement | 'not measured' = measured): ImageEstimate {
  const project = {
    ...projectOf({ 'package.json': '{}', 'package-lock.json': '{}' }),
    context: context === 'not measured' ? undefined : context,
  };
  return estimateImage({ dockerfile: modelOf({ text, shell, project }), project, images });
}

function known(size: SizeAnswer): KnownSize {
  assert.equal(size.kind, 'known');
  return size as KnownSize;
}

/** Sizes of the layers behind the base image, in words, by the keyword that makes them. */
function layers(text: string): string[] {
  const all = estimate(text).final?.layers ?? [];
  return all.map((layer) => `${layer.step?.instruction.keyword ?? 'FROM'} ${formatEstimate(layer.size)}`);
}

test('an image with everything known is the sum of its layers', () => {
  const text =
    'FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY src ./src\nUSER node\nCMD ["node", "src/server.js"]\n';
  assert.deepEqual(layers(text), ['FROM ≈ 230 MB', 'COPY 100 kB', 'RUN ≈ 100 MB', 'COPY 1.9 MB']);
  const size = known(imageSize(estimate(text)));
  assert.equal(size.atLeast, false);
  // 227 MB of the base image, 100 MB of packages, 2 MB of files.
  assert.ok(size.low < 329e6 && size.high > 329e6 && size.high / size.low < 1.15, formatEstimate(size));
});

test('an install without development dependencies brings only the others', () => {
  const install = (command: string): string[] =>
    layers(
      `FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm ${command}\n`,
    );
  assert.equal(install('npm ci --omit=dev')[2], 'RUN ≈ 60 MB');
  assert.equal(install('npm ci && npm prune --omit=dev')[2], 'RUN ≈ 60 MB');
  assert.equal(install('NODE_ENV=production npm ci')[2], 'RUN ≈ 60 MB');
});

test('the cache that an install leaves counts, with the doubt about it', () => {
  const [, , run] = layers('FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n');
  assert.equal(run, 'RUN 100 MB to 220 MB');
  const [, , clean] = layers(
    'FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci && npm cache clean --force\n',
  );
  assert.equal(clean, 'RUN ≈ 100 MB');
});

test('a later layer takes nothing back: what it removes is listed', () => {
  const text =
    'FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nRUN npm prune --omit=dev\nRUN rm -rf node_modules\n';
  const { final } = estimate(text);
  assert.deepEqual(layers(text).slice(2), ['RUN ≈ 100 MB', 'RUN 0 B', 'RUN 0 B']);
  assert.deepEqual(
    final?.hidden.map(({ part, removedAt }) => [
      part.what,
      formatEstimate(part.size),
      text.slice(removedAt.start, removedAt.end),
    ]),
    [
      ['development dependencies', '≈ 40 MB', 'npm'],
      ['production dependencies (npm)', '≈ 60 MB', 'rm'],
    ],
  );
});

test('chown over copied files counts them again', () => {
  assert.deepEqual(layers('FROM node:22-slim\nCOPY . /app\nRUN chown -R node:node /app\n').slice(1), [
    'COPY 2 MB',
    'RUN 2 MB',
  ]);
});

test('the final stage holds what it takes over, and nothing else of the builder', () => {
  const text = `FROM node:22 AS builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
RUN npm prune --omit=dev

FROM node:22-slim
WORKDIR /app
COPY --from=builder /app/package.json ./
COPY --from=builder /app/node_modules ./node_modules
COPY --from=builder /app/src ./src
COPY --from=builder /app/dist ./dist
`;
  assert.deepEqual(layers(text), [
    'FROM ≈ 230 MB',
    'COPY 1 kB',
    'COPY ≈ 60 MB',
    'COPY 1.9 MB',
    'COPY not known',
  ]);
  const size = known(imageSize(estimate(text)));
  assert.equal(size.atLeast, true, 'what the build writes is not known');
  assert.equal(formatEstimate(size), 'at least 278 MB');
});

test('a stage that starts from another one has its layers', () => {
  assert.deepEqual(layers('FROM node:22-slim AS base\nCOPY src /src\nFROM base\nRUN mkdir /data\n'), [
    'FROM ≈ 230 MB',
    'COPY 1.9 MB',
    'RUN 0 B',
  ]);
});

test('without a measurement only the base image has a size', () => {
  const text = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
  assert.equal(formatEstimate(imageSize(estimate(text, 'not measured'))), 'at least 222 MB');
});

test('packages of apt count between the heaviest and all of them', () => {
  const [, run] =
    estimate(
      'FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends git gcc && rm -rf /var/lib/apt/lists/*\n',
    ).final?.layers ?? [];
  const size = known(run?.size ?? imageSize(estimate('')));
  // git is 103 MB alone, gcc 180 MB; both together 283 MB at most.
  assert.ok(size.low < 180_242_432 && size.high >= 282_818_560 && !size.atLeast, JSON.stringify(size));
  const [, full] = layers(
    'FROM node:22\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n',
  );
  assert.equal(full, 'RUN ≈ 0 B', 'the full image has it already');
});

test('what a package recommends may be in an image that builds already', () => {
  const [, run] =
    estimate('FROM gcc:14\nRUN apt-get update && apt-get install -y cmake && rm -rf /var/lib/apt/lists/*\n')
      .final?.layers ?? [];
  const size = known(run?.size ?? imageSize(estimate('')));
  // cmake is 89 MB alone, and 352 MB with the compiler and make that it recommends.
  assert.ok(size.low <= 89_430_016 && size.high >= 300e6, JSON.stringify(size));
});

test('what apt purges in the same RUN may be gone', () => {
  const [, run] =
    estimate(
      'FROM debian:12-slim\nRUN apt-get update && apt-get install -y gcc && make && apt-get purge -y gcc && rm -rf /var/lib/apt/lists/*\n',
    ).final?.layers ?? [];
  assert.equal(known(run?.size ?? imageSize(estimate(''))).low, 0);
});

test('a command that nobody knows makes the sum "at least"', () => {
  for (const command of [
    'curl -fsSLo /tool https://example.com/tool',
    './configure',
    'if true; then make; fi',
    '$TOOL',
  ]) {
    const size = known(imageSize(estimate(`FROM node:22-slim\nRUN ${command}\n`)));
    assert.equal(size.atLeast, true, command);
  }
  for (const command of [
    'mkdir -p /data && chown node:node /data',
    'groupadd --system app',
    'echo hello > /greeting',
  ]) {
    const size = known(imageSize(estimate(`FROM node:22-slim\nRUN ${command}\n`)));
    assert.equal(size.atLeast, false, command);
  }
});

test('a file without a stage, and one that starts from nothing', () => {
  assert.equal(estimate('# nothing\n').final, undefined);
  assert.equal(imageSize(estimate('')).kind, 'unknown');
  assert.deepEqual(layers('FROM scratch\nCOPY src /\n'), ['FROM 0 B', 'COPY 1.9 MB']);
});

const steps = [
  'COPY . .',
  'COPY src ./src',
  'COPY missing ./missing',
  'RUN npm ci',
  'RUN npm prune --omit=dev',
  'RUN rm -rf node_modules src',
  'RUN apt-get update && apt-get install -y curl git',
  'RUN chown -R node:node /app',
  'RUN make',
  'ENV A=b',
  'COPY --from=first /app/node_modules ./node_modules',
  'COPY --from=first /app .',
  'COPY --from=first / /all/',
];
const someSteps = fc.array(fc.constantFrom(...steps), { maxLength: 8 });

test('for any file: sums add up, and a further instruction never makes the image smaller', () => {
  fc.assert(
    fc.property(someSteps, someSteps, (first, second) => {
      const head = ['FROM node:22 AS first', 'WORKDIR /app', ...first, 'FROM node:22-slim', 'WORKDIR /app'];
      let before = 0;
      for (let count = 0; count <= second.length; count++) {
        const { final } = estimate([...head, ...second.slice(0, count), ''].join('\n'));
        assert.ok(final);
        const parts = final.layers.flatMap((layer) => layer.parts).map((part) => part.size);
        const size = known(final.size);
        const sum = (key: 'low' | 'high') =>
          parts.reduce((total, part) => total + (part.kind === 'known' ? part[key] : 0), 0);
        assert.equal(size.low, sum('low'));
        assert.equal(size.high, sum('high'));
        assert.equal(
          size.atLeast,
          parts.some((part) => part.kind !== 'known' || part.atLeast),
        );
        assert.ok(size.low <= size.high && size.low >= before);
        assert.equal(size.measure, 'disk');
        before = size.low;
      }
    }),
    { numRuns: 150 },
  );
});

test('figures of base images carry the doubt of their basis', () => {
  const size = known(images.peek({ repository: 'library/node', tag: '22-slim', registry: 'docker.io' }).disk);
  const wide = known(withDoubt(size));
  assert.ok(wide.low < size.low && wide.high > size.high);
  assert.deepEqual(withDoubt({ ...size, basis: 'measured' }), { ...size, basis: 'measured' });
});

test('an estimate in words', () => {
  const size = (low: number, high: number, atLeast = false): KnownSize => ({
    kind: 'known',
    low,
    high,
    atLeast,
    measure: 'disk',
    basis: 'estimated',
    source: 'a test',
    date: '2026-11',
  });
  assert.equal(formatEstimate(size(1.35e9, 1.45e9)), '≈ 1.4 GB');
  assert.equal(formatEstimate(size(1.0e9, 1.4e9)), '1 GB to 1.4 GB');
  assert.equal(formatEstimate(size(1.239e9, 1.4e9, true)), 'at least 1.23 GB');
  assert.equal(formatEstimate(size(0, 5, true)), 'not known');
  assert.equal(formatEstimate(size(999, 999)), '≈ 999 B');
});
