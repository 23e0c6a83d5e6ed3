import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { IGrammar, StateStack } from 'vscode-textmate';
import { parseGrammarTestCase } from 'vscode-tmgrammar-test/dist/unit/index.js';
import { grammarFiles } from '../../syntaxes/source/files.ts';
import { bodyScope, languages } from '../../syntaxes/source/languages.ts';
import { contributions, createRegistry, loadWithLanguages } from './tokenizer.ts';

const cases = new URL('cases/', import.meta.url);

for (const file of readdirSync(cases)) {
  test(`scopes in ${file}`, async () => {
    const testCase = parseGrammarTestCase(readFileSync(new URL(file, cases), 'utf8'));
    assert.ok(testCase.assertions.length > 0);
    const lines = tokenize(await load(testCase.metadata.scope), testCase.source);
    const failures = testCase.assertions.flatMap(({ sourceLineNumber, scopeAssertions }) =>
      scopeAssertions.flatMap(({ from, to, scopes, exclude }) => {
        const tokens = (lines[sourceLineNumber] ?? []).filter(
          (token) => token.start < to && token.end > from,
        );
        const right =
          tokens.length > 0 &&
          tokens.every(
            (token) =>
              inOrder(scopes, token.scopes) && !exclude.some((scope) => token.scopes.includes(scope)),
          );
        const found = tokens.map((token) => token.scopes.slice(1).join(' ')).join(', ');
        const wanted = [...scopes, ...exclude.map((scope) => `-${scope}`)].join(' ');
        return right
          ? []
          : [`${testCase.source[sourceLineNumber]} [${from}, ${to}): ${wanted}; found ${found}`];
      }),
    );
    assert.deepEqual(failures, []);
  });
}

test('the grammar files are what the sources say', () => {
  for (const [name, text] of grammarFiles) {
    const written = readFileSync(new URL(`../../syntaxes/${name}`, import.meta.url), 'utf8');
    assert.ok(written === text, `${name} is stale: run node --import tsx syntaxes/source/write.ts`);
  }
});

test('the manifest contributes every grammar, and every language of a heredoc', () => {
  assert.deepEqual(
    contributions.map(({ path }) => path),
    [...grammarFiles.keys()].map((name) => `./syntaxes/${name}`),
  );
  assert.deepEqual(
    contributions[0]?.embeddedLanguages,
    Object.fromEntries(languages.map((language) => [bodyScope(language), language.id])),
  );
});

test('comments and brackets in a heredoc body are those of its language', async () => {
  const grammar = await loadWithLanguages('source.dockerfile', ['shellscript', 'python']);
  // VS Code's metadata: the language in bits 0 to 7, the kind of token (1 comment, 2 string) in bits 8 and 9.
  const kinds = (source: string): string[] => {
    let state: StateStack | null = null;
    return source.split('\n').map((line) => {
      const result = grammar.tokenizeLine2(line, state);
      state = result.ruleStack;
      const metadata = result.tokens[1] ?? 0;
      return `language ${metadata & 0xff}, kind ${(metadata >>> 8) & 0b11}`;
    });
  };
  assert.deepEqual(kinds('RUN <<EOF\necho\nEOF\nRUN python3 <<EOF\nimport os\n# x\nEOF\nUSER x'), [
    'language 1, kind 0',
    'language 2, kind 0',
    'language 1, kind 0',
    'language 1, kind 0',
    'language 3, kind 0',
    'language 3, kind 1',
    'language 1, kind 0',
    'language 1, kind 0',
  ]);
});

test('long and unbalanced lines come to an end, and leave the next instruction alone', async () => {
  const grammar = await load('source.dockerfile');
  for (const piece of [
    '"a" ',
    '"\'',
    '<<',
    '< ',
    '<<A <',
    '$(',
    '${a:-',
    '["a",',
    '\\',
    'a=b,',
    '1.1s',
    'as ',
  ]) {
    for (const start of ['RUN x', 'RUN [', 'COPY --x=', 'RUN --mount=', 'FROM ', '# ballast ignore=']) {
      const line = `${start}${piece.repeat(400)} x`;
      const next = tokenize(grammar, [line, 'USER node'])[1];
      assert.ok(next?.[0]?.scopes.includes('keyword.other.special-method.dockerfile'), line.slice(0, 40));
    }
  }
});

interface Token {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

async function load(scopeName: string): Promise<IGrammar> {
  const grammar = await createRegistry().loadGrammar(scopeName);
  assert.ok(grammar);
  return grammar;
}

function tokenize(grammar: IGrammar, lines: readonly string[]): Token[][] {
  let state: StateStack | null = null;
  return lines.map((line) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    return result.tokens.map(({ startIndex, endIndex, scopes }) => ({
      start: startIndex,
      end: endIndex,
      scopes,
    }));
  });
}

function inOrder(wanted: readonly string[], scopes: readonly string[]): boolean {
  let at = 0;
  for (const scope of scopes) {
    if (scope === wanted[at]) {
      at++;
    }
  }
  return at === wanted.length;
}
