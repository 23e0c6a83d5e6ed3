import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeAllows } from '../../server/src/images/version-range.ts';

const cases: readonly (readonly [string, string, boolean | undefined])[] = [
  ['>=18', '26', true],
  ['>=18 <21', '20', true],
  ['>=18 <21', '21', false],
  ['>=18.12.0', '18', true],
  ['<18.12', '18', true],
  ['^20 || ^22.3', '22', true],
  ['^20 || ^22.3', '21', false],
  ['20.x', '20', true],
  ['20.x', '22', false],
  ['18 - 20', '20', true],
  ['18 - 20', '21', false],
  ['>=3.10,<3.13', '3.12', true],
  ['>=3.10,<3.13', '3.13', false],
  ['~=3.11', '3.14', true],
  ['~=3.11.2', '3.12', false],
  ['~3.11', '3.12', false],
  ['^3.11', '3.14', true],
  ['==3.12.*', '3.12', true],
  ['> 16', '17', true],
  ['*', '26', true],
  ['^8.2|^8.3', '8.3', true],
  // What is not understood is not answered.
  ['lts', '22', undefined],
  ['!=3.12', '3.12', undefined],
];

for (const [range, line, expected] of cases) {
  test(`${range} for ${line}`, () => {
    assert.equal(rangeAllows(range, line), expected);
  });
}
