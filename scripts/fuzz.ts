/**
 * `npm run fuzz -- MINUTES [FOLDER]`: mutants of the fixtures, and of the files of a folder, go through the analysis and
 * every fix. What goes wrong is made as short as it will be, and kept in `.cache/fuzz`, where the next run starts.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultIn, minimize, type Sample } from '../test/fuzz/examine.ts';
import { mutate, randomFrom } from '../test/fuzz/mutate.ts';
import { readSamples } from '../test/fuzz/samples.ts';

const kept = fileURLToPath(new URL('../.cache/fuzz', import.meta.url));
/** What the shortening of one text may take. */
const minimizeFor = 20_000;

const [minutes = '1', folder] = process.argv.slice(2);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const random = randomFrom(seed);
const samples: Sample[] = [...earlier(), ...readSamples(folder)];
const until = Date.now() + Number(minutes) * 60_000;
const faults = new Map<string, number>();
let count = 0;

console.log(`${samples.length} texts, seed ${seed}, ${minutes} min`);
for (const sample of earlier()) {
  examine(sample);
}
while (Date.now() < until) {
  const sample = samples[Math.floor(random() * samples.length)] ?? { text: '' };
  const other = samples[Math.floor(random() * samples.length)]?.text ?? '';
  examine({ ...sample, text: mutate(sample.text, other, random) });
}
console.log(`${count} mutants, ${faults.size} faults`);
for (const [fault, times] of faults) {
  console.log(`  ${times} × ${fault}`);
}
process.exitCode = faults.size > 0 ? 1 : 0;

function examine(sample: Sample): void {
  count++;
  const fault = faultIn(sample);
  if (fault === undefined) {
    return;
  }
  const times = (faults.get(fault) ?? 0) + 1;
  faults.set(fault, times);
  if (times === 1) {
    const short = minimize(sample, fault, Date.now() + minimizeFor);
    mkdirSync(kept, { recursive: true });
    const name = createHash('sha256').update(fault).digest('hex').slice(0, 12);
    writeFileSync(join(kept, `${name}.json`), `${JSON.stringify({ fault, ...short }, null, 2)}\n`);
    console.log(`${fault}\n  .cache/fuzz/${name}.json`);
  }
}

function earlier(): Sample[] {
  return existsSync(kept)
    ? readdirSync(kept)
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(readFileSync(join(kept, name), 'utf8')) as Sample)
    : [];
}
