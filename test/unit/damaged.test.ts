import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { fixAll } from '../../server/src/engine/apply.ts';
import { inputFor } from '../support/engine.ts';

const problemsIn = (text: string): number => analyze(inputFor(text, {})).syntax.length;

describe('an instruction that is cut off never becomes one with what stands beside it', () => {
  const cases: Readonly<Record<string, string>> = {
    'a FROM that goes on in a lower-case line': 'FROM \\\nRM -rf /x\nRUN apt-get install -y curl\n',
    'a FROM without an image': 'FROM debian:12\nCOPY . /app\nFROM \\\nRUN rm -rf /var\n',
    'an update above an install': 'FROM debian:12\nRUN apt-get update \\\nRUN apt-get install -y curl\n',
    'an empty RUN': 'FROM debian:12\nRUN apt-get update\nRUN \\\n',
    'an install at the end of the file': 'FROM debian:12\nRUN apt-get update && apt-get install -y curl \\',
    'an install above a comment':
      'FROM debian:12\nRUN apt-get update && apt-get install -y curl \\\n# go on\n',
    'an install above blank lines': 'FROM debian:12\nRUN apt-get update && apt-get install -y curl && \\\n\n',
    'lower case above upper case':
      'from debian:12\nrun apt-get update \\\nRUN apt-get install -y curl\nrun a\n',
    'a CMD with an open bracket': 'FROM debian:12\nCMD ["node", \\\nUSER root\n',
  };
  for (const [name, text] of Object.entries(cases)) {
    for (const level of ['safe', 'review'] as const) {
      test(`${name}, ${level}`, () => {
        const fixed = fixAll(inputFor(text, {}), level).text;
        assert.ok(problemsIn(fixed) <= problemsIn(text), fixed);
        for (const line of text.split('\n').filter((one) => one.endsWith('\\'))) {
          assert.ok(fixed.split('\n').includes(line), `${line} stays as it is in\n${fixed}`);
        }
      });
    }
  }

  test('the instructions beside it are fixed as ever', () => {
    const text = 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY a b\nRUN --x=1 b\n';
    assert.match(fixAll(inputFor(text), 'safe').text, /rm -rf \/var\/lib\/apt\/lists/);
  });
});
