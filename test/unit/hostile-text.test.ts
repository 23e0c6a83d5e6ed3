import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelOf } from '../../server/src/engine/analyze.ts';
import { readCopy } from '../../server/src/model/copy.ts';
import { expandText } from '../../server/src/model/expansion.ts';
import { Scope } from '../../server/src/model/scope.ts';
import { replaceFirst, trimBack, trimFront } from '../../server/src/model/shell-patterns.ts';
import { mentionsVariable, mentionsWord, variablePlaces } from '../../server/src/text/mentions.ts';
import { matchesPath, matchesWildcard } from '../../server/src/text/wildcard.ts';
import { inputFor } from '../support/engine.ts';

const options = { escape: '\\' };
const expanded = (text: string, values: Readonly<Record<string, string>>): string | undefined =>
  expandText(text, new Map(Object.entries(values)), options).value;

test('a value that grows beyond all use is not known, and takes no time', () => {
  let value: string | undefined = 'a';
  for (let i = 0; i < 60; i++) {
    value = expandText('$A$A', new Map([['A', value]]), options).value;
  }
  assert.equal(value, undefined);
  assert.equal(expanded('${A//a/aaaaaaaaaa}', { A: 'a'.repeat(10_000) }), undefined);
  assert.equal(expanded('$A'.repeat(100_000), { A: 'a'.repeat(10_000) }), undefined);
  assert.equal(expanded(`${'${A:-'.repeat(20_000)}x${'}'.repeat(20_000)}`, {}), undefined);
  assert.equal(expanded('${A:-$B}', { B: 'b' }), 'b');
});

test('patterns of many stars take linear time', () => {
  const long = 'a'.repeat(16_000);
  assert.equal(trimBack(long, '%*a*a*a*a*b'), long);
  assert.equal(trimFront(long, '#*a*a*a*a*b'), long);
  assert.equal(replaceFirst(long, '*a*a*a*b', '', { isGlobal: true, longest: 20_000 }), long);
  assert.equal(matchesWildcard(`${'*a'.repeat(30)}b`, 'a'.repeat(5_000)), false);
});

test('patterns take away and replace what a shell would', () => {
  assert.equal(trimFront('a/b/c', '*/'), 'b/c');
  assert.equal(trimFront('a/b/c', '#*/'), 'c');
  assert.equal(trimBack('a.tar.gz', '.*'), 'a.tar');
  assert.equal(trimBack('a.tar.gz', '%.*'), 'a');
  assert.equal(trimBack('abc', '?'), 'ab');
  assert.equal(trimBack('abc', 'x*'), 'abc');
  assert.equal(trimFront('a*b', 'a\\*'), 'b');
  assert.equal(trimFront('ab', '\\a'), undefined);
  const replaced = (value: string, pattern: string, isGlobal: boolean): string | undefined =>
    replaceFirst(value, pattern, '-', { isGlobal, longest: 100 });
  assert.equal(replaced('a.b.c', '.', false), 'a-b.c');
  assert.equal(replaced('a.b.c', '.', true), 'a-b-c');
  assert.equal(replaced('xaybyc', 'a*y', true), 'x-c');
  assert.equal(replaced('abc', '*', true), '-');
  assert.equal(replaced('abc', '?', true), '---');
});

test('wildcards match whole names, and stars no slash in a path', () => {
  assert.ok(matchesWildcard('package*.json', 'package-lock.json'));
  assert.ok(matchesWildcard('*', ''));
  assert.ok(matchesWildcard('a?c*', 'abc'));
  assert.ok(!matchesWildcard('a?c', 'ac'));
  assert.ok(matchesPath('*/package.json', 'web/package.json'));
  assert.ok(!matchesPath('*/package.json', 'apps/web/package.json'));
});

test('a name is a name, not a pattern', () => {
  assert.ok(mentionsWord('curl $TOKEN', 'TOKEN'));
  assert.ok(!mentionsWord('curl $TOKENS', 'TOKEN'));
  assert.ok(!mentionsWord('curl $A_TOKEN', 'TOKEN'));
  assert.ok(mentionsVariable('x ${TOKEN:-y}', 'TOKEN'));
  assert.ok(!mentionsVariable('x TOKEN', 'TOKEN'));
  assert.ok(!mentionsVariable('aaaaaaaa', '(a+)+'));
  assert.ok(mentionsVariable('$libstdc++6', 'libstdc++6'));
  assert.deepEqual(variablePlaces('$A ${A} $AB A', 'A'), [1, 5]);
});

test('scopes share what was set, and each sees its own', () => {
  const first = Scope.empty().with([['A', '1']]);
  const second = first.with([
    ['A', '2'],
    ['B', undefined],
  ]);
  const other = first.with([['C', '3']]);
  assert.deepEqual([...first], [['A', '1']]);
  assert.deepEqual(
    [...second],
    [
      ['A', '2'],
      ['B', undefined],
    ],
  );
  assert.deepEqual(
    [...other],
    [
      ['A', '1'],
      ['C', '3'],
    ],
  );
  assert.ok(second.has('B') && !second.has('C') && !first.has('B'));
  assert.equal(second.get('A'), '2');
  assert.equal(first.get('A'), '1');
  assert.equal(second.size, 2);
});

test('a stage copies from those above it, so that who follows copies comes to an end', () => {
  const dockerfile = modelOf(
    inputFor(
      'FROM a AS b\nCOPY --from=0 . .\nCOPY --from=b . .\nCOPY --from=c . .\nFROM b AS c\nCOPY --from=b / /x\n',
    ),
  );
  const sources = dockerfile.stages.flatMap(({ steps }) =>
    steps.map((step) => readCopy(step, dockerfile)?.from),
  );
  assert.deepEqual(sources, ['other', 'other', 'other', dockerfile.stages[0]]);
});
