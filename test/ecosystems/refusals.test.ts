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

/** Dockerfiles whose finding has no fix, with the code of the reason. */
const refused: readonly (readonly [
  rule: string,
  code: string,
  text: string,
  files?: Record<string, string>,
])[] = [
  [
    'runs-as-root',
    'needs-home-of-root',
    'FROM python:3.13-slim\nWORKDIR /root/app\nCOPY . .\nCMD ["python", "app.py"]\n',
    { 'app.py': 'print(1)\n' },
  ],
  [
    'runs-as-root',
    'file-closed-to-others',
    'FROM debian:13-slim\nCOPY --chmod=700 run.sh /run.sh\nCMD ["/run.sh"]\n',
    { 'run.sh': '#!/bin/sh\nexec sleep 9\n' },
  ],
  [
    'runs-as-root',
    'needs-engine-socket',
    'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
    { 'app.py': 'import docker\ndocker.from_env().ping()\n' },
  ],
  [
    'healthcheck-missing',
    'service-unknown',
    'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
    { 'server.js': "require('http').createServer().listen('/run/app.sock');\n", 'package.json': '{}' },
  ],
  [
    'heavier-base-than-needed',
    'needs-more-than-smaller-base',
    'FROM node:22\nRUN git clone https://example.com/x /x\nCMD ["node", "/x/a.js"]\n',
    {},
  ],
  [
    'heavier-base-than-needed',
    'run-not-understood',
    'FROM node:22\nRUN prepare-all\nCMD ["node", "/x/a.js"]\n',
    {},
  ],
];

for (const [rule, code, text, files] of refused) {
  test(`${rule}: ${code}`, () => {
    const problem = analyze(inputFor(text, files)).problems.find((one) => one.rule === rule);
    assert.deepEqual(problem?.fixes, []);
    assert.equal(problem?.unfixed?.code, code);
    assert.equal(problem?.unfixed?.lifts, liftsOf(code as (typeof refusalCodes)[number]));
    assert.ok(problem?.message.includes(problem.unfixed?.reason ?? '?'));
  });
}

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
