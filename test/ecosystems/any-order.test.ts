import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { inputFor } from '../support/engine.ts';

/** The quick fixes that make the example project's Dockerfile a good one; a user may take them in any order. */
const quickFixes = [
  'sources-copied-before-install',
  'runs-as-root',
  'healthcheck-missing',
  'single-stage-build',
] as const;

const example = join(import.meta.dirname, '..', '..', 'examples', 'node-service');
const original = readFileSync(join(example, 'Dockerfile'), 'utf8');

for (const order of permutations(quickFixes)) {
  test(order.join(', '), () => {
    const { text, files } = take(order);
    const after = analyze(inputFor(text, files));
    assert.deepEqual(
      after.problems.map((problem) => problem.rule).filter((rule) => quickFixes.includes(rule as never)),
      [],
      text,
    );
    assert.deepEqual(after.syntax, []);
    checkShape(text);
  });
}

/** Takes the first fix of each rule in the given order, the next one always on the text that the last one left. */
function take(order: readonly string[]): { text: string; files: Record<string, string> } {
  const files = filesBelow(example);
  let text = original;
  for (const rule of order) {
    const problem = analyze(inputFor(text, files)).problems.find((one) => one.rule === rule);
    const fix = problem?.fixes[0];
    // A conversion leaves nothing to reorder, and no root: those have no fix to take behind it.
    assert.ok(fix !== undefined || problem === undefined, `${rule} has a fix\n${text}`);
    text = fix === undefined ? text : applyEdits(text, fix.edits);
    for (const file of fix?.files ?? []) {
      files[file.path] = file.after;
    }
  }
  return { text, files };
}

function checkShape(text: string): void {
  const syntax = parseDockerfile(text);
  const keywords = syntax.instructions.map((instruction) => instruction.keyword);
  const lines = text.split('\n');
  assert.equal(keywords.filter((keyword) => keyword === 'FROM').length, 2, text);
  const final = keywords.slice(keywords.lastIndexOf('FROM'));
  for (const keyword of ['USER', 'HEALTHCHECK', 'CMD']) {
    assert.equal(final.filter((one) => one === keyword).length, 1, `one ${keyword}\n${text}`);
  }
  assert.ok(
    final.indexOf('USER') > final.lastIndexOf('COPY'),
    `USER stands behind what root writes\n${text}`,
  );
  assert.ok(lines.includes('USER 1000'), text);
  const manifests = lines.findIndex((line) => /^COPY package\.json package-lock\.json \.\/$/.test(line));
  const install = lines.findIndex((line) => /^(?:RUN| +)\s*npm ci$/.test(line));
  const sources = lines.findIndex((line) => /^COPY \. \.$/.test(line));
  assert.ok(
    manifests >= 0 && manifests < install && install < sources,
    `manifests, install, sources\n${text}`,
  );
  for (const comment of parseDockerfile(original).comments) {
    assert.equal(
      syntax.comments.filter((one) => one.text === comment.text).length,
      1,
      `“${comment.text}” stands there once\n${text}`,
    );
  }
  assert.equal(lines.filter((line) => line.startsWith('ENV NODE_ENV')).length, 1, text);
  assert.doesNotMatch(text, /\n\n\n/, 'no two blank lines in a row');
  for (const [i, line] of lines.entries()) {
    const isGlued = line.startsWith('USER') && lines[i + 1]?.startsWith('#') === true;
    assert.ok(!isGlued, `USER does not stand between a comment and what it speaks of\n${text}`);
    const isOrphan = line.startsWith('#') && ['', undefined].includes(lines[i + 1]);
    assert.ok(!isOrphan, `the comment “${line}” stands above an instruction\n${text}`);
  }
}

function filesBelow(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const full = join(folder, path);
    if (statSync(full).isFile() && !path.includes('node_modules')) {
      files[relative(folder, full)] = readFileSync(full, 'utf8');
    }
  }
  return files;
}

function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item) =>
        permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
      );
}
