import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze, modelOf } from '../../server/src/engine/analyze.ts';
import { fixAll } from '../../server/src/engine/apply.ts';
import { AnalysisEnded, type Watch } from '../../server/src/engine/watch.ts';
import { watch } from '../../server/src/host/watch.ts';
import type { ImageKnowledge } from '../../server/src/images/knowledge.ts';
import { images, inputFor } from '../support/engine.ts';

const dirty = 'FROM node:22\nRUN apt-get update && apt-get install -y curl\nCMD ["node"]\n';

/** Real time would make the tests slow: what takes longer than this is ended. */
const soon: Watch = (work) => watch(work, 0.2);

const forever = (): never => {
  for (;;) {
    // As a pattern or a walk without an end would.
  }
};

describe('work is ended after its time', () => {
  test('in loops, in patterns, and past every catch and finally', () => {
    let reached = false;
    const cases: (() => void)[] = [
      forever,
      () => /(a+)+$/.test(`${'a'.repeat(40)}!`),
      () => {
        try {
          forever();
        } catch {
          reached = true;
        } finally {
          reached = true;
        }
      },
    ];
    for (const work of cases) {
      assert.equal(watch(work, 0.1), false);
    }
    assert.equal(reached, false);
    assert.equal(
      watch(() => {}, 1),
      true,
    );
  });

  test('and what it throws is thrown on', () => {
    assert.throws(() => watch(() => assert.fail('mine'), 1), /mine/);
  });

  test('but not for time that the machine gave to others', () => {
    let starts = 0;
    const isDone = watch(() => {
      starts++;
      // As work that waits for its turn.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    }, 0.1);
    assert.deepEqual([isDone, starts], [true, 2]);
  });

  test('and after many times its time in any case', () => {
    const began = performance.now();
    assert.equal(
      watch(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 0.05),
      false,
    );
    assert.ok(performance.now() - began < 20_000);
  });

  test('within work that is watched itself', () => {
    let inner: boolean | undefined;
    const outer = watch(() => {
      inner = watch(forever, 0.05);
    }, 5);
    assert.deepEqual([inner, outer], [false, true]);
  });
});

describe('an analysis that is ended', () => {
  const slow: ImageKnowledge = {
    ...images,
    peek: forever,
  };

  test('says so, and keeps what was found until then', () => {
    const report = analyze({ ...inputFor(`${dirty}FROM\n`), images: slow, watch: soon });
    assert.ok(report.failures.at(-1)?.error instanceof AnalysisEnded);
    assert.equal(report.syntax.length, 1);
  });

  test('changes nothing, for what is missing is not resolved', () => {
    const { text, applied, failures } = fixAll(
      { ...inputFor(dirty), images: slow, watch: (work) => watch(work, 0.3) },
      'review',
    );
    assert.equal(text, dirty);
    assert.deepEqual(applied, []);
    assert.ok(failures.some(({ error }) => error instanceof AnalysisEnded));
  });

  test('has no model to ask', () => {
    assert.throws(() => modelOf({ ...inputFor(dirty), watch: () => false }), AnalysisEnded);
  });
});

describe('deep shell', () => {
  const cases: Readonly<Record<string, string>> = {
    'a chain of thousands': `RUN ${'true && '.repeat(3000)}true`,
    'substitutions in each other': `RUN echo ${'$(echo '.repeat(1000)}${')'.repeat(1000)}`,
    'open substitutions': `RUN echo ${'$(echo '.repeat(1000)}`,
    'subshells in each other': `RUN ${'('.repeat(8000)}true${')'.repeat(8000)}`,
    'open subshells': `RUN ${'('.repeat(8000)}`,
    negations: `RUN ${'! '.repeat(5000)}true`,
    blocks: `RUN ${'{ '.repeat(3000)}`,
    quotes: `RUN ${'"$(echo '.repeat(2000)}`,
    'a folder in each other': `RUN ${'cd a;'.repeat(20_000)}`,
    conditions: `RUN ${'if true; then '.repeat(2000)}`,
  };
  for (const [name, line] of Object.entries(cases)) {
    test(`${name} loses no rule`, () => {
      assert.deepEqual(analyze(inputFor(`FROM debian:12\n${line}\n`)).failures, []);
    });
  }

  test('a chain is read to its end', () => {
    const { stages } = modelOf(inputFor(`FROM debian:12\nRUN ${'true && '.repeat(3000)}false || true\n`));
    const commands = stages[0]?.steps[0]?.script?.commands ?? [];
    assert.equal(commands.length, 3002);
    assert.deepEqual(
      commands.slice(-3).map(({ name, operator, isUnconditional }) => [name, operator, isUnconditional]),
      [
        ['true', '&&', true],
        ['false', '&&', true],
        ['true', '||', false],
      ],
    );
  });
});
