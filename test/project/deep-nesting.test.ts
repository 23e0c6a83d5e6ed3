import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProjectFileText } from '../../server/src/engine/project-file-text.ts';
import { readPlaybook } from '../../server/src/facts/deployment/ansible.ts';
import { readWorkloads } from '../../server/src/facts/deployment/kubernetes.ts';
import { readSettings } from '../../server/src/facts/writes/settings-file.ts';
import { readBakeJson } from '../../server/src/project/bake.ts';
import { composeCommands, readComposeFile, readComposeServices } from '../../server/src/project/compose.ts';
import { readJsonc } from '../../server/src/project/formats/jsonc.ts';
import { readYaml, readYamlDocuments } from '../../server/src/project/formats/yaml.ts';

/** What opens a level of nesting; V8 ends the process where the parser calls itself for each of many thousands. */
const openers = ['[', '{a: ', '- ', '? ', ': ', '-\t', '[{a: [', '&a [', '!!seq ['];

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  readYaml,
  readYamlDocuments,
  readComposeServices,
  readComposeFile,
  composeCommands,
  readWorkloads: (text) => readWorkloads('deployment.yaml', `kind: Deployment\n${text}`),
  readPlaybook: (text) => readPlaybook('playbook.yml', text),
  readSettings: (text) => readSettings('application.yml', text),
};

for (const [name, read] of Object.entries(readers)) {
  test(`${name} answers texts that are nested without end`, () => {
    for (const opener of openers) {
      assert.doesNotThrow(() => read(`services: ${opener.repeat(20_000)}`), opener);
      assert.doesNotThrow(() => read(`services:\n  ${opener.repeat(20_000)}`), opener);
    }
    const stairs = Array.from({ length: 700 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    assert.doesNotThrow(() => read(`services:\n${stairs}`));
  });
}

test('readers of JSON answer texts that are nested without end', () => {
  for (const opener of ['[', '{"a":', '[{"a": [', '/* c */ [']) {
    const text = `{"target": ${opener.repeat(20_000)}`;
    assert.equal(readJsonc(text), undefined);
    assert.equal(readBakeJson(text), undefined);
    assert.deepEqual(readSettings('appsettings.json', text), []);
    assert.ok('error' in readProjectFileText(text));
  }
  // Brackets in texts and comments nest nothing.
  assert.deepEqual(readJsonc(`{"a": "${'['.repeat(5000)}" /* ${'{'.repeat(5000)} */}`), {
    a: '['.repeat(5000),
  });
});

test('values that hold themselves are not given on', () => {
  assert.deepEqual(readYamlDocuments('x: &x {<<: *x}\n---\na: &a [1]\nb: *a\n'), [{ a: [1], b: [1] }]);
  assert.equal(readYaml('a: &a\n  b: *a\n'), undefined);
  assert.deepEqual(readSettings('application.yml', 'a: &a\n  b: *a\n'), []);
});
