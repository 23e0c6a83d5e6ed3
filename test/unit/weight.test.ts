import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { modelOf } from '../../server/src/engine/analyze.ts';
import { estimateImage } from '../../server/src/engine/estimate/estimate.ts';
import { weightPage } from '../../server/src/ide/weight/page.ts';
import {
  type Weighed,
  type WeightNode,
  weightOf,
  weightPicture,
} from '../../server/src/ide/weight/picture.ts';
import { weightStyles } from '../../server/src/ide/weight/styles.ts';
import { treemapBoxes, treemapWidth } from '../../server/src/ide/weight/treemap.ts';
import type { ContextMeasurement } from '../../server/src/project/context.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { images, projectOf, shell } from '../support/engine.ts';
import { measuredFile, measuredFolder } from '../support/measured.ts';

const text = `FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
`;

/** 100 MB of packages and 60 MB of sources. */
const context: ContextMeasurement = {
  isComplete: true,
  sent: measuredFolder({
    'package.json': measuredFile(1000),
    'package-lock.json': measuredFile(99_000),
    docs: measuredFolder({ 'film.mp4': measuredFile(50e6), 'index.md': measuredFile(1000) }),
    src: measuredFolder({ '<script>.js': measuredFile(9_900_000) }),
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
      packages: [
        { name: 'typescript', isDevelopment: true, files: 100, bytes: 30e6 },
        { name: '@scope/large', isDevelopment: false, files: 10, bytes: 20e6 },
      ],
    },
  ],
  date: '2026-11-26T00:00:00.000Z',
};

function weigh(dockerfile: string, measured: ContextMeasurement | undefined = context): Weighed {
  const project = {
    ...projectOf({ 'package.json': '{}', 'package-lock.json': '{}' }),
    ...(measured && { context: measured }),
  };
  return {
    image: estimateImage({ dockerfile: modelOf({ text: dockerfile, shell, project }), project, images }),
    lines: new LineIndex(dockerfile),
    project,
  };
}

function pageOf(dockerfile: string, slimmed = dockerfile, name = 'api/Dockerfile'): string {
  return weightPage(weigh(dockerfile), weigh(slimmed), { name, hrefOf: (line) => `#line-${line + 1}` }).body;
}

/** All nodes of a tree, the outer ones first. */
function all(node: WeightNode): WeightNode[] {
  return [node, ...node.children.flatMap(all)];
}

test('an image consists of layers, those of folders and packages, each with its line', () => {
  const { before, context: sent } = weightPicture(weigh(text), weigh(text));
  assert.deepEqual(
    before.children.map(({ label, line }) => [line, label]),
    [
      [0, 'FROM node:22-slim'],
      [2, 'COPY package.json package-lock.json ./'],
      [3, 'RUN npm ci'],
      [4, 'COPY . .'],
      [5, 'RUN npm run build'],
    ],
  );
  const [, , install, copy] = before.children;
  const packages = all(install ?? before).map(({ label }) => label);
  assert.ok(
    packages.includes('typescript (development)') && packages.includes('@scope/large'),
    String(packages),
  );
  assert.ok(packages.includes('other packages'));
  assert.deepEqual(
    copy?.children.map(({ label, line }) => [label, line]),
    [
      ['docs/', 4],
      ['src/', 4],
      ['package-lock.json', 4],
      ['package.json', 4],
    ],
  );
  assert.deepEqual(
    copy?.children[0]?.children.map(({ label }) => label),
    ['docs/film.mp4', 'docs/index.md'],
  );
  assert.equal(sent && weightOf(sent), context.sent.bytes);
});

test('what a node consists of is no more than the node', () => {
  const { before } = weightPicture(weigh(text), weigh(text));
  for (const node of all(before).filter(({ children }) => children.length > 0)) {
    const sum = node.children.reduce((total, child) => total + weightOf(child), 0);
    // Files in a layer have headers, which the measured bytes of its files have not.
    assert.ok(sum <= weightOf(node) * 1.001, `${node.label}: ${sum} of ${weightOf(node)}`);
  }
});

test('small files of a folder are put together', () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, measuredFile(1000 + i)]));
  const { context: sent } = weightPicture(
    weigh(text, { ...context, sent: measuredFolder(files) }),
    weigh(text),
  );
  assert.equal(sent?.children.length, 13);
  assert.deepEqual([sent?.children[0]?.label, sent?.children.at(-1)?.label], ['f39', '28 smaller']);
});

test('boxes lie within the area, and those of one depth do not overlap', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { maxLength: 30 }), (sizes) => {
      const whole: WeightNode = {
        label: 'whole',
        kind: 'image',
        size: { kind: 'unknown', reason: 'a test' },
        children: sizes.map((bytes, i) => ({
          label: String(i),
          kind: 'file',
          size: {
            kind: 'known',
            low: bytes,
            high: bytes,
            atLeast: false,
            measure: 'disk',
            basis: 'measured',
            source: 'a test',
            date: '2026-11',
          },
          children: [],
        })),
      };
      const boxes = treemapBoxes(whole, 400);
      for (const { x, y, width, height } of boxes) {
        assert.ok(x >= 0 && y >= 0 && x + width <= treemapWidth && y + height <= 400);
      }
      boxes.forEach((a, i) => {
        for (const b of boxes.slice(i + 1)) {
          assert.ok(
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
          );
        }
      });
    }),
  );
});

test('the page names each box with its size, what it rests on and its line', () => {
  const body = pageOf(text);
  assert.match(
    body,
    /<a href="#line-4" data-line="3" aria-label="RUN npm ci, line 4: 100 MB to 220 MB, estimated, node_modules on this machine[^"]*, 2026-11-26">/,
  );
  assert.match(body, /<th scope="row"[^>]*>COPY \. \./);
  assert.match(body, /The build context: 60 MB sent/);
  assert.match(body, /Not drawn, because it is not known before the build: .*npm run build.*\(line 6\)/);
});

test('the bars stand on one scale, and only where slimming changes the size', () => {
  assert.doesNotMatch(pageOf(text), /Slimmed/);
  const body = pageOf(text.replace('node:22-slim', 'node:22'), text);
  assert.match(body, /Slimming saves ≈ \d+ MB: /);
  assert.equal(body.match(/<div class="bar">/g)?.length, 2);
});

test('nothing of a project becomes markup, and nothing runs or is fetched', () => {
  const name = '"><img src=x onerror=alert(1)>';
  const body = pageOf(`${text}COPY ["<b>\u202e&'", "/<i>"]\n`, text, name);
  assert.doesNotMatch(body, /<(?:img|b|i|script)\b|\u202e/);
  assert.match(body, /&lt;script&gt;\.js/);
  assert.doesNotMatch(body, /<[^>]* (?:style|on\w+)=|javascript:|<script|https?:/);
  assert.doesNotMatch(weightStyles, /url\(|@import|https?:/);
});

test('an image of which nothing is known says why', () => {
  const body = weightPage(
    weigh('FROM registry.example.com/own\n'),
    weigh('FROM registry.example.com/own\n'),
    { name: 'Dockerfile', hrefOf: () => '#' },
  ).body;
  assert.match(body, /The size is not known: /);
  assert.doesNotMatch(body, /class="map"[^>]*>\s*<\/svg>/);
  for (const broken of ['', 'FROM\n', 'RUN', '# nothing']) {
    assert.match(pageOf(broken), /not known/);
  }
});
