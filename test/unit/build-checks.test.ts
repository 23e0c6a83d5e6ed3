import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { buildCheckNames } from '../../server/src/rules/build-checks.ts';
import { ruleById, rules } from '../../server/src/rules/index.ts';
import type { Problem } from '../../server/src/rules/rule.ts';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { inputFor, projectOf } from '../support/engine.ts';
import data from '../syntax/data/build-check-cases.json' with { type: 'json' };

/** One text with what BuildKit's checks say of it; see ../syntax/make-cases.md. */
interface Case {
  readonly group: string;
  readonly text: string;
  /** Name of the check and the line BuildKit gives. */
  readonly found?: readonly (readonly [string, number])[];
  /** BuildKit refuses the file, and so does not look at all of it. */
  readonly stops?: true;
}

const cases = data.cases as unknown as readonly Case[];

/** The checks of `docker build --check` as of BuildKit 0.34. */
const checks = [
  'StageNameCasing',
  'FromAsCasing',
  'NoEmptyContinuation',
  'ConsistentInstructionCasing',
  'DuplicateStageName',
  'ReservedStageName',
  'JSONArgsRecommended',
  'MaintainerDeprecated',
  'UndefinedArgInFrom',
  'WorkdirRelativePath',
  'UndefinedVar',
  'MultipleInstructionsDisallowed',
  'LegacyKeyValueFormat',
  'InvalidBaseImagePlatform',
  'RedundantTargetPlatform',
  'SecretsUsedInArgOrEnv',
  'InvalidDefaultArgInFrom',
  'FromPlatformFlagConstDisallowed',
  'CopyIgnoredFile',
  'InvalidDefinitionDescription',
  'ExposeProtoCasing',
  'ExposeInvalidFormat',
];

test('every check has a rule', () => {
  const names = new Set(rules.flatMap((rule) => buildCheckNames(rule.meta)));
  assert.deepEqual(
    checks.filter((name) => !names.has(name)),
    [],
  );
  assert.deepEqual(
    [...names].filter((name) => !checks.includes(name)),
    [],
  );
});

for (const group of new Set(cases.map((one) => one.group))) {
  describe(`the verdicts of BuildKit, ${group}`, () => {
    for (const one of cases.filter((candidate) => candidate.group === group)) {
      test(JSON.stringify(one.text), () => compare(one));
    }
  });
}

function compare({ text, found = [], stops }: Case): void {
  const { instructions } = parseDockerfile(text);
  const at = (offset: number): number => instructions.findLastIndex((one) => one.span.start <= offset);
  const starts = text
    .split('\n')
    .map((_, line, all) => all.slice(0, line).join('\n').length + (line > 0 ? 1 : 0));
  const report = analyze(inputFor(text));
  // Where no argument decides the name, Ballast calls it what it is: an error.
  const refused = new Set(report.syntax.map((problem) => at(problem.span.start)));
  const wanted = new Set(
    found
      .map(([name, line]) => ({ name, instruction: at((starts[line] ?? text.length + 1) - 1) }))
      .filter((one) => one.name !== 'InvalidDefaultArgInFrom' || !refused.has(one.instruction))
      .map((one) => `${one.name} in instruction ${one.instruction}`),
  );
  const given = new Set(
    report.problems.flatMap((problem) =>
      namesOf(problem).map((name) => {
        // What is said of a comment is said of the instruction below it.
        const isComment = text.startsWith('#', problem.span.start);
        return `${name} in instruction ${at(problem.span.start) + (isComment ? 1 : 0)}`;
      }),
    ),
  );
  const missing = [...wanted].filter((one) => !given.has(one));
  const added = [...given].filter((one) => !wanted.has(one));
  assert.deepEqual(missing, [], 'BuildKit says it, Ballast does not');
  if (stops === undefined) {
    assert.deepEqual(added, [], 'Ballast says it, BuildKit does not');
  }
}

function namesOf(problem: Problem): string[] {
  const meta = ruleById(problem.rule)?.meta;
  return meta === undefined || problem.isBeyondCheck === true ? [] : buildCheckNames(meta);
}

test('an ignored source is found as BuildKit finds it', () => {
  const names = (text: string, ignore: string): string[] => {
    const project = projectOf({ '.dockerignore': ignore, 'a/b': '', c: '' });
    return analyze({ ...inputFor(text), project })
      .problems.filter((problem) => problem.rule === 'copied-path-ignored')
      .map((problem) => text.slice(problem.span.start, problem.span.end));
  };
  assert.deepEqual(names('FROM scratch\nCOPY c /\nADD a/b /\n', 'c\na\n'), ['c', 'a/b']);
  assert.deepEqual(names('FROM scratch\nCOPY . /\n', '*\n'), ['.']);
  assert.deepEqual(names('FROM scratch\nCOPY . /\n', 'c\n'), []);
  assert.deepEqual(names('FROM scratch AS x\nFROM scratch\nCOPY --from=x c /\n', 'c\n'), []);
});

test('`# check=error=true` makes errors of BuildKit’s checks alone', () => {
  const text = '# check=error=true\nFROM alpine:3.22 as a\nRUN sudo true\n';
  const severities = new Map(analyze(inputFor(text)).problems.map((one) => [one.rule, one.severity]));
  assert.equal(severities.get('as-keyword-casing-differs'), 'error');
  assert.equal(severities.get('sudo-in-run'), 'warning');
});

test('`# check=skip=JSONArgsRecommended` hides no RUN that cannot run', () => {
  const text = '# check=skip=JSONArgsRecommended\nFROM scratch\nRUN echo\nCMD echo\n';
  const found = analyze(inputFor(text)).problems.filter((one) => one.rule === 'shell-needed-but-absent');
  assert.deepEqual(
    found.map((one) => text.slice(one.span.start, one.span.end)),
    ['RUN'],
  );
});

test('`# check=skip=all` silences BuildKit’s checks alone', () => {
  const text = '# check=skip=all\nFROM alpine:3.22 as a\nRUN sudo true\n';
  const found = analyze(inputFor(text)).problems.map((one) => one.rule);
  assert.ok(!found.includes('as-keyword-casing-differs'));
  assert.ok(found.includes('sudo-in-run'));
});
