import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AnalysisInput, analyze } from '../../server/src/engine/analyze.ts';
import { fixAll } from '../../server/src/engine/apply.ts';
import type { Report } from '../../server/src/engine/report.ts';
import { rules } from '../../server/src/rules/index.ts';
import type { Problem } from '../../server/src/rules/rule.ts';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { inputFor } from '../support/engine.ts';
import { drawMarks, type FixtureCase, type Mark, readFixtures, rewriteCase } from '../support/fixture.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'rules');
const isUpdate = process.env['UPDATE'] === '1';
/** Part of the names of the fixture files to run, from `npm test -- unit NAME`; empty for all of them. */
const wanted = process.env['FIXTURES'] ?? '';

for (const name of readdirSync(folder).filter((file) => file.endsWith('.md') && file.includes(wanted))) {
  // A rule with many cases has a file for each topic: `<rule>.<topic>.md`.
  const rule = name.replace(/\..*$/, '');
  const path = join(folder, name);
  for (const fixture of readFixtures(readFileSync(path, 'utf8'))) {
    test(`${rule}: ${fixture.title}`, () => {
      if (isUpdate) {
        writeFileSync(path, updated(readFileSync(path, 'utf8'), rule, fixture));
        return;
      }
      checkExpectations(rule, fixture);
      checkFixes(fixture);
      checkVariants(rule, fixture);
      checkPrefixes(fixture);
    });
  }
}

/** Only the rule that the file is about may speak; the invariants look at all of them. */
function only(rule: string, input: AnalysisInput): AnalysisInput {
  const off = Object.fromEntries(
    rules.filter((one) => one.meta.id !== rule).map((one) => [one.meta.id, 'off' as const]),
  );
  // A rule that is off by itself is switched on for its own cases.
  const own = rules.find((one) => one.meta.id === rule && !one.meta.enabled)?.meta;
  const on = own === undefined ? {} : { [own.id]: own.severity };
  return { ...input, config: { ...input.config, rules: { ...off, ...on } } };
}

function problemsOf(rule: string, input: AnalysisInput): readonly Problem[] {
  const report = analyze(only(rule, input));
  askForEverything(report);
  assert.deepEqual(report.failures, [], 'no rule throws');
  return report.problems;
}

/** What is worked out when somebody asks for it must not throw either. */
function askForEverything({ problems, suppressed, checklist, image }: Report): void {
  assert.ok([...problems, ...suppressed].every((problem) => problem.fixes.length >= 0));
  assert.ok(checklist.length >= 0 && image.stages.length >= 0);
}

function toMarks(text: string, problems: readonly Problem[], expected: readonly Mark[]): Mark[] {
  const lines = new LineIndex(text);
  return problems.map((problem, i) => {
    const start = lines.positionAt(problem.span.start);
    const end = lines.positionAt(problem.span.end);
    assert.equal(start.line, end.line, `the span of “${problem.message}” stays on one line`);
    const part = expected[i]?.message;
    return {
      line: start.line,
      start: start.character,
      length: Math.max(1, end.character - start.character),
      rule: problem.rule,
      fix: problem.fixes[0]?.applicability,
      // A part of the message is enough to expect; what stands in the fixture is kept when it still fits.
      message:
        part !== undefined && problem.message.includes(part) ? part : isUpdate ? undefined : problem.message,
    };
  });
}

function withFullMessage(marks: readonly Mark[], problems: readonly Problem[]): Mark[] {
  return marks.map((mark, i) => ({ ...mark, message: mark.message ?? problems[i]?.message }));
}

