import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { cleanPath, compilePattern, literalPattern } from '../../server/src/project/ignore-pattern.ts';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { readSamples } from '../fuzz/samples.ts';
import { inputFor } from '../support/engine.ts';

/** Every text that the fixes of a Dockerfile would write. */
function written(text: string, files: Readonly<Record<string, string>>): string[] {
  return analyze(inputFor(text, files)).problems.flatMap(({ fixes }) =>
    fixes.flatMap((fix) => [
      applyEdits(text, fix.edits),
      ...(fix.files ?? []).filter(({ path }) => path.endsWith('ignore')).map(({ after }) => after),
    ]),
  );
}

describe('a name or value of the project never starts a line of its own in what a fix writes', () => {
  // Each eighth, which has every kind of project and takes seconds.
  const samples = readSamples().filter(({ files }, i) => files !== undefined && i % 8 === 0);
  const hostile: Readonly<Record<string, (path: string, text: string) => [string, string]>> = {
    'names of files': (path, text) => [path.replace(/(\.\w+)$/, '\nINJECTED x$1'), text],
    'values of JSON': (path, text) => [
      path,
      path.endsWith('.json') ? text.replace(/: "([^"]*)"/g, ': "$1\\nINJECTED "') : text,
    ],
    'quoted words': (path, text) => [path, text.replace(/(["'])([\w./-]+)\1/g, '$1$2\nINJECTED $1')],
  };
  for (const [what, change] of Object.entries(hostile)) {
    test(what, () => {
      for (const { text, files = {} } of samples) {
        const changed = Object.entries(files).map(([path, content]) => change(path, content));
        const texts = written(text, { ...files, ...Object.fromEntries(changed) });
        assert.deepEqual(
          texts.filter((one) => /^INJECTED/m.test(one)),
          [],
          text,
        );
      }
    });
  }
});

test('the pattern of a path stands for this path, whatever it is called', () => {
  for (const path of ['a', '*.key', 'a[b].pem', '!a', '#a', 'a\\b', ' a ', 'a\nb', 'x/?', 'config/*']) {
    const pattern = compilePattern(cleanPath(literalPattern(path)));
    assert.ok(typeof pattern === 'object' && pattern.matches(path), path);
    assert.ok(!pattern.matches('other') && !pattern.matches('x/other'), path);
  }
  const texts = written('FROM node:22\nCOPY . .\nCMD ["node", "server.js"]\n', {
    'package.json': '{}',
    '*.key': '-----BEGIN PRIVATE KEY-----\nMII\n',
  });
  assert.ok(texts.some((text) => text.includes('\\*.key\n')));
  assert.ok(!texts.some((text) => /^\*\.key$/m.test(text)));
});

test('words that every object has are no scripts, dependencies or properties', () => {
  for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    for (const start of [
      `npm run ${word}`,
      `npm ${word}`,
      `node ${word}`,
      `mvn ${word}`,
      `bundle exec ${word}`,
    ]) {
      const text = `FROM node:22\nCOPY . .\nRUN npm ci && npm run ${word} && pip install ${word}\nCMD ${start}\n`;
      const { failures } = analyze(
        inputFor(text, {
          'package.json': `{"scripts": {"${word}": "node a.js"}, "devDependencies": {"husky": "8.0.3", "${word}": "1"}}`,
          'pom.xml': `<project><properties><a>1</a></properties><version>\${${word}}</version></project>`,
        }),
      );
      assert.deepEqual(failures, [], text);
    }
  }
});

test('values that are no texts are passed over', () => {
  const odd = '{ toString: 1 }';
  const { failures } = analyze(
    inputFor('FROM node:22\nCOPY . .\nCMD node a.js\n', {
      'compose.yaml': `services: { a: { build: ., image: ${odd}, command: [${odd}], environment: [${odd}], user: ${odd} } }\n`,
      'pod.yaml': `kind: Pod\nspec: { containers: [{ name: ${odd}, image: ${odd}, env: [{ name: a, value: ${odd} }] }] }\n`,
      'play.yaml': `- tasks: [{ docker_container: { name: ${odd}, image: ${odd}, env: { A: ${odd} }, user: ${odd}, volumes: [${odd}] } }]\n`,
      '.github/workflows/ci.yml': `jobs: { a: { steps: [{ uses: ${odd}, with: { context: ${odd} } }] } }\n`,
      'docker-bake.json': '{"target": {"a": {"inherits": [{"toString": 1}], "context": "."}}}',
      'package.json':
        '{"scripts": {"build": {"toString": 1}, "start": [{"toString": 1}]}, "name": {"toString": 1}}',
    }),
  );
  assert.deepEqual(failures, []);
});

describe('a fix leaves no line that reads like an instruction of its own', () => {
  const cases: Readonly<Record<string, string>> = {
    'a word that is left at the start': 'FROM nginx:1\nRUN \\\nsudo USER n\n',
    'a word that is gone on with': 'FROM debian:12\nRUN apt-get update \\\nCOPY',
    'a keyword below a lone escape character': 'FROM debian:12\n\\\nenv o ""\n',
    'an argument that is an option': 'FROM debian:12\nRUN <<EOF\ncd --\nEOF\n',
    'a name with a mark that is no white space': 'FROM debian:12\nENV B\ufeff D\n',
  };
  for (const [name, text] of Object.entries(cases)) {
    test(name, () => {
      const before = parseDockerfile(text).problems.length;
      for (const after of written(text, {})) {
        assert.ok(parseDockerfile(after).problems.length <= before, after);
      }
    });
  }
});
