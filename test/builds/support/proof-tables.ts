import { stripVTControlCharacters } from 'node:util';
import { formatSize, type SizeAnswer } from '../../../server/src/sizes/size.ts';
import type { ProofCase } from './cases.ts';
import type { Evidence } from './evidence.ts';
import type { Figures, TrialFigures } from './figures.ts';
import type { Rebuild } from './prove.ts';

/** One line of the page: a project, who fixed its Dockerfile, and what was measured or why nothing could be. */
export interface Row<Case extends ProofCase = ProofCase> {
  readonly proof: Case;
  readonly by: 'Ballast' | 'hand';
  /** ISO time at which it was measured. */
  readonly measured: string;
  readonly evidence?: Figures;
  readonly failure?: string;
}

/** A row with all of its evidence, of which the page shows a part. */
export interface MeasuredRow<Case extends ProofCase = ProofCase> extends Row<Case> {
  readonly evidence?: Evidence;
}

/** True for a project that could not be built, or does something else than before. */
export function hasFailed({ evidence }: Row): boolean {
  return evidence === undefined || evidence.wrongBefore.length > 0 || evidence.wrongAfter.length > 0;
}

/** The day of all rows, or the first and the last one, in words. */
export function datesOf(rows: readonly Row[]): string {
  const days = rows.map(({ measured }) => measured.slice(0, 10)).sort();
  const [first, last] = [days[0], days.at(-1)];
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}

/** What the images weigh, and whether they do the same. */
export function sizeTable(rows: readonly Row[]): string[] {
  return [
    '| project | ecosystem | disk before | disk after | smaller | pull before | pull after | layers | same | user | probe | stops |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => sizeRow(row)),
  ];
}

function sizeRow({ proof, evidence }: Row): string {
  if (evidence === undefined) return `| ${proof.name} | ${proof.ecosystem} | not built |||||||||| `;
  const { wrongAfter } = evidence;
  const [before, after] = [evidence.before.observed, evidence.after.observed];
  const cells = [
    proof.name,
    proof.ecosystem,
    megabytes(before.size.disk),
    megabytes(after.size.disk),
    `${(before.size.disk / after.size.disk).toFixed(1)} ×`,
    megabytes(evidence.before.pull ?? 0),
    megabytes(evidence.after.pull ?? 0),
    `${before.size.layers} → ${after.size.layers}`,
    wrongAfter.length === 0 ? 'yes' : 'no',
    userOf(after),
    probeOf(after),
    `${yesOrNo(before.stops)} → ${yesOrNo(after.stops)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Which commands run again after one changed line of source. */
export function rebuildTable(rows: readonly Row[]): string[] {
  return [
    '| project | changed file | runs again before | runs again after | seconds before | seconds after |',
    '|---|---|---|---|---|---|',
    ...rows.flatMap(({ proof, evidence }) => {
      const [rebuiltBefore, rebuiltAfter] = [evidence?.before.rebuilt, evidence?.after.rebuilt];
      if (proof.change === undefined || rebuiltBefore === undefined || rebuiltAfter === undefined) return [];
      const cells = [
        proof.name,
        `\`${proof.change.file}\``,
        commands(rebuiltBefore),
        commands(rebuiltAfter),
        rebuiltBefore.seconds.toFixed(0),
        rebuiltAfter.seconds.toFixed(0),
      ];
      return [`| ${cells.join(' | ')} |`];
    }),
  ];
}

/** What was said of a size before the build, beside what was measured. */
export function estimateTable(rows: readonly Row[]): string[] {
  return [
    '| project | before, said | measured | after, said | measured | after, installed, said | off by |',
    '|---|---|---|---|---|---|---|',
    ...rows.flatMap(({ proof, evidence }) => {
      if (evidence === undefined) return [];
      const { before, after } = evidence;
      const { disk } = after.observed.size;
      const cells = [
        proof.name,
        judged(before.estimate, before.observed.size.disk),
        megabytes(before.observed.size.disk),
        judged(after.estimate, disk),
        megabytes(disk),
        after.estimateWhenInstalled === undefined ? 'not tried' : judged(after.estimateWhenInstalled, disk),
        errorOf(after.estimateWhenInstalled ?? after.estimate, disk),
      ];
      return [`| ${cells.join(' | ')} |`];
    }),
  ];
}

/** An estimate in words, marked where the truth refutes it. */
function judged(said: SizeAnswer, truth: number): string {
  return isRefuted(said, truth) ? `${formatSize(said)} (wrong)` : formatSize(said);
}

/** True where more is claimed than there is, or a whole figure misses the truth by more than 15 %. */
export function isRefuted(said: SizeAnswer, truth: number): boolean {
  if (said.kind !== 'known') return false;
  return said.low > truth * 1.02 || (!said.atLeast && said.high < truth / 1.15);
}

function errorOf(said: SizeAnswer, truth: number): string {
  if (said.kind !== 'known') return 'nothing said';
  const middle = said.atLeast ? said.low : (said.low + said.high) / 2;
  return `${(((middle - truth) / truth) * 100).toFixed(0)} %`;
}

/** What failed, a list item for each. */
export function failures(rows: readonly Row[]): string[] {
  return rows.flatMap(({ proof, by, evidence, failure }) => {
    const reasons =
      evidence === undefined
        ? [failure ?? '']
        : [...evidence.wrongBefore.map((reason) => `before its fixes, ${reason}`), ...evidence.wrongAfter];
    // Where the suite is the reason, what the program printed says nothing more.
    const said =
      proof.remark === undefined || reasons[0] === undefined
        ? reasons.map(firstLines)
        : [`${reasons[0]}. ${proof.remark}`];
    return said.map((reason) => `- ${proof.name}, by ${by}: ${reason}`);
  });
}

/** The last lines of a text as one, without colours. */
export function firstLines(text: string): string {
  return stripVTControlCharacters(text).split('\n').slice(-8).join(' ').slice(0, 600);
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} MB`;
}

function userOf(observed: TrialFigures['observed']): string {
  const { user } = observed.config;
  if (observed.userIds.length === 0) return user === '' ? 'root' : user;
  return observed.userIds.map((id) => (id === 0 ? 'root' : String(id))).join(', ');
}

function probeOf(observed: TrialFigures['observed']): string {
  if (observed.probe === undefined) return 'none';
  return observed.probe === 0 ? 'healthy' : `ends with ${observed.probe}`;
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function commands(rebuild: Rebuild): string {
  if (rebuild.rerun.length === 0) return 'nothing';
  return rebuild.rerun
    .map(
      (text) =>
        `\`${text
          .replace(/^RUN\s+/, '')
          .replace(/--mount=\S+\s*/g, '')
          .replace(/\s+/g, ' ')
          .trim()
          .replaceAll('|', '\\|')}\``,
    )
    .join(', ');
}
