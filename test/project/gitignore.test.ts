import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readGitIgnore } from '../../server/src/project/gitignore.ts';
import { temporaryFolder } from '../cli/support.ts';
import { pick, randomFrom } from '../fuzz/random.ts';

/** Parts of lines. `**` beside other characters is left out: what Git makes of it depends on what else stands in the line. */
const pieces = [
  ...['a', 'b', 'ab', 'c', ' ', '.', '-', '#', '!', '\\', '\\*', '\\ ', ']', '['],
  ...['*', '?', '/', '/', '[ab]', '[!a]', '[a-c]', '[[:alpha:]]', '[]]', '[^]a]', '[a-]', '[\\]]'],
];
const names = ['a', 'b', 'ab', 'abc', 'c', 'a b', '.a', 'a]', '-', 'a*', '#a', '!a', ']', '[', ' a', 'a '];
const whole = ['**/a', 'a/**', '**', '**/', '/**/b', 'a/**/b', '!a/b', '/a', '/', '!', 'a/b/', '# a', ''];

test('files are ignored as Git ignores them', (t) => {
  const folder = temporaryFolder(t, {});
  execFileSync('git', ['init', '-q', folder]);
  const random = randomFrom(20261201);
  const some = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: 1 + Math.floor(random() * most) }, make);
  for (let round = 0; round < 150; round++) {
    const lines = some(4, () =>
      random() < 0.3 ? pick(whole, random) : some(5, () => pick(pieces, random)).join(''),
    );
    const text = `${lines.join(random() < 0.2 ? '\r\n' : '\n')}\n`;
    writeFileSync(join(folder, '.gitignore'), text);
    const paths = some(40, () => some(4, () => pick(names, random)).join('/'));
    const args = ['check-ignore', '--no-index', '-z', '-v', '-n', '--stdin'];
    const answers = spawnSync('git', args, { cwd: folder, input: paths.join('\0'), encoding: 'utf8' });
    const found = answers.stdout.split('\0');
    paths.forEach((path, i) => {
      const line = found[i * 4 + 2] ?? '';
      const isIgnored = line !== '' && !line.startsWith('!');
      assert.equal(readGitIgnore(text).ignores(path, false), isIgnored, JSON.stringify({ text, path, line }));
    });
  }
});

test('what a line says of a path itself, and of folders', () => {
  const { verdictOn, ignores } = readGitIgnore('\uFEFFbuild/\n!keep\n*.log\n');
  assert.equal(verdictOn('build', true), 'ignored');
  assert.equal(verdictOn('build', false), undefined);
  assert.equal(verdictOn('build/a', false), undefined);
  assert.ok(ignores('build/a', false));
  assert.equal(verdictOn('a/keep', false), 'taken-in');
  assert.ok(ignores('a/b.log', false));
});

test('no line takes long, whatever it holds', () => {
  const deep = `${'a/'.repeat(200)}b`;
  const long = 'a'.repeat(255);
  const start = performance.now();
  for (const line of [
    '**/a/**/a/**/a/**/a/**/a/**/a/**/c',
    '**/*/**/*/**/*/**/*/**/*/**/*/**/c',
    `${'*a'.repeat(50)}c`,
    `${'*[ab]'.repeat(50)}c`,
    'a*'.repeat(90_000),
    '*'.repeat(190_000),
    '['.repeat(190_000),
    '\\'.repeat(190_000),
    ' '.repeat(190_000),
    '**/'.repeat(60_000),
  ]) {
    assert.doesNotThrow(() => readGitIgnore(line).ignores(deep, false));
    assert.doesNotThrow(() => readGitIgnore(line).ignores(long, false));
  }
  assert.ok(performance.now() - start < 5000);
  // Machine-made lists of lines ignore nothing.
  assert.ok(!readGitIgnore('*\n'.repeat(200_000)).ignores('a', false));
});