function checkExpectations(rule: string, fixture: FixtureCase): void {
  const input = inputFor(fixture.text, fixture.files, fixture.executable);
  const problems = problemsOf(rule, input);
  const marks = toMarks(fixture.text, problems, fixture.marks).map((mark, i) =>
    fixture.marks[i]?.message === undefined ? { ...mark, message: undefined } : mark,
  );
  assert.equal(drawMarks(fixture.text, marks), drawMarks(fixture.text, fixture.marks));
  for (const [key, text] of fixture.after) {
    assert.equal(afterFix(rule, input, problems, key), text, `text after ${key}`);
  }
  problems.forEach((problem, i) => {
    assert.equal(
      fixture.after.has(String(i + 1)),
      problem.fixes.length > 0,
      `problem ${i + 1} has a fix exactly when there is an “after” block for it`,
    );
  });
  const files = new Map(
    problems.flatMap((problem) => problem.fixes[0]?.files ?? []).map((file) => [file.path, file.after]),
  );
  assert.deepEqual(Object.fromEntries(files), Object.fromEntries(fixture.afterFiles));
}

function afterFix(rule: string, input: AnalysisInput, problems: readonly Problem[], key: string): string {
  if (key === 'all') {
    return fixAll(only(rule, input), 'review').text;
  }
  const fix = problems[Number(key) - 1]?.fixes[0];
  assert.ok(fix, `problem ${key} has a fix`);
  return applyEdits(input.text, fix.edits);
}

function commentsOf(text: string): string[] {
  return parseDockerfile(text)
    .comments.map((comment) => comment.text)
    .sort();
}

/** Every fix of every rule: no new syntax error, the problem gone, nothing worse, every comment still there. */
function checkFixes(fixture: FixtureCase): void {
  const input = inputFor(fixture.text, fixture.files, fixture.executable);
  const report = analyze(input);
  for (const problem of report.problems) {
    for (const fix of problem.fixes) {
      const text = applyEdits(input.text, fix.edits);
      const files = { ...fixture.files };
      for (const file of fix.files ?? []) {
        files[file.path] = file.after;
      }
      const after = analyze(
        inputFor(text, fixture.files === undefined ? undefined : files, fixture.executable),
      );
      const what = `${problem.rule}: ${fix.title}\n${text}`;
      assert.ok(after.syntax.length <= report.syntax.length, `no new syntax error\n${what}`);
      const count = (problems: readonly Problem[]): number =>
        problems.filter((one) => one.rule === problem.rule).length;
      assert.ok(count(after.problems) < count(report.problems), `the problem is gone\n${what}`);
      const errors = (problems: readonly Problem[]): number =>
        problems.filter((one) => one.severity === 'error').length;
      assert.ok(errors(after.problems) <= errors(report.problems), `no new error\n${what}`);
      const left = commentsOf(text);
      for (const comment of commentsOf(fixture.text)) {
        assert.ok(left.includes(comment), `the comment “${comment}” survives\n${what}`);
      }
    }
  }
  const all = fixAll(input, 'review');
  const files = { ...fixture.files, ...Object.fromEntries(all.files.map((file) => [file.path, file.after])) };
  const again = fixAll(
    inputFor(all.text, fixture.files === undefined ? undefined : files, fixture.executable),
    'review',
  );
  assert.equal(again.text, all.text, 'fix-all reaches a fixed point');
}

/** Rules about the case of keywords, which have other things to say when it changes. */
const aboutCase = ['as-keyword-casing-differs', 'mixed-instruction-casing'];

/** The same file in another dress gives the same problems. */
function checkVariants(rule: string, fixture: FixtureCase): void {
  const describe = (text: string): string[] =>
    problemsOf(rule, inputFor(text, fixture.files, fixture.executable)).map(
      (problem) =>
        `${problem.message} | ${problem.fixes.map((fix) => `${fix.applicability} ${fix.title}`).join(', ')}`,
    );
  const plain = describe(fixture.text);
  const variants: Record<string, string> = {
    'CRLF line breaks': fixture.text.replaceAll('\n', '\r\n'),
    'no final line break': fixture.text.replace(/\n$/, ''),
    ...(aboutCase.includes(rule) ? {} : { 'lower-case keywords': lowerCase(fixture.text) }),
    'behind an unrelated stage': behindOtherStage(fixture.text),
  };
  if (!/^# *escape|<<|\\[^\n]/m.test(fixture.text) && !fixture.text.includes('`')) {
    variants['the backtick as escape'] = `# escape=\`\n${fixture.text.replaceAll('\\\n', '`\n')}`;
  }
  for (const [name, text] of Object.entries(variants)) {
    assert.deepEqual(describe(text), plain, `${name}\n${text}`);
    for (const problem of problemsOf(rule, inputFor(text, fixture.files, fixture.executable))) {
      for (const fix of problem.fixes) {
        const after = applyEdits(text, fix.edits);
        assert.deepEqual(
          parseDockerfile(after).problems.map((one) => one.message),
          parseDockerfile(text).problems.map((one) => one.message),
          `${name}: a fix adds no syntax error\n${after}`,
        );
        if (name.startsWith('CRLF')) {
          assert.ok(!/[^\r]\n/.test(after), `a fix keeps the line breaks\n${JSON.stringify(after)}`);
        }
      }
    }
  }
}

