/**
 * `npm run fuzz -- MINUTES [FOLDER]`: mutants of the fixtures, and of the files of a folder, alone, with generated scripts
 * and in generated projects, go through the analysis and every fix; now and then edits go through the language server,
 * with `--edits` nothing else. What goes wrong is made as short as it will be, and kept with the texts that led to
 * something new in the cache for tests, where the next run starts; a line of `runs.jsonl` there says what each run did.
 * `--seed N` repeats a run as long as the corpus is the same.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EditedServers } from '../test/fuzz/edited-servers.ts';
import { editsOf, type Message } from '../test/fuzz/edits.ts';
import { examine, minimize, type Sample } from '../test/fuzz/examine.ts';
import { type Kind, type Mutant, mutants } from '../test/fuzz/mutants.ts';
import { pick, randomFrom } from '../test/fuzz/random.ts';
import { readSamples } from '../test/fuzz/samples.ts';
import { testCache } from './setup/test-cache.ts';

/** What the shortening of one text may take. */
const minimizeFor = 20_000;
/** Fixes are applied twice, to see whether they have come to an end, for one text in so many. */
const thoroughEvery = 8;
/** Edits go through the server once after so many mutants: they take a hundred times as long. */
const editsEvery = 500;
/** Texts that one run may add to the corpus. */
const mostNew = 500;
/** A run says how far it is once in so many milliseconds. */
const reportEvery = 60_000;

interface Fault extends Sample {
  readonly fault: string;
  /** What was sent to the server, where it is a fault of edits. */
  readonly messages?: readonly Message[];
}

const kept = testCache('fuzz', 'faults');
const corpus = testCache('fuzz', 'corpus');
const log = join(testCache('fuzz'), 'runs.jsonl');

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { edits: { type: 'boolean', default: false }, seed: { type: 'string' } },
});
const [minutes = '1', folder] = positionals;
const seed = Number(options.seed ?? Date.now() % 1_000_000_000);
const random = randomFrom(seed);
const started = Date.now();
const until = started + Number(minutes) * 60_000;
const counts: Record<Kind | 'earlier' | 'edits', number> = {
  earlier: 0,
  text: 0,
  shell: 0,
  project: 0,
  edits: 0,
};
const faults = new Map<string, number>();
const shapes = new Set<string>();
const samples = [...readSamples(folder), ...readKept<Sample>(corpus)];
const servers = await EditedServers.start();

console.log(`${samples.length} texts, seed ${seed}, ${minutes} min`);
for (const { messages, ...sample } of readKept<Fault>(kept)) {
  if (messages === undefined) {
    tryText('earlier', sample, true);
  } else {
    await tryEdits('earlier', sample, messages);
  }
}
for (const sample of options.edits ? [] : [...samples]) {
  shapes.add(examine(sample, false).shape);
}
let added = 0;
let reported = started;
for (const mutant of mutants(samples, random)) {
  const now = Date.now();
  if (now > until) {
    break;
  }
  if (now > reported + reportEvery) {
    reported = now;
    console.log(`${sum()} mutants, ${faults.size} faults`);
  }
  if (options.edits || sum() % editsEvery === editsEvery - 1) {
    const { sample } = mutant;
    await tryEdits('edits', sample, editsOf(sample.text, pick(samples, random).text, random));
  } else {
    tryMutant(mutant);
  }
}
await servers.stop();
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

/** A mutant in which something new is found is a sample from now on. */
function tryMutant({ kind, sample }: Mutant): void {
  const shape = tryText(kind, sample, sum() % thoroughEvery === 0);
  if (!shapes.has(shape) && added < mostNew) {
    added++;
    shapes.add(shape);
    samples.push(sample);
    keep(corpus, shape, sample);
  }
}

/** Examines a text and counts it; the answer is the shape of what was found. */
function tryText(kind: keyof typeof counts, sample: Sample, isThorough: boolean): string {
  counts[kind]++;
  const { fault, shape } = examine(sample, isThorough);
  if (fault !== undefined && count(fault) === 1) {
    tell({ fault, ...minimize(sample, fault, Date.now() + minimizeFor) });
  }
  return shape;
}

async function tryEdits(
  kind: keyof typeof counts,
  sample: Sample,
  messages: readonly Message[],
): Promise<void> {
  counts[kind]++;
  const fault = await servers.faultIn(sample, messages);
  if (fault !== undefined && count(fault) === 1) {
    tell({ fault, ...sample, messages });
  }
}

function count(fault: string): number {
  const times = (faults.get(fault) ?? 0) + 1;
  faults.set(fault, times);
  return times;
}

function sum(): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}

function tell(fault: Fault): void {
  console.log(`${fault.fault}\n  ${keep(kept, fault.fault, fault)}`);
}

function keep(place: string, key: string, value: object): string {
  const name = join(place, `${createHash('sha256').update(key).digest('hex').slice(0, 12)}.json`);
  writeFileSync(name, `${JSON.stringify(value, null, 2)}\n`);
  return name;
}

function readKept<T>(place: string): T[] {
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(place, name), 'utf8')) as T);
}
