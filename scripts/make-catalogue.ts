/**
 * Writes server/src/images/data/sizes.json, the compact table that is bundled, from the rows that people review in
 * scripts/catalogue/base-image-sizes.json. With --check it only says whether the file is current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const rowSchema = z.strictObject({
  image: z.string(),
  tag: z.string(),
  platform: z.string(),
  /** Year, month or day of the figures. */
  date: z.string().regex(/^\d{4}(-\d\d(-\d\d)?)?$/),
  /** Compressed bytes of all layers. */
  pull: z.int().positive().optional(),
  pullSource: z.string().optional(),
  /** Bytes of all layers unpacked. */
  disk: z.int().positive().optional(),
  diskSource: z.string().optional(),
  diskBasis: z.enum(['same image', 'near build', 'other build', 'stated', 'doubtful']).optional(),
  digest: z.string().optional(),
});

const fileSchema = z.strictObject({ about: z.string(), rows: z.array(rowSchema) });

export type SizeRow = z.infer<typeof rowSchema>;

const rowsFile = fileURLToPath(new URL('./catalogue/base-image-sizes.json', import.meta.url));
const tableFile = fileURLToPath(new URL('../server/src/images/data/sizes.json', import.meta.url));

export function readRows(): { about: string; rows: SizeRow[] } {
  return fileSchema.parse(JSON.parse(readFileSync(rowsFile, 'utf8')));
}

/** Writes the rows back, one to a line, so that a difference shows single rows. */
export function writeRows(about: string, rows: readonly SizeRow[]): void {
  const lines = [...rows]
    .sort((a, b) => sortKey(a).localeCompare(sortKey(b), 'en'))
    .map((row) => `    ${JSON.stringify(row)}`);
  writeFileSync(
    rowsFile,
    `{\n  "about": ${JSON.stringify(about)},\n  "rows": [\n${lines.join(',\n')}\n  ]\n}\n`,
  );
}

/** The bundled table: sources by number, one image to a line. */
export function makeTable(rows: readonly SizeRow[]): string {
  const sources: string[] = [];
  const sourceIndex = (source: string | undefined): number => {
    const text = source ?? '';
    const known = sources.indexOf(text);
    return known >= 0 ? known : sources.push(text) - 1;
  };
  const images = new Map<string, Map<string, Map<string, object>>>();
  for (const row of [...rows].sort((a, b) => sortKey(a).localeCompare(sortKey(b), 'en'))) {
    const tags = images.get(row.image) ?? new Map<string, Map<string, object>>();
    const platforms = tags.get(row.tag) ?? new Map<string, object>();
    images.set(row.image, tags.set(row.tag, platforms));
    platforms.set(row.platform, {
      date: row.date,
      ...(row.pull === undefined
        ? {}
        : { pull: row.pull, pullFrom: sourceIndex(shortSource(row.pullSource, row.tag)) }),
      ...(row.disk === undefined
        ? {}
        : { disk: row.disk, diskFrom: sourceIndex(shortSource(row.diskSource, row.tag)) }),
      ...(row.diskBasis === 'doubtful' ? { doubtful: true } : {}),
    });
  }
  const lines = [...images].map(
    ([image, tags]) =>
      `    ${JSON.stringify(image)}: ${JSON.stringify(
        Object.fromEntries([...tags].map(([tag, platforms]) => [tag, Object.fromEntries(platforms)])),
      )}`,
  );
  return `{\n  "sources": ${JSON.stringify(sources, null, 2).replaceAll('\n', '\n  ')},\n  "images": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** Drops commit ids and, for the registry's own figures, remarks; the rows keep both. */
function shortSource(source: string | undefined, tag: string): string | undefined {
  const withoutCommit = source?.replace(/@[0-9a-f]{8}/g, '');
  const file = /^(\S+\/repo-info)\b.* (remote\/\S+\.md)/.exec(withoutCommit ?? '');
  return file === null ? withoutCommit : `${file[1]} ${file[2]?.replace(`/${tag}.md`, '/{tag}.md')}`;
}

function sortKey(row: SizeRow): string {
  return `${row.image} ${row.tag} ${row.platform}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const table = makeTable(readRows().rows);
  if (process.argv.includes('--check')) {
    if (readFileSync(tableFile, 'utf8') !== table) {
      console.error(
        'server/src/images/data/sizes.json is out of date; run: npx tsx scripts/make-catalogue.ts',
      );
      process.exitCode = 1;
    }
  } else {
    writeFileSync(tableFile, table);
    console.log(`${tableFile}: ${Buffer.byteLength(table)} bytes`);
  }
}
