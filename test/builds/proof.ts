/**
 * The long form of the proof suite: builds every project with its own Dockerfile and with the fixed one, and proves the
 * safe fixes. Arguments name what to run: projects of ours or of other people, or `safe` for the safe fixes; without any,
 * everything of ours runs. `--public` adds the projects of other people, which are fetched. What was measured last of
 * each case makes docs/proof.md: its section of other people's projects at once, the rest of it as soon as every case of
 * ours has been measured on this machine.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProofCase, proofCases } from './support/cases.ts';
import { type Evidence, gatherEach } from './support/evidence.ts';
import { byBallast, byHand, type Fixer } from './support/fixers.ts';
import { describeMachine } from './support/machine.ts';
import { docsFolder } from './support/paths.ts';
import { renderProof, type SafeRow, withPublicSection } from './support/proof-page.ts';
import { hasFailed, type MeasuredRow, type Row } from './support/proof-tables.ts';
import { fetchPublicCases, publicCases } from './support/public-cases.ts';
import { keepPublicResult, publicRowsOf } from './support/public-results.ts';
import { StoredResults } from './support/results.ts';
import { compareSafeCase, compareSafeFixes, type SafeResult, safeCases } from './support/safe.ts';
import { whyNoBuilds } from './support/tools.ts';

const reason = whyNoBuilds();
if (reason !== undefined) {
  console.error(`No image can be built here: ${reason}`);
  process.exit(1);
}

const names = process.argv.slice(2).filter((word) => word !== '--public');
const withPublic = process.argv.includes('--public');
const known = [...[...proofCases, ...publicCases].map((proof) => proof.name), 'safe'];
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No such project: ${unknown.join(', ')}. There are ${known.join(', ')}.`);
  process.exit(2);
}
const isNamed = (name: string): boolean => names.includes(name);

const safe = [
  ...safeCases().map((one) => ({
    what: `${one.rule}, ${one.topic}`,
    compare: () => compareSafeCase(one),
  })),
  ...proofCases.map(({ name, project }) => ({
    what: name,
    compare: () => compareSafeFixes(name, project),
  })),
];
const results = new StoredResults();
const ballast = ['Ballast', byBallast('review')] as const;
const hand = ['hand', byHand] as const;
/** What failed in this run. */
const failed: string[] = [];
for (const proof of proofCases) {
  if (names.length === 0 || isNamed(proof.name)) {
    results.keep(proof, await prove(proof, [ballast, hand]));
    writePage();
  }
}
const asked = publicCases.filter(({ name }) => withPublic || isNamed(name));
await fetchPublicCases(asked);
for (const proof of asked) {
  for (const row of await prove(proof, [ballast])) keepPublicResult(row, describeMachine());
  writePage();
}
if (names.length === 0 || isNamed('safe')) {
  for (const { what, compare } of safe) {
    await proveSafe(what, compare);
  }
}

if (!writePage()) {
  console.log(
    'Of docs/proof.md only the section of other people is written: not every case of ours was measured here.',
  );
}
console.log(failed.length === 0 ? 'Nothing failed' : `Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function page(): string {
  return renderProof(
    {
      rows: results.rowsOf(proofCases),
      publicRows: publicRowsOf(publicCases),
      safeRows: provenSafe(),
    },
    describeMachine(),
  );
}

/** What was compared, without the files that have no safe fix. */
function provenSafe(): SafeRow[] {
  return results
    .safeRowsOf(safe.map(({ what }) => what))
    .filter((row) => row.done.length > 0 || row.failure !== undefined);
}

/**
 * Writes the page, and says whether all of it could be written. Where cases of ours were not measured on this machine,
 * only the section of other people's projects is, which needs none of them.
 */
function writePage(): boolean {
  const file = join(docsFolder, 'proof.md');
  const isWhole = results.rowsOf(proofCases).length === 2 * proofCases.length && provenSafe().length > 0;
  const written = isWhole ? page() : withPublicSection(readFileSync(file, 'utf8'), publicRowsOf(publicCases));
  writeFileSync(file, written);
  return isWhole;
}

/** Builds a project before and after the fixes of each fixer, and says what was measured. */
async function prove<Case extends ProofCase>(
  proof: Case,
  fixers: readonly (readonly [Row['by'], Fixer])[],
): Promise<MeasuredRow<Case>[]> {
  console.log(proof.name);
  const measured = new Date().toISOString();
  const found = await gatherEach(
    proof,
    fixers.map(([, fixer]) => fixer),
    true,
  ).catch((error: unknown) => fixers.map(() => asError(error)));
  const proven = fixers.map(([by], index): MeasuredRow<Case> => {
    const result = found[index];
    const row: MeasuredRow<Case> =
      result === undefined || result instanceof Error
        ? { proof, by, measured, failure: result?.message ?? 'not run' }
        : { proof, by, measured, evidence: result };
    console.log(`  by ${by}: ${row.evidence === undefined ? row.failure : summary(row.evidence)}`);
    return row;
  });
  failed.push(...proven.filter(hasFailed).map(({ by }) => `${proof.name} by ${by}`));
  return proven;
}

/** Builds a Dockerfile before and after its safe fixes. */
async function proveSafe(what: string, compare: () => Promise<SafeResult>): Promise<void> {
  const row = await compare().then(
    ({ done, differences }): SafeRow => ({ what, done, differences }),
    (error: unknown): SafeRow => ({ what, done: [], differences: [], failure: asError(error).message }),
  );
  results.keepSafe(row);
  writePage();
  console.log(`safe fixes of ${what}: ${row.failure ?? (row.differences.join('; ') || 'no difference')}`);
  if (row.failure !== undefined || row.differences.length > 0) {
    failed.push(`safe fixes of ${what}`);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function summary({ before, after, wrongBefore, wrongAfter }: Evidence): string {
  const [was, is] = [before, after].map(({ observed }) => Math.round(observed.size.disk / 1e6));
  const sizes = `${was} MB to ${is} MB`;
  const wrong = [...wrongBefore.map((reason) => `before: ${reason}`), ...wrongAfter];
  return wrong.length === 0 ? sizes : `${sizes}, but ${wrong.join('; ')}`;
}
