import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liftsOf, refusalCodes } from '../../server/src/ecosystems/refusal.ts';
import { analyze } from '../../server/src/engine/analyze.ts';
import { unfixedOf } from '../../server/src/engine/unfixed.ts';
import { rules } from '../../server/src/rules/index.ts';
import { inputFor } from '../support/engine.ts';

test('every refusal has a code, and each code a sentence that says what would lift it', () => {
  const sentences = refusalCodes.map(liftsOf);
  assert.equal(new Set(sentences).size, sentences.length);
  for (const [i, sentence] of sentences.entries()) {
    assert.match(refusalCodes[i] ?? '', /^[a-z]+(?:-[a-z]+)*$/);
    assert.match(sentence, /^[A-Z].*[^.]\.$/, refusalCodes[i]);
  }
});

test('a conversion that is refused says its code, its reason and what would lift it', () => {
  const text = 'FROM golang:1.24\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nCMD ["/other"]\n';
  const { problems } = analyze(
    inputFor(text, { 'go.mod': 'module a\n\ngo 1.24\n', 'main.go': 'package main\n\nfunc main() {}\n' }),
  );
  const problem = problems.find(({ rule }) => rule === 'single-stage-build');
  assert.deepEqual(problem?.fixes, []);
  assert.equal(problem?.unfixed?.code, 'program-not-built');
  assert.equal(problem?.unfixed?.lifts, liftsOf('program-not-built'));
  assert.ok(problem?.message.endsWith(problem.unfixed?.reason ?? '?'));
});

test('every rule that does not always bring a fix says why in one sentence', () => {
  for (const { meta } of rules) {
    assert.equal(meta.unfixed === undefined, meta.fix === 'always', meta.id);
    assert.match(meta.unfixed ?? 'It is.', /^[A-Z].*[^.]\.$/, meta.id);
  }
});

test('every finding without a fix has a reason', () => {
  const config = { rules: Object.fromEntries(rules.map(({ meta }) => [meta.id, meta.severity])) };
  let without = 0;
  for (const { meta } of rules) {
    for (const example of [meta.docs.bad, meta.docs.good]) {
      for (const problem of analyze({ ...inputFor(example.dockerfile, example.files), config }).problems) {
        without += problem.fixes.length === 0 ? 1 : 0;
        assert.ok(problem.fixes.length > 0 || unfixedOf(problem) !== undefined, problem.rule);
      }
    }
  }
  assert.ok(without > 10, String(without));
});
