/**
 * `npm run fuzz -- MINUTES [FOLDER]`: mutants of the fixtures, and of the files of a folder, alone, with generated scripts
 * and in generated projects, go through the analysis and every fix. What goes wrong is made as short as it will be, and
 * kept with the texts that led to something new in the cache for tests, where the next run starts; a line of
 * `runs.jsonl` there says what each run did. SEED repeats a run over the same texts.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examine, minimize, type Sample } from '../test/fuzz/examine.ts';
import { type Kind, mutants } from '../test/fuzz/mutants.ts';
import { randomFrom } from '../test/fuzz/random.ts';
import { readSamples } from '../test/fuzz/samples.ts';
import { testCache } from './setup/test-cache.ts';

/** What the shortening of one text may take. */
const minimizeFor = 20_000;
/** Fixes are applied twice, to see whether they have come to an end, for one text in so many. */
const thoroughEvery = 8;
/** Texts that one run may add to the corpus. */
const mostNew = 500;
/** A run says how far it is once in so many milliseconds. */
const reportEvery = 60_000;

const kept = testCache('fuzz', 'faults');
const corpus = testCache('fuzz', 'corpus');
const log = join(testCache('fuzz'), 'runs.jsonl');

const [minutes = '1', folder] = process.argv.slice(2);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const started = Date.now();
const until = started + Number(minutes) * 60_000;
const counts: Record<Kind | 'earlier', number> = { earlier: 0, text: 0, shell: 0, project: 0 };
const faults = new Map<string, number>();
const shapes = new Set<string>();
const samples = [...readSamples(folder), ...readKept(corpus)];

console.log(`${samples.length} texts, seed ${seed}, ${minutes} min`);
for (const sample of readKept(kept)) {
  run('earlier', sample, true);
}
for (const sample of [...samples]) {
  shapes.add(examine(sample, false).shape);
}
let added = 0;
let reported = started;
for (const { kind, sample } of mutants(samples, randomFrom(seed))) {
  const now = Date.now();
  if (now > until) {
    break;
  }
  if (now > reported + reportEvery) {
    reported = now;
    console.log(`${sum()} mutants, ${faults.size} faults`);
  }
  const shape = run(kind, sample, sum() % thoroughEvery === 0);
  if (!shapes.has(shape) && added < mostNew) {
    added++;
    shapes.add(shape);
    samples.push(sample);
    keep(corpus, shape, sample);
  }
}
const result = {
  date: new Date(started).toISOString(),
  seed,
  minutes: Math.round((Date.now() - started) / 6000) / 10,
  cpuMinutes: Math.round(process.cpuUsage().user / 6_000_000) / 10,
  counts,
  faults: Object.fromEntries(faults),
};
appendFileSync(log, `${JSON.stringify(result)}\n`);
console.log(`${sum()} mutants, ${faults.size} faults`);
for (const [fault, times] of faults) {
  console.log(`  ${times} × ${fault}`);
}
process.exitCode = faults.size > 0 ? 1 : 0;

/** Examines a text and counts it; the answer is the shape of what was found. */
function run(kind: keyof typeof counts, sample: Sample, isThorough: boolean): string {
  counts[kind]++;
  const { fault, shape } = examine(sample, isThorough);
  if (fault === undefined) {
    return shape;
  }
  const times = (faults.get(fault) ?? 0) + 1;
  faults.set(fault, times);
  if (times === 1) {
    const name = keep(kept, fault, { fault, ...minimize(sample, fault, Date.now() + minimizeFor) });
    console.log(`${fault}\n  ${name}`);
  }
  return shape;
}

function sum(): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function keep(place: string, key: string, value: object): string {
  const name = join(place, `${createHash('sha256').update(key).digest('hex').slice(0, 12)}.json`);
  writeFileSync(name, `${JSON.stringify(value, null, 2)}\n`);
  return name;
}

function readKept(place: string): Sample[] {
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(place, name), 'utf8')) as Sample);
}