function lowerCase(text: string): string {
  const syntax = parseDockerfile(text);
  const spans = syntax.instructions.flatMap((instruction) =>
    instruction.trigger === undefined
      ? [instruction.keywordSpan]
      : [instruction.keywordSpan, instruction.trigger.keywordSpan],
  );
  return applyEdits(
    text,
    spans.map((span) => ({ span, text: text.slice(span.start, span.end).toLowerCase() })),
  );
}

/** Puts a stage in front that nothing uses; directives and ARGs of the head stay first. */
function behindOtherStage(text: string): string {
  const syntax = parseDockerfile(text);
  const first = syntax.instructions.find((instruction) => instruction.keyword === 'FROM');
  const at = first?.span.start ?? text.length;
  const stage = 'FROM scratch AS unrelated-stage';
  const isLower = text.startsWith('from', at);
  return `${text.slice(0, at)}${isLower ? stage.toLowerCase() : stage}\n\n${text.slice(at)}`;
}

/** Whatever has been typed so far, nothing throws. */
function checkPrefixes(fixture: FixtureCase): void {
  for (const end of placesToStop(fixture.text)) {
    const report = analyze(inputFor(fixture.text.slice(0, end), fixture.files, fixture.executable));
    askForEverything(report);
    assert.deepEqual(report.failures, [], `the first ${end} characters`);
  }
}

/**
 * Where a typed text is looked at: at the end of each line, in the middle of its first word and of its last, and behind
 * whatever opens something that is not closed yet. A longer file is looked at in fewer of these places.
 */
function placesToStop(text: string): number[] {
  const places = new Set<number>();
  for (const { 0: line, index } of text.matchAll(/.+/g)) {
    const words = [...line.matchAll(/\S+/g)];
    for (const word of [words[0], words.at(-1)]) {
      places.add(index + (word?.index ?? 0) + Math.ceil((word?.[0].length ?? 0) / 2));
    }
    for (const opened of line.matchAll(/["'$`({[=]|<<|--/g)) {
      places.add(index + opened.index + opened[0].length);
    }
    places.add(index + line.length);
  }
  const all = [...places].sort((a, b) => a - b);
  const step = Math.max(1, Math.floor(all.length / mostPlaces));
  return all.filter((_, i) => i % step === 0);
}

const mostPlaces = 40;

function updated(markdown: string, rule: string, fixture: FixtureCase): string {
  const input = inputFor(fixture.text, fixture.files, fixture.executable);
  const problems = problemsOf(rule, input);
  const marks = withFullMessage(toMarks(fixture.text, problems, fixture.marks), problems);
  const after = new Map<string, string>();
  problems.forEach((problem, i) => {
    const fix = problem.fixes[0];
    if (fix !== undefined) {
      after.set(String(i + 1), applyEdits(fixture.text, fix.edits));
    }
  });
  if (fixture.after.has('all')) {
    after.set('all', fixAll(only(rule, input), 'review').text);
  }
  const files = new Map(
    problems.flatMap((problem) => problem.fixes[0]?.files ?? []).map((file) => [file.path, file.after]),
  );
  return rewriteCase(markdown, fixture.title, drawMarks(fixture.text, marks), after, files);
}
