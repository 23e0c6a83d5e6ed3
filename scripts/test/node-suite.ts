import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { addCounts, type Counts, noCounts } from './counts.ts';

const tests = fileURLToPath(new URL('../../test/', import.meta.url));

/**
 * Runs the files `*.test.ts` of those folders of test/ that `includes` names, each file in a process of its own, which
 * is ended after so many minutes: a test that waits for ever fails instead of holding up the whole run. `name` takes
 * those whose path holds it, and the fixtures of rules whose file is called so. What they print goes to `output`.
 */
export async function runNodeTests(
  includes: (folder: string) => boolean,
  minutesPerFile: number,
  name = '',
  output: NodeJS.WritableStream = process.stdout,
): Promise<Counts> {
  const fixtures = join('unit', 'fixtures.test.ts');
  const hasFixture = readdirSync(join(tests, 'fixtures/rules')).some((file) => file.includes(name));
  if (hasFixture && !fixtures.includes(name)) {
    process.env['FIXTURES'] = name;
  }
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .filter((path) => includes(path.split(sep)[0] ?? ''))
    .filter((path) => path.includes(name) || (path === fixtures && hasFixture))
    .map((path) => join(tests, path))
    .sort();
  if (files.length === 0) {
    output.write('There is no test file.\n');
    return { ...noCounts, failed: 1 };
  }
  let counts = noCounts;
  const events = run({ files, concurrency: availableParallelism(), timeout: minutesPerFile * 60_000 });
  events.on('test:pass', (event) => {
    if (event.details.type !== 'suite') {
      const skipped = event.skip !== undefined && event.skip !== false;
      counts = addCounts(counts, { ...noCounts, [skipped ? 'skipped' : 'passed']: 1 });
    }
  });
  events.on('test:fail', (event) => {
    if (event.details.type !== 'suite') {
      counts = addCounts(counts, { ...noCounts, failed: 1 });
    }
  });
  const report = events.compose(new spec());
  report.pipe(output, { end: false });
  await finished(report);
  return counts;
}
