import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, editsOverlap, offsetAfter, type TextEdit } from '../../server/src/text/edits.ts';

const text = '0123456789';

const edits = fc
  .array(
    fc.record({ from: fc.nat(10), length: fc.nat(4), text: fc.stringMatching(/^[a-z]{0,4}$/) }).map(
      ({ from, length, text: inserted }): TextEdit => ({
        span: { start: from, end: Math.min(text.length, from + length) },
        text: inserted,
      }),
    ),
    { maxLength: 4 },
  )
  .filter((list) => !editsOverlap(list));

test('a character that no edit replaces is found where it went', () => {
  fc.assert(
    fc.property(edits, fc.nat(9), (list, offset) => {
      const after = applyEdits(text, list);
      const isReplaced = list.some(({ span }) => span.start <= offset && offset < span.end);
      const moved = offsetAfter(offset, list);
      assert.ok(moved >= 0 && moved <= after.length);
      if (!isReplaced && !list.some(({ span }) => span.start === offset)) {
        assert.equal(after[moved], text[offset]);
      }
    }),
  );
});

test('a place that is replaced is where its replacement starts', () => {
  const list = [
    { span: { start: 1, end: 2 }, text: 'abc' },
    { span: { start: 4, end: 8 }, text: 'x' },
  ];
  assert.equal(applyEdits(text, list), '0abc23x89');
  assert.deepEqual(
    [0, 1, 2, 4, 6, 8].map((offset) => offsetAfter(offset, list)),
    [0, 1, 4, 6, 6, 7],
  );
});
