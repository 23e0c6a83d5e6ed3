import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProofCase } from './cases.ts';
import { cached } from './paths.ts';
import type { SafeRow } from './proof-page.ts';
import type { Row } from './proof-tables.ts';

/** What was measured of one project by one fixer. */
type StoredRow = Omit<Row, 'proof'>;

interface Stored {
  /** By the name of the project. */
  readonly projects: Record<string, readonly StoredRow[]>;
  /** By what was built. */
  readonly safe: Record<string, SafeRow>;
}

const file = join(cached(), 'results.json');

/**
 * What was measured last of each case, kept in the cache folder: a run that is stopped loses nothing, and a case that
 * is run alone brings its row of the page up to date.
 */
export class StoredResults {
  private readonly stored: Stored = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Stored)
    : { projects: {}, safe: {} };

  keep<Case extends ProofCase>(proof: Case, rows: readonly Row<Case>[]): void {
    this.stored.projects[proof.name] = rows.map(({ proof: _, ...row }) => row);
    this.write();
  }

  keepSafe(row: SafeRow): void {
    this.stored.safe[row.what] = row;
    this.write();
  }

  /** The rows of cases, in their order; a case that was never run has none. */
  rowsOf<Case extends ProofCase>(cases: readonly Case[]): Row<Case>[] {
    return cases.flatMap((proof) =>
      (this.stored.projects[proof.name] ?? []).map((row) => ({ ...row, proof })),
    );
  }

  safeRowsOf(names: readonly string[]): SafeRow[] {
    return names.flatMap((name) => this.stored.safe[name] ?? []);
  }

  private write(): void {
    writeFileSync(file, JSON.stringify(this.stored));
  }
}
