import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { inputFor } from '../support/engine.ts';

const dockerfile = 'FROM debian:13-slim\nCOPY run.sh /srv/\nUSER 1000\nENTRYPOINT ["/srv/run.sh"]\n';
const windows = '#!/bin/sh\r\nset -e\r\nexec sleep 60\r\n';

/** Messages of the rule about line breaks. */
function about(text: string, files: Readonly<Record<string, string>>): readonly string[] {
  return analyze(inputFor(text, files))
    .problems.filter((one) => one.rule === 'start-script-with-windows-line-breaks')
    .map((one) => one.fixes[0]?.files?.[0]?.after ?? 'no fix');
}

test('a start script with carriage returns is rewritten', () => {
  assert.deepEqual(about(dockerfile, { 'run.sh': windows }), ['#!/bin/sh\nset -e\nexec sleep 60\n']);
});

test('only the line of the interpreter counts', () => {
  assert.deepEqual(about(dockerfile, { 'run.sh': '#!/bin/sh\nexec sleep 60\r\n' }), []);
});

test('in a folder, in shell form and through CMD as well', () => {
  const text = 'FROM debian:13-slim\nWORKDIR /srv\nCOPY . .\nUSER 1000\nCMD ./bin/run.sh\n';
  assert.equal(about(text, { 'bin/run.sh': windows }).length, 1);
});

test('a RUN behind the copy takes them out', () => {
  for (const command of ['dos2unix /srv/run.sh', "sed -i 's/\\r$//' /srv/run.sh"]) {
    const text = dockerfile.replace('USER 1000', `RUN ${command}\nUSER 1000`);
    assert.deepEqual(about(text, { 'run.sh': windows }), [], command);
  }
});

test('a shell that is given the script takes the carriage returns for parts of words', () => {
  const given = dockerfile.replace('["/srv', '["sh", "/srv');
  assert.deepEqual(about(given, { 'run.sh': windows }), ['#!/bin/sh\nset -e\nexec sleep 60\n']);
  assert.deepEqual(about(given, { 'run.sh': '#!/bin/sh\r\n' }), [], 'no command');
  assert.deepEqual(about(given, { 'run.sh': '#!/bin/sh\nexec sleep 60\n' }), []);
});
