import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Figures, figuresOf } from './figures.ts';
import { publicResultsFile } from './paths.ts';
import type { MeasuredRow } from './proof-tables.ts';
import type { PublicCase } from './public/case.ts';
import type { PublicRow } from './public-section.ts';

/** What was measured last of one project of other people. */
interface Measured {
  /** ISO time. */
  readonly measured: string;
  readonly machine: string;
  readonly figures?: Figures;
  readonly failure?: string;
}

/** What was measured last, by the name of the project. */
type All = Readonly<Record<string, Measured>>;

/**
 * Keeps what was measured of a project of other people with the repository: to measure them all takes hours, and the page
 * is to say the same wherever it is written.
 */
export function keepPublicResult(row: MeasuredRow<PublicCase>, machine: string): void {
  const { proof, measured, evidence, failure } = row;
  const result: Measured = {
    measured,
    machine,
    ...(evidence === undefined ? { failure: failure ?? '' } : { figures: figuresOf(evidence) }),
  };
  const all = Object.entries({ ...readAll(), [proof.name]: result });
  const sorted = Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(publicResultsFile, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The rows of projects of other people, in the order of the cases; a case that was never measured has none. */
export function publicRowsOf(cases: readonly PublicCase[]): PublicRow[] {
  const all = readAll();
  return cases.flatMap((proof) => {
    const found = all[proof.name];
    if (found === undefined) return [];
    const { figures, ...rest } = found;
    return [{ proof, by: 'Ballast', ...rest, ...(figures === undefined ? {} : { evidence: figures }) }];
  });
}

function readAll(): All {
  return existsSync(publicResultsFile) ? (JSON.parse(readFileSync(publicResultsFile, 'utf8')) as All) : {};
}
