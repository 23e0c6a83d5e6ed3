import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSlowPatterns } from '../../scripts/check-patterns/slow-patterns.ts';

test('patterns that try the same text again and again are found, and others are not', () => {
  const slow = [
    '/(a+)+$/',
    '/(?:\\d+\\.?\\d*s)+$/',
    '/^\\s*include\\b/m',
    '/^\\s*\\n\\s*\\n\\s*$/',
    '/[\\w.]+\\.mkdir\\(/g',
  ];
  const linear = ['/^[ \\t]*include\\b/m', '/(?<![\\w.])[\\w.]+\\.mkdir\\(/g', '/#.*/s', '/a|b/'];
  const source = [...slow, ...linear].map((pattern) => `x(${pattern});`).join('\n');
  assert.deepEqual(
    findSlowPatterns(source).map(({ line, pattern }) => [line, pattern]),
    slow.map((pattern, i) => [i + 1, pattern]),
  );
});
