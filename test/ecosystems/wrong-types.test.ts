/** Manifests whose values have other types than they should: no rule fails, and what is missing is not made up. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { analyze } from '../../server/src/engine/analyze.ts';
import { inputFor } from '../support/engine.ts';
import { type FixtureCase, readFixtures } from '../support/fixture.ts';

const rules = join(import.meta.dirname, '..', 'fixtures', 'rules');
const cases = readdirSync(rules).flatMap((name) => readFixtures(readFileSync(join(rules, name), 'utf8')));

/** The first project of the fixtures that has a file of this name with this text in it. */
function projectWith(name: string, needle: string): FixtureCase {
  const found = cases.find(({ files }) => files?.[name]?.includes(needle) === true);
  assert.ok(found, `a fixture has ${name} with ${needle}`);
  return found;
}

const wrong: readonly unknown[] = [
  null,
  7,
  'x',
  [],
  {},
  [null],
  [{ a: null }],
  { a: null },
  { a: { a: [null] } },
];

/** Every text that one value of another type makes of a value. */
function* retyped(value: unknown): Generator<unknown> {
  yield* wrong;
  if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      for (const other of retyped(one)) {
        yield Array.isArray(value)
          ? value.map((was: unknown, i) => (String(i) === key ? other : was))
          : { ...value, [key]: other };
      }
    }
  }
}

for (const [name, needle] of [
  ['angular.json', 'architect'],
  ['composer.lock', '"bin"'],
  ['composer.json', 'post-install-cmd'],
  ['package.json', 'workspaces'],
  ['package-lock.json', '"packages"'],
  ['tsconfig.json', 'outDir'],
  ['pnpm-workspace.yaml', 'packages'],
  ['pubspec.yaml', 'dependencies'],
  ['deno.json', 'tasks'],
  ['compose.yaml', 'services'],
] as const) {
  test(`${name} with values of other types`, () => {
    const { text, files, executable } = projectWith(name, needle);
    const value: unknown = parse(files?.[name] ?? '');
    for (const other of ['', ...[...retyped(value)].map((one) => JSON.stringify(one))]) {
      const report = analyze(inputFor(text, { ...files, [name]: other }, executable));
      assert.ok(report.problems.every(({ fixes }) => fixes.length >= 0));
      assert.ok(report.checklist.length >= 0 && report.image.stages.length >= 0);
      assert.deepEqual(report.failures, [], other);
    }
  });
}
