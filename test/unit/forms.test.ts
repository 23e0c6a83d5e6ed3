import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { argumentText, type Instruction } from '../../server/src/syntax/tree.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { inputFor } from '../support/engine.ts';
import { type FixtureCase, readFixtures } from '../support/fixture.ts';

/** Every fix of every rule, tried on other forms of the instructions that it may change. */

const folder = join(import.meta.dirname, '..', 'fixtures', 'rules');

/** Words that can be written as a list without a change of meaning. */
const plainCommand = /^[\w@%+:,./-]+(?: [\w@%+=:,./-]+)*$/;

function plainRuns(text: string): Instruction[] {
  return parseDockerfile(text).instructions.filter(
    (one) =>
      one.keyword === 'RUN' &&
      one.form === 'shell' &&
      one.heredocs.length === 0 &&
      plainCommand.test(argumentText(one)) &&
      !text.slice(one.span.start, one.span.end).includes('\n'),
  );
}

/** The same text with each plain RUN in another form. */
function rewritten(text: string, write: (command: string) => string): string | undefined {
  const runs = plainRuns(text);
  const edits = runs.map((one) => {
    const { line, argumentsStart, argumentsEnd } = one;
    return { span: line.sourceSpan(argumentsStart, argumentsEnd), text: write(argumentText(one)) };
  });
  return edits.length === 0 ? undefined : applyEdits(text, edits);
}

const forms: Readonly<Record<string, (text: string) => string | undefined>> = {
  'exec form': (text) => rewritten(text, (command) => JSON.stringify(command.split(' '))),
  'a shell in exec form': (text) => rewritten(text, (command) => JSON.stringify(['sh', '-c', command])),
  heredoc: (text) => rewritten(text, (command) => `<<EOF\nset -e\n${command}\nEOF`),
  'a continuation at the end': (text) => {
    const last = parseDockerfile(text).instructions.at(-1);
    return last?.keyword === 'RUN' && last.heredocs.length === 0 ? `${text.trimEnd()} \\\n` : undefined;
  },
};

/** RUNs in exec form stay lists; what was understood is still understood. */
function check(fixture: FixtureCase, form: string, text: string): void {
  const files = fixture.files;
  const report = analyze(inputFor(text, files, fixture.executable));
  assert.deepEqual(report.failures, []);
  const before = parseDockerfile(text);
  for (const problem of report.problems) {
    for (const fix of problem.fixes) {
      const after = applyEdits(text, fix.edits);
      const what = `${form}: ${problem.rule}: ${fix.title}\n${after}`;
      const read = parseDockerfile(after);
      assert.ok(read.problems.length <= before.problems.length, `no new syntax error\n${what}`);
      for (const one of read.instructions) {
        const isList = /^\s*\[\s*"/.test(argumentText(one));
        assert.ok(!isList || one.keyword !== 'RUN' || one.form === 'json', `a list stays a list\n${what}`);
      }
    }
  }
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
  test(`fixes fit the forms of the instructions they change: ${name}`, () => {
    for (const fixture of readFixtures(readFileSync(join(folder, name), 'utf8'))) {
      for (const [form, write] of Object.entries(forms)) {
        const text = write(fixture.text);
        if (text !== undefined) {
          check(fixture, form, text);
        }
      }
    }
  });
}
