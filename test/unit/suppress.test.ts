import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { ignoreEdit } from '../../server/src/engine/suppress.ts';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { inputFor } from '../support/engine.ts';

/** The text after the quick fix that silences the problem of a rule, which must be silent then. */
function silenced(text: string, rule: string): string {
  const problem = analyze(inputFor(text)).problems.find((one) => one.rule === rule);
  assert.ok(problem, `${rule} is found`);
  const edit = ignoreEdit(parseDockerfile(text), problem);
  assert.ok(edit);
  const after = applyEdits(text, [edit]);
  assert.ok(
    !analyze(inputFor(after)).problems.some((one) => one.rule === rule),
    `${rule} is silent\n${after}`,
  );
  return after;
}

describe('the quick fix that silences a rule', () => {
  const rest = 'MAINTAINER me\n';
  const head = 'FROM scratch\n';
  const cases: readonly (readonly [string, string, string])[] = [
    ['nothing yet', '', '# ballast ignore=maintainer-instruction\n'],
    [
      'a comment of Ballast',
      '# ballast ignore=runs-as-root\n',
      '# ballast ignore=runs-as-root,maintainer-instruction\n',
    ],
    ['a comment of hadolint', '# hadolint ignore=DL3002\n', '# hadolint ignore=DL3002,DL4000\n'],
    ['a check comment', '# check=skip=UndefinedVar\n', '# check=skip=UndefinedVar,MaintainerDeprecated\n'],
    [
      'a check comment with more behind it',
      '# check=skip=UndefinedVar;error=true because\n',
      '# check=skip=UndefinedVar,MaintainerDeprecated;error=true because\n',
    ],
    [
      'a check comment that skips nothing',
      '# check=error=true\n',
      '# check=error=true\n# ballast ignore=maintainer-instruction\n',
    ],
    ['other comments', '# hadolint ignore=DL3002\n# why\n', '# hadolint ignore=DL3002,DL4000\n# why\n'],
  ];
  for (const [title, before, after] of cases) {
    test(`where there is ${title}`, () => {
      assert.equal(silenced(head + before + rest, 'maintainer-instruction'), head + after + rest);
    });
  }

  test('puts a rule without a name there into a comment of its own', () => {
    const text = 'FROM debian:13-slim\n# hadolint ignore=DL3002\nRUN curl -fsSL https://example.com | sh\n';
    assert.match(
      silenced(text, 'download-piped-to-shell'),
      /^# hadolint ignore=DL3002\n# ballast ignore=download-piped-to-shell\nRUN/m,
    );
  });
});

describe('the comments of hadolint', () => {
  const rulesOf = (text: string): string[] => analyze(inputFor(text)).problems.map((one) => one.rule);

  test('silence a stage from the line above its FROM', () => {
    const stage = (name: string) => `FROM debian:13-slim AS ${name}\nMAINTAINER me\nRUN sudo ls\n`;
    const count = (text: string): number => rulesOf(text).filter((one) => one === 'sudo-in-run').length;
    assert.equal(count(stage('a') + stage('b')), 2);
    for (const comment of [
      '# hadolint stage ignore=DL3004\n',
      '#hadolint  stage  ignore = DL4000,DL3004\n# the reason\n',
      '# ballast stage ignore=sudo-in-run\n',
    ]) {
      assert.equal(count(comment + stage('a') + stage('b')), 1, comment);
      assert.equal(count(stage('a') + comment + stage('b')), 1, comment);
    }
    assert.equal(count(`FROM debian:13-slim AS a\n# hadolint stage ignore=DL3004\nRUN sudo ls\n`), 1);
    assert.equal(count(`# hadolint stage ignore=DL3002\n${stage('a')}`), 1);
  });

  test('name the shell of an image', () => {
    const text = (comment: string): string =>
      `FROM example.com/windows\n${comment}RUN apt-get install curl\n`;
    assert.ok(rulesOf(text('')).includes('install-asks-for-confirmation'));
    assert.ok(!rulesOf(text('# hadolint shell=powershell\n')).includes('install-asks-for-confirmation'));
    assert.ok(
      !rulesOf(text('# hadolint shell = pwsh # of the base\n')).includes('install-asks-for-confirmation'),
    );
    assert.ok(rulesOf(text('# hadolint shell=bash\n')).includes('install-asks-for-confirmation'));
    const next = `${text('# hadolint shell=powershell\n')}RUN apt-get install curl\nFROM debian:13-slim\nRUN apt-get install curl\n`;
    assert.equal(rulesOf(next).filter((one) => one === 'install-asks-for-confirmation').length, 1);
  });
});
