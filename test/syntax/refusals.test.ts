import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { inputFor } from '../support/engine.ts';
import data from './data/buildkit-refusals.json' with { type: 'json' };

/** A text, and what BuildKit says when it refuses it; `npm run buildkit` asks it anew. */
interface Case {
  readonly group: string;
  readonly text: string;
  readonly refused?: string;
}

const cases: readonly Case[] = data.cases;

/**
 * Refused only because no build argument was given: the build that gives one works. These are findings, of
 * from-needs-build-argument where FROM is concerned.
 */
const needArgument = [
  'FROM debian:12\nARG X\nENV A=${X:?}\n',
  'ARG X\nFROM $X\n',
  'ARG X=\nFROM $X\n',
  'ARG X=Debian\nFROM $X\n',
  'ARG V\nFROM debian:$V\n',
  'ARG V=\nFROM debian:$V\n',
  'ARG V=1:2\nFROM debian:$V\n',
  'ARG R\nFROM ${R}/debian:12\n',
];

for (const group of new Set(cases.map((one) => one.group))) {
  describe(`what BuildKit refuses, ${group}`, () => {
    for (const { text, refused } of cases.filter((one) => one.group === group)) {
      test(JSON.stringify(text), () => {
        const { syntax, problems, failures } = analyze(inputFor(text));
        // `# check=error=true` makes errors of what is a warning elsewhere.
        if (refused?.startsWith('lint violation') === true) {
          assert.ok(problems.some((problem) => problem.severity === 'error'));
          return;
        }
        const isExpected = refused !== undefined && !needArgument.includes(text);
        assert.deepEqual(failures, []);
        assert.equal(
          syntax.length > 0,
          isExpected,
          `${syntax[0]?.message ?? 'nothing'} | ${refused ?? 'built'}`,
        );
        for (const { message, span } of syntax) {
          assert.ok(span.start >= 0 && span.end <= text.length && span.start <= span.end, message);
          assert.ok(!text.slice(span.start, span.end).includes('\n'), `on one line: ${message}`);
        }
      });
    }
  });
}
