import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContextMeasurement, MeasuredNode } from '../../server/src/project/context.ts';
import { largestPaths } from '../../server/src/project/largest-paths.ts';

type Tree = { readonly [name: string]: number | Tree };

function nodeOf(tree: Tree | number): MeasuredNode {
  if (typeof tree === 'number') {
    return { files: 1, bytes: tree, isFolder: false };
  }
  const entries = new Map(Object.entries(tree).map(([name, below]) => [name, nodeOf(below)] as const));
  const sum = (key: 'files' | 'bytes') => [...entries.values()].reduce((total, one) => total + one[key], 0);
  return { files: sum('files'), bytes: sum('bytes'), isFolder: true, entries };
}

function largest(tree: Tree, ...sources: string[]): string[] | undefined {
  const sent = nodeOf(tree);
  const measured: ContextMeasurement = {
    sent,
    isComplete: true,
    clutter: [],
    dependencies: [],
    date: '2026-11-30',
  };
  return largestPaths(measured, sources, 3)?.map(({ path, bytes }) => `${path} ${bytes}`);
}

test('the largest entries come first, and empty ones not at all', () => {
  assert.deepEqual(largest({ a: 1, b: { c: 5, d: 6 }, e: 3, f: 2, g: 0 }, '.'), ['b/ 11', 'e 3', 'f 2']);
  assert.deepEqual(largest({ g: 0 }, '.'), []);
});

test('a folder that is nearly one entry is that entry', () => {
  assert.deepEqual(largest({ a: { b: { c: 98, d: 1 } }, e: 3 }, '.'), ['a/b/c 98', 'e 3']);
});

test('files, folders and patterns can be sources; what lies in another source counts once', () => {
  const tree = { src: { a: 4, b: 5 }, 'x.txt': 7, 'y.txt': 8 };
  assert.deepEqual(largest(tree, '*.txt'), ['y.txt 8', 'x.txt 7']);
  assert.deepEqual(largest(tree, 'src', 'src/a', 'x.txt'), ['x.txt 7', 'src/b 5', 'src/a 4']);
  assert.deepEqual(largest(tree, 'none'), []);
});
