/**
 * The long form of the proof suite: builds every project with its own Dockerfile and with the fixed one, proves the safe
 * fixes, and writes the measured tables to docs/proof.md, after each part anew: a run that is stopped keeps what it has
 * measured. Arguments name the projects to run; without any, all run. With names nothing is written, because the page
 * holds one run of everything. `--public` adds the projects of other people, which are fetched.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProofCase, proofCases } from './support/cases.ts';
import { type Evidence, gatherEach } from './support/evidence.ts';
import { byBallast, byHand, type Fixer } from './support/fixers.ts';
import { describeMachine } from './support/machine.ts';
import { docsFolder } from './support/paths.ts';
import { type Row, renderProof, type SafeRow } from './support/proof-page.ts';
import { fetchPublicCases, type PublicCase, publicCases } from './support/public-cases.ts';
import { compareSafeCase, compareSafeFixes, safeCases } from './support/safe.ts';
import { whyNoBuilds } from './support/tools.ts';

const reason = await whyNoBuilds();
if (reason !== undefined) {
  console.error(`No image can be built here: ${reason}`);
  process.exit(1);
}

const names = process.argv.slice(2).filter((word) => word !== '--public');
const withPublic = process.argv.includes('--public');
const known = new Set([...proofCases, ...publicCases].map((proof) => proof.name));
const unknown = names.filter((name) => !known.has(name));
if (unknown.length > 0) {
  console.error(`No such project: ${unknown.join(', ')}. There are ${[...known].join(', ')}.`);
  process.exit(2);
}
const isWanted = ({ name }: ProofCase) => names.length === 0 || names.includes(name);

const ballast = ['Ballast', byBallast('review')] as const;
const hand = ['hand', byHand] as const;
const rows: Row[] = [];
const publicRows: Row<PublicCase>[] = [];
const safeRows: SafeRow[] = [];
for (const proof of proofCases.filter(isWanted)) {
  rows.push(...(await prove(proof, [ballast, hand])));
}
writePage();
const asked = publicCases.filter((proof) => (withPublic || names.length > 0) && isWanted(proof));
await fetchPublicCases(asked);
for (const proof of asked) {
  publicRows.push(...(await prove(proof, [ballast])));
}
writePage();
if (names.length === 0) {
  safeRows.push(...(await proveSafeFixes()));
  writePage();
} else {
  console.log(page());
}

const failed = [
  ...[...rows, ...publicRows].filter(
    (row) => row.evidence === undefined || row.evidence.wrongAfter.length > 0,
  ),
  ...safeRows.filter((row) => row.failure !== undefined || row.differences.length > 0),
];
const total = rows.length + publicRows.length + safeRows.length;
console.log(`${total - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

function page(): string {
  return renderProof({ rows, publicRows, safeRows }, describeMachine(), new Date());
}

function writePage(): void {
  if (names.length === 0) writeFileSync(join(docsFolder, 'proof.md'), page());
}

async function prove<Case extends ProofCase>(
  proof: Case,
  fixers: readonly (readonly [Row['by'], Fixer])[],
): Promise<Row<Case>[]> {
  console.log(proof.name);
  const results = await gatherEach(
    proof,
    fixers.map(([, fixer]) => fixer),
    true,
  ).catch((error: unknown) => fixers.map(() => asError(error)));
  return fixers.map(([by], index) => {
    const result = results[index];
    const row: Row<Case> =
      result === undefined || result instanceof Error
        ? { proof, by, failure: result?.message ?? 'not run' }
        : { proof, by, evidence: result };
    console.log(`  by ${by}: ${row.evidence === undefined ? row.failure : summary(row.evidence)}`);
    return row;
  });
}

/** Builds every Dockerfile that has a safe fix before and after it: the projects, and the cases of each rule. */
async function proveSafeFixes(): Promise<SafeRow[]> {
  const found: SafeRow[] = [];
  for (const { name, project } of proofCases) {
    const row = await compareSafeFixes(name, project).then(
      ({ done, differences }): SafeRow => ({ what: name, done, differences }),
      (error: unknown): SafeRow => ({
        what: name,
        done: [],
        differences: [],
        failure: asError(error).message,
      }),
    );
    if (row.done.length > 0 || row.failure !== undefined) found.push(row);
  }
  for (const one of safeCases()) {
    const what = `${one.rule}, ${one.topic}`;
    found.push(
      await compareSafeCase(one).then(
        ({ done, differences }): SafeRow => ({ what, done, differences }),
        (error: unknown): SafeRow => ({ what, done: [], differences: [], failure: asError(error).message }),
      ),
    );
  }
  for (const { what, differences, failure } of found) {
    console.log(`safe fixes of ${what}: ${failure ?? (differences.join('; ') || 'no difference')}`);
  }
  return found;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function summary({ before, after, wrongAfter }: Evidence): string {
  const [was, is] = [before, after].map(({ observed }) => Math.round(observed.size.disk / 1e6));
  const sizes = `${was} MB to ${is} MB`;
  return wrongAfter.length === 0 ? sizes : `${sizes}, but ${wrongAfter.join('; ')}`;
}
