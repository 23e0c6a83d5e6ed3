import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liftsOf, refusalCodes } from '../../server/src/ecosystems/refusal.ts';
import { analyze } from '../../server/src/engine/analyze.ts';
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
