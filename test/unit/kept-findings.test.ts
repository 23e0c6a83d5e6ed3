import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { createKeptFindings } from '../../server/src/engine/kept-findings.ts';
import type { Report } from '../../server/src/engine/report.ts';
import { rules } from '../../server/src/rules/index.ts';
import type { Problem } from '../../server/src/rules/rule.ts';
import { below, pick, type Random, randomFrom } from '../fuzz/random.ts';
import { readSamples } from '../fuzz/samples.ts';
import { inputFor } from '../support/engine.ts';

/** Every so many-th fixture is edited; `EVERY=1` edits all. */
const every = Number(process.env['EVERY'] ?? 8);
const edits = 6;

test('while somebody types, the report is that of the text alone', () => {
  const random = randomFrom(20_261_201);
  const first = below(every, random);
  for (const { text, files } of readSamples().filter((_, i) => i % every === first)) {
    const input = inputFor(text, files);
    const kept = createKeptFindings();
    analyze(input, kept);
    let typed = text;
    for (let i = 0; i < edits; i++) {
      typed = edited(typed, random);
      const after = { ...input, text: typed };
      assert.deepEqual(plain(analyze(after, kept)), plain(analyze(after)), JSON.stringify([text, typed]));
    }
  }
});

test('a letter in a comment asks no rule again but those that read comments', () => {
  const text = '# Notes\nFROM node:22\nWORKDIR /app\n# All of it\nCOPY . .\nRUN npm install\nCMD npm start\n';
  const input = inputFor(text, { 'package.json': '{}' });
  const kept = createKeptFindings();
  const before = analyze(input, kept);
  const asked = new Set<string>();
  for (const rule of rules) {
    const { check } = rule;
    mock.method(rule, 'check', (...args: Parameters<typeof check>) => {
      asked.add(rule.meta.id);
      return check.apply(rule, args);
    });
  }
  const after = analyze({ ...input, text: text.replace('Notes', 'Notes for all\n\n# of us') }, kept);
  mock.restoreAll();
  assert.deepEqual(
    [...asked],
    rules.filter(({ meta }) => meta.readsComments && meta.enabled).map(({ meta }) => meta.id),
  );
  assert.ok(after.problems.length > 2);
  assert.deepEqual(
    after.problems.map(({ message }) => message),
    before.problems.map(({ message }) => message),
  );
});

test('files, settings and days that change are looked at', () => {
  const text = 'FROM node:22\n# All of it\nCOPY . .\nRUN npm install\n';
  const kept = createKeptFindings();
  const input = inputFor(text, { 'package.json': '{}' });
  analyze(input, kept);
  for (const changed of [
    inputFor(text, { 'package.json': '{}', '.dockerignore': '*' }),
    { ...input, today: '2030-01-01' },
    { ...input, config: { rules: { 'heavier-base-than-needed': 'off' as const } } },
  ]) {
    assert.deepEqual(plain(analyze(changed, kept)), plain(analyze(changed)));
  }
});

/** A text after one edit, most often between instructions. */
function edited(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = below(lines.length, random);
  const line = lines[at] ?? '';
  const comments = lines.flatMap((one, i) => (one.trimStart().startsWith('#') ? [i] : []));
  switch (below(6, random)) {
    case 0:
      return lines.toSpliced(at, 0, pick(typed, random)).join('\n');
    case 1:
      return lines.toSpliced(at, 0, '').join('\n');
    case 2: {
      const comment = comments.length === 0 ? at : pick(comments, random);
      return lines.with(comment, `${lines[comment]}${pick(letters, random)}`).join('\n');
    }
    case 3:
      return comments.length === 0 ? `${text}\n` : lines.toSpliced(pick(comments, random), 1).join('\n');
    case 4: {
      const column = below(line.length + 1, random);
      return lines
        .with(at, line.slice(0, column) + pick(letters, random) + line.slice(column + below(2, random)))
        .join('\n');
    }
    default:
      return line.trim() === '' ? lines.toSpliced(at, 1).join('\n') : text.replaceAll('\n\n', '\n');
  }
}

const typed = [
  '# a note',
  '#',
  '# ballast ignore=all',
  '# ballast global ignore=runs-as-root',
  '# hadolint shell=powershell',
  '# check=skip=all',
  '# escape=`',
  '# syntax=docker/dockerfile:1',
  '  # VERSION of it',
  '\\',
  'EOF',
];

const letters = ['x', ' ', '#', '\\', '=', '\n', '"', '$', '&'];

/** Everything of a report that is shown, worked out. */
function plain({ problems, suppressed, syntax, failures }: Report): object {
  const whole = ({ fixes, ...problem }: Problem): object => ({ ...problem, fixes: structuredClone(fixes) });
  return { problems: problems.map(whole), suppressed: suppressed.map(whole), syntax, failures };
}
