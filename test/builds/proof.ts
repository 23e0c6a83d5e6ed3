/**
 * The long form of the proof suite: builds every project with its own Dockerfile and with the fixed one, and writes the
 * measured table to docs/proof.md. Arguments name the projects to run; without any, all run. With names nothing is
 * written, because the page holds one run of everything.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proofCases } from './support/cases.ts';
import { type Evidence, gatherEach } from './support/evidence.ts';
import { byBallast, byHand, type Fixer } from './support/fixers.ts';
import { describeMachine } from './support/machine.ts';
import { docsFolder } from './support/paths.ts';
import { type Row, renderProof } from './support/proof-page.ts';
import { whyNoBuilds } from './support/tools.ts';

const reason = await whyNoBuilds();
if (reason !== undefined) {
  console.error(`No image can be built here: ${reason}`);
  process.exit(1);
}

const names = process.argv.slice(2);
const known = new Set(proofCases.map((proof) => proof.name));
const unknown = names.filter((name) => !known.has(name));
if (unknown.length > 0) {
  console.error(`No such project: ${unknown.join(', ')}. There are ${[...known].join(', ')}.`);
  process.exit(2);
}

const fixers: readonly (readonly [Row['by'], Fixer])[] = [
  ['Ballast', byBallast('review')],
  ['hand', byHand],
];
const rows: Row[] = [];
for (const proof of proofCases.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`${proof.name}`);
  const results = await gatherEach(
    proof,
    fixers.map(([, fixer]) => fixer),
    true,
  );
  fixers.forEach(([by], index) => {
    const result = results[index];
    const row: Row =
      result === undefined || result instanceof Error
        ? { proof, by, failure: result?.message ?? 'not run' }
        : { proof, by, evidence: result };
    rows.push(row);
    console.log(`  by ${by}: ${row.evidence === undefined ? row.failure : summary(row.evidence)}`);
  });
}

const page = renderProof(rows, describeMachine(), new Date());
if (names.length === 0) writeFileSync(join(docsFolder, 'proof.md'), page);
else console.log(page);

const wrong = rows.filter((row) => row.evidence === undefined || row.evidence.wrongAfter.length > 0);
console.log(`${rows.length - wrong.length} passed, ${wrong.length} failed`);
process.exitCode = wrong.length === 0 ? 0 : 1;

function summary({ before, after, wrongAfter }: Evidence): string {
  const [was, is] = [before, after].map(({ observed }) => Math.round(observed.size.disk / 1e6));
  const sizes = `${was} MB to ${is} MB`;
  return wrongAfter.length === 0 ? sizes : `${sizes}, but ${wrongAfter.join('; ')}`;
}
