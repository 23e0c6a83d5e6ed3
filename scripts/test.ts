/**
 * Installs what tests need and the machine lacks, runs all tests, and ends with a line `N passed, N failed, N skipped`. Arguments name
 * the suites to run; none means all. What stands behind `unit` and is no suite is a part of a name: of test files, and of
 * rules whose fixtures are run (`npm test -- unit runs-as-root`). With CI=true no suite may skip tests for a part that the machine lacks.
 */
import { programsOf, type SuiteWithPrograms } from './setup/programs.ts';
import { setUp } from './setup/setup.ts';
import { installShellCheck } from './setup/shellcheck.ts';
import { addCounts, type Counts, noCounts } from './test/counts.ts';
import { HeldOutput } from './test/held-output.ts';
import { runNodeTests } from './test/node-suite.ts';
import { runScript } from './test/script-suite.ts';

interface Suite {
  readonly name: string;
  readonly what: string;
  /** True where tests skip themselves on a machine that lacks something they cannot install. */
  readonly needsParts?: boolean;
  /** True for a suite that runs beside the others, which it leaves alone. Its output comes when theirs has ended. */
  readonly isBeside?: boolean;
  run(output: NodeJS.WritableStream): Promise<Counts>;
}

const ownSuites = ['bench', 'builds', 'grammar', 'packages', 'registry', 'vscode'];

const suites: readonly Suite[] = [
  {
    name: 'unit',
    what: 'engine, language server and command line',
    run: () => runNodeTests((folder) => !ownSuites.includes(folder), 15, part),
  },
  {
    name: 'grammar',
    what: 'colours of the editor',
    run: () => runNodeTests((folder) => folder === 'grammar', 5),
  },
  {
    name: 'packages',
    needsParts: true,
    what: 'the packages for npm, PyPI and pipelines',
    run: () => runNodeTests((folder) => folder === 'packages', 5),
  },
  {
    name: 'registry',
    needsParts: true,
    what: 'a real registry',
    run: () => runNodeTests((folder) => folder === 'registry', 5),
  },
  { name: 'vscode', needsParts: true, what: 'a real VS Code', run: () => runScript('test/vscode/run.ts') },
  {
    name: 'builds',
    needsParts: true,
    isBeside: true,
    what: 'real image builds',
    run: (output) => runNodeTests((folder) => folder === 'builds', 60, '', output),
  },
];

const mustRunAll = process.env['CI'] === 'true';
const names = process.argv.slice(2);
const part = names[0] === 'unit' && suites.every((suite) => suite.name !== names[1]) ? names[1] : undefined;
const unknown = names
  .filter((name) => name !== part)
  .filter((name) => suites.every((suite) => suite.name !== name));
if (unknown.length > 0) {
  console.error(
    `No such suite: ${unknown.join(', ')}. There are ${suites.map((suite) => suite.name).join(', ')}.`,
  );
  process.exit(2);
}

const wanted = suites.filter((suite) => names.length === 0 || names.includes(suite.name));
// Before any test runs: files that run side by side would each ask apt, which serves one at a time.
setUp(
  (Object.keys(programsOf) as SuiteWithPrograms[]).filter((name) =>
    wanted.some((suite) => suite.name === name),
  ),
);
if (wanted.some(({ name }) => name === 'unit')) {
  installShellCheck();
}

let total = noCounts;
const beside = wanted
  .filter((suite) => suite.isBeside === true)
  .map((suite) => start(suite, new HeldOutput()));
for (const suite of wanted.filter((one) => one.isBeside !== true)) {
  await end(start(suite));
}
for (const started of beside) {
  started.held?.release();
  await end(started);
}
console.log(`\n${words(total)}`);
process.exit(total.failed > 0 ? 1 : 0);

/** A suite that runs. */
interface Started {
  readonly suite: Suite;
  readonly began: number;
  readonly held: HeldOutput | undefined;
  readonly counts: Promise<Counts>;
}

function start(suite: Suite, held?: HeldOutput): Started {
  const output = held ?? process.stdout;
  output.write(`\n=== ${suite.name}: ${suite.what} ===\n\n`);
  return { suite, began: Date.now(), held, counts: suite.run(output) };
}

async function end({ suite, began, counts: running }: Started): Promise<void> {
  const counts = await running;
  total = addCounts(total, counts);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`\n${suite.name}: ${words(counts)} (${seconds} s)`);
  if (mustRunAll && suite.needsParts === true && counts.skipped > 0) {
    console.log(`CI=true: the ${counts.skipped} skipped count as failed`);
    total = addCounts(total, { ...noCounts, skipped: -counts.skipped, failed: counts.skipped });
  }
}

function words(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}
