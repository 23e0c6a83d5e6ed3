/**
 * Asks registries what the images of the catalogue weigh today and prints what changed, for review. With --write it
 * stores the new figures and makes the bundled table anew.
 *
 *   npx tsx scripts/refresh-catalogue.ts [--write] [--mirror URL] [IMAGE…]
 *
 * IMAGE limits the work to rows of these images. --mirror names a mirror of Docker Hub, which limits how often it may be
 * asked without a login.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dockerCredentials } from '../server/src/host/images/credentials.ts';
import { LookupError } from '../server/src/host/images/lookup-error.ts';
import { createRegistryClient, type RegistryClient } from '../server/src/host/images/registry-client.ts';
import { createLimiter } from '../server/src/host/images/work.ts';
import { parseImageReference } from '../server/src/images/reference.ts';
import { formatBytes } from '../server/src/sizes/size.ts';
import { readRows, type SizeRow, writeRows } from './make-catalogue.ts';

/** What came of asking about one row. */
export interface Refreshed {
  /** The row as it should be; the row as it was where nobody answered. */
  readonly row: SizeRow;
  /** One line: the old and new figures, or why there are none. */
  readonly note: string;
  readonly outcome: 'same' | 'changed' | 'failed';
}

/** Asks about every row, four at a time. */
export async function refreshRows(
  rows: readonly SizeRow[],
  client: RegistryClient,
  today: string,
): Promise<readonly Refreshed[]> {
  const limit = createLimiter(4);
  const signal = new AbortController().signal;
  return Promise.all(rows.map((row) => limit(() => refreshRow(row, client, today), signal)));
}

async function refreshRow(row: SizeRow, client: RegistryClient, today: string): Promise<Refreshed> {
  const name = `${row.image}:${row.tag} ${row.platform}`;
  const reference = parseImageReference(`${row.image}:${row.tag}`);
  if (reference === undefined) {
    return { row, note: `${name}: not an image name`, outcome: 'failed' };
  }
  try {
    const found = await client.lookUp(reference, row.platform, AbortSignal.timeout(60_000));
    if (found.digest === row.digest && found.pull === row.pull) {
      return { row, note: `${name}: as before`, outcome: 'same' };
    }
    const { disk: _disk, diskSource: _source, diskBasis: _basis, ...rest } = row;
    const source = `registry ${found.registry}`;
    const next: SizeRow = {
      ...rest,
      date: today,
      pull: found.pull,
      pullSource: source,
      // Without a new figure on disk the old one would belong to another image: the ratio of the family is better.
      ...(found.disk === undefined
        ? {}
        : { disk: found.disk, diskSource: `layers at ${source}`, diskBasis: 'same image' as const }),
      digest: found.digest,
    };
    const pull = difference(row.pull, next.pull);
    const disk = difference(row.disk, next.disk);
    return { row: next, note: `${name}: pull ${pull}, disk ${disk}`, outcome: 'changed' };
  } catch (error) {
    if (error instanceof LookupError) {
      return { row, note: `${name}: ${error.message}`, outcome: 'failed' };
    }
    throw error;
  }
}

function difference(before: number | undefined, after: number | undefined): string {
  const shown = (bytes: number | undefined): string => (bytes === undefined ? '-' : formatBytes(bytes));
  if (before === undefined || after === undefined || before === 0) {
    return `${shown(before)} → ${shown(after)}`;
  }
  const percent = ((after - before) / before) * 100;
  return `${shown(before)} → ${shown(after)} (${percent >= 0 ? '+' : ''}${percent.toFixed(1)} %)`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      write: { type: 'boolean', default: false },
      mirror: { type: 'string', multiple: true, default: [] },
    },
    allowPositionals: true,
  });
  const { about, rows } = readRows();
  const client = createRegistryClient({
    credentials: dockerCredentials(process.env),
    mirrors: { 'docker.io': values.mirror },
  });
  const isAsked = (row: SizeRow): boolean => positionals.length === 0 || positionals.includes(row.image);
  const refreshed = await refreshRows(rows.filter(isAsked), client, new Date().toISOString().slice(0, 10));
  await client.close();
  for (const outcome of ['changed', 'failed'] as const) {
    const notes = refreshed.filter((item) => item.outcome === outcome).map(({ note }) => note);
    console.log(`${notes.length} ${outcome}`);
    for (const note of notes) {
      console.log(`  ${note}`);
    }
  }
  if (values.write) {
    writeRows(about, [...rows.filter((row) => !isAsked(row)), ...refreshed.map(({ row }) => row)]);
    execFileSync(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('./make-catalogue.ts', import.meta.url))],
      {
        stdio: 'inherit',
      },
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main();
}
