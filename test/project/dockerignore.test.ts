import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FolderMatches, parseDockerignore } from '../../server/src/project/dockerignore.ts';
import { cleanPath } from '../../server/src/project/ignore-pattern.ts';
import golden from './data/dockerignore-cases.json' with { type: 'json' };

interface Case {
  readonly ignore: string;
  /** The build fails: a pattern is malformed. */
  readonly refused?: boolean;
  readonly patterns?: readonly string[];
  readonly ignored?: readonly string[];
}

test('answers as Docker does', () => {
  assert.ok(golden.cases.length >= 480);
  for (const { ignore, refused, patterns, ignored } of golden.cases as readonly Case[]) {
    const file = parseDockerignore(ignore);
    const label = JSON.stringify(ignore);
    if (refused === true) {
      assert.ok(
        file.patterns.some((pattern) => pattern.problem !== undefined),
        `${label} is refused`,
      );
      continue;
    }
    assert.deepEqual(
      file.patterns.map((pattern) => `${pattern.isNegated ? '!' : ''}${pattern.pattern}`),
      patterns,
      label,
    );
    assert.deepEqual(
      golden.paths.filter((path) => file.matcher.ignores(path)),
      ignored,
      label,
    );
  }
});

test('a walk may leave out a folder unless a negation reaches below it', () => {
  const file = parseDockerignore('node_modules\ndocs\n!docs/guide/**\n');
  assert.equal(file.matcher.mayTakeInBelow('node_modules'), false);
  assert.equal(file.matcher.mayTakeInBelow('docs'), true);
  assert.equal(file.matcher.mayTakeInBelow('docs/guide'), true);
  assert.equal(file.matcher.mayTakeInBelow('docs/other'), false);
  assert.equal(file.matcher.mayTakeInBelow('doc'), false);
  assert.equal(parseDockerignore('a\n!**/*.md').matcher.mayTakeInBelow('a'), true);
  assert.equal(parseDockerignore('b\n!**/*.md\na').matcher.mayTakeInBelow('a'), false);
  assert.equal(parseDockerignore('a').matcher.mayTakeInBelow('a'), false);
});

test('leaving out such folders never changes an answer', () => {
  const part = fc.constantFrom('a', 'b', 'ab', '*', '**', '?', 'a*', '[ab]');
  const line = fc
    .tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 3 }))
    .map(([isNegated, parts]) => `${isNegated ? '!' : ''}${parts.join('/')}`);
  const path = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), path, (lines, parts) => {
      const { matcher } = parseDockerignore(lines.join('\n'));
      let folder: FolderMatches | undefined;
      for (let i = 1; i < parts.length; i++) {
        const parent = parts.slice(0, i).join('/');
        const match = matcher.match(parent, folder);
        if (match.isIgnored && !matcher.mayTakeInBelow(parent)) {
          assert.equal(matcher.ignores(parts.join('/')), true, `${lines.join(' ')}: ${parts.join('/')}`);
          return;
        }
        folder = match.matches;
      }
      assert.equal(matcher.match(parts.join('/'), folder).isIgnored, matcher.ignores(parts.join('/')));
    }),
    { numRuns: 2000 },
  );
});

test('says which pattern had the last word', () => {
  const { matcher } = parseDockerignore('# all markdown\n*.md\n!README.md\nREADME.md\n');
  assert.deepEqual(matcher.match('README.md', undefined), {
    isIgnored: true,
    decidedBy: 2,
    matches: [true, true, true],
  });
  assert.equal(matcher.match('main.ts', undefined).decidedBy, undefined);
});

test('every pattern and comment has its place in the text', () => {
  const text = '\uFEFF# one\r\n  dist/ \r\n\r\n! /keep\r\n[bad\r\n!\n #no comment\n# last';
  const file = parseDockerignore(text);
  assert.deepEqual(
    file.comments.map((comment) => text.slice(comment.start, comment.end)),
    ['# one', '# last'],
  );
  assert.deepEqual(
    file.patterns.map(({ span, line, pattern, isNegated, problem }) => [
      text.slice(span.start, span.end),
      line,
      pattern,
      isNegated,
      problem,
    ]),
    [
      ['dist/', 1, 'dist', false, undefined],
      ['! /keep', 3, 'keep', true, undefined],
      ['[bad', 4, '[bad', false, 'malformed'],
      ['!', 5, '', true, 'nothing-after-exclamation-mark'],
      ['#no comment', 6, '#no comment', false, undefined],
    ],
  );
});

test('takes paths as COPY writes them', () => {
  const { matcher } = parseDockerignore('dist\n');
  assert.deepEqual(
    ['dist', './dist/', '/dist', 'dist/main.js', '.', '/', '', 'distant'].map((path) =>
      matcher.ignores(path),
    ),
    [true, true, true, true, false, false, false, false],
  );
});

test('hostile patterns cost little and throw nothing', () => {
  const path = `${'a/'.repeat(400)}c`;
  for (const pattern of [
    `${'**/a/'.repeat(60)}b`,
    `${'*a'.repeat(400)}b`,
    `${'[a-z]*'.repeat(150)}/x`,
    '{a,b}{1000}'.repeat(50),
    'a'.repeat(100_000),
    '*'.repeat(100_000),
    '\\'.repeat(1001),
    '[a'.repeat(500),
    '\n!'.repeat(500_000),
  ]) {
    assert.equal(typeof parseDockerignore(pattern).matcher.ignores(path), 'boolean');
  }
});

test('cleanPath does as Go does', () => {
  const cases = {
    '': '.',
    '.': '.',
    './a': 'a',
    'a//b/': 'a/b',
    'a/../..': '..',
    '/..': '/',
    '/../a/.': '/a',
    '../../a': '../../a',
    'a/b/../c': 'a/c',
  };
  for (const [path, cleaned] of Object.entries(cases)) {
    assert.equal(cleanPath(path), cleaned, path);
  }
});
