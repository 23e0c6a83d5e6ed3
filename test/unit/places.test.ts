import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { openProject } from '../../server/src/project/project.ts';
import { memoryReader } from '../../server/src/project/reader.ts';
import { trackedFiles } from '../../server/src/project/tracked.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { inputFor } from '../support/engine.ts';
import { type FixtureCase, readFixtures } from '../support/fixture.ts';

/** A project means the same wherever it lies: alone, in a folder of a repository, and where a Compose file builds it. */

const folder = join(import.meta.dirname, '..', 'fixtures', 'rules');

/** Files that speak of the whole repository, which is another one when the project lies in a folder of it. */
const aboutRepository =
  /^(?:\.git(?:hub|lab|ea)\/|\.gitlab-ci|\.circleci|Jenkinsfile|\.git\/(?!index$)|(?:docker-)?compose|docker-bake)/i;

const compose = 'services:\n  shop:\n    build: ./svc\n    environment:\n      TZ: UTC\n';

function problemsAt(fixture: FixtureCase, at: 'root' | 'folder' | 'compose'): string[] {
  const below = at === 'root' ? '' : 'svc/';
  const files: Record<string, string> = { [`${below}Dockerfile`]: fixture.text };
  for (const [path, text] of Object.entries(fixture.files ?? {})) {
    if (path !== '.git/index') {
      files[below + path] = text;
    }
  }
  const executable = Object.fromEntries(
    Object.entries(fixture.executable ?? {}).map(([path, is]) => [below + path, is]),
  );
  if (at === 'compose') {
    files['compose.yaml'] = compose;
  }
  const tracked = fixture.files?.['.git/index']?.split('\n').filter((line) => line !== '');
  const { project } = openProject({
    reader: memoryReader(files, executable),
    dockerfile: `${below}Dockerfile`,
    ...(tracked === undefined ? {} : { tracked: trackedFiles(tracked.map((path) => below + path)) }),
  });
  const { problems } = analyze({ ...inputFor(fixture.text), project });
  // Where nobody says what the context is, nothing is called missing.
  const known = problems.filter(({ rule }) => rule !== 'copied-path-missing');
  return known.map(({ rule, message, fixes }) =>
    [
      `${rule}: ${message}`,
      ...fixes.map(
        (fix) =>
          `${fix.applicability} ${applyEdits(fixture.text, fix.edits)}\n${(fix.files ?? []).map((file) => `${file.path}\n${file.after}`).join('\n')}`,
      ),
    ].join('\n'),
  );
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
  test(`a project means the same in a folder and under a Compose file: ${name}`, () => {
    const cases = readFixtures(readFileSync(join(folder, name), 'utf8')).filter(
      ({ files }) => files !== undefined && Object.keys(files).every((path) => !aboutRepository.test(path)),
    );
    for (const fixture of cases) {
      const alone = problemsAt(fixture, 'root');
      for (const at of ['folder', 'compose'] as const) {
        // Files of the repository are named by their path from its root.
        const there = problemsAt(fixture, at).map((text) => text.replaceAll('svc/', ''));
        assert.deepEqual(there, alone, `${fixture.title}, ${at}`);
      }
    }
  });
}
