import { stripVTControlCharacters } from 'node:util';
import { formatSize, type SizeAnswer } from '../../../server/src/sizes/size.ts';
import type { ProofCase } from './cases.ts';
import type { Evidence } from './evidence.ts';
import type { Observation, Rebuild } from './prove.ts';
import type { PublicCase } from './public-cases.ts';

/** One line of the page: a project, who fixed its Dockerfile, and what was measured or why nothing could be. */
export interface Row<Case extends ProofCase = ProofCase> {
  readonly proof: Case;
  readonly by: 'Ballast' | 'hand';
  /** ISO time at which it was measured. */
  readonly measured: string;
  readonly evidence?: Evidence;
  readonly failure?: string;
}

/** A Dockerfile built before and after its safe fixes. */
export interface SafeRow {
  readonly what: string;
  /** The fixes that were applied, in words. */
  readonly done: readonly string[];
  readonly differences: readonly string[];
  readonly failure?: string;
}

/** True for a project that could not be built, or does something else than before. */
export function hasFailed({ evidence }: Row): boolean {
  return evidence === undefined || evidence.wrongAfter.length > 0;
}

/** Everything that was measured. */
export interface Results {
  /** The projects of this repository. */
  readonly rows: readonly Row[];
  /** Projects of other people; empty where they were not asked for. */
  readonly publicRows: readonly Row<PublicCase>[];
  readonly safeRows: readonly SafeRow[];
}

/** The page of measured results. */
export function renderProof(results: Results, machine: string): string {
  const { rows, publicRows, safeRows } = results;
  const ballast = rows.filter((row) => row.by === 'Ballast');
  const hand = rows.filter((row) => row.by === 'hand');
  return [
    '<!-- Written by `npm run proof`. Do not edit. -->',
    '# Proof',
    '',
    `Measured ${datesOf([...rows, ...publicRows])} on ${machine}.`,
    '',
    ...introduction,
    '',
    '## Fixed by Ballast',
    '',
    ...sizeTable(ballast),
    '',
    '## What runs again after one changed line of source',
    '',
    ...rebuildTable(ballast),
    '',
    '## Written by hand',
    '',
    'What a person who knows the ecosystem well wrote for the same projects: the measure for the table above.',
    '',
    ...sizeTable(hand),
    '',
    ...estimateSection([...ballast, ...publicRows]),
    ...publicSection(publicRows),
    ...safeSection(safeRows),
    ...failures([...rows, ...publicRows]),
  ].join('\n');
}

function datesOf(rows: readonly Row[]): string {
  const days = rows.map(({ measured }) => measured.slice(0, 10)).sort();
  const [first, last] = [days[0], days.at(-1)];
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}

const introduction = [
  'Each row is a small project of `test/builds/projects` or `examples`. Its image was built twice, with the ordinary Dockerfile',
  'that lies beside it and with the fixed one; both images were run and asked the same questions.',
  '',
  '- **Disk** is the sum of the layers, **pull** the sum of the gzipped layers. 1 MB is 1,000,000 bytes.',
  '- **Same** says whether the program answered the same before and after.',
  '- **User** is who the processes of the fixed image run as. **Probe** is the HEALTHCHECK of the fixed image, run once.',
  '- **Stops** says whether the program ended within five seconds of SIGTERM, before and after.',
  '',
  'No registry of images was used. The base images are stand-ins made by the suite from Debian packages and the npm registry,',
  'with the names, users, paths and settings of the real ones. The sizes are true for these stand-ins; those of the real images',
  'differ by some percent. Built with buildah 1.28, which knows no heredocs and keeps no check of files behind bind mounts.',
];

function sizeTable(rows: readonly Row[]): string[] {
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

function rebuildTable(rows: readonly Row[]): string[] {
  return [
    '| project | changed file | runs again before | runs again after | seconds before | seconds after |',
    '|---|---|---|---|---|---|',
    ...rows.flatMap(({ proof, evidence }) => {
      if (evidence === undefined) return [];
      const [rebuiltBefore, rebuiltAfter] = [evidence.before.rebuilt, evidence.after.rebuilt];
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

function estimateSection(rows: readonly Row[]): string[] {
  return [
    '## Estimates beside the truth',
    '',
    'What `ballast report` said before the build, and what the build then made. The base images count with the size of the',
    'stand-ins. "Installed" is the fixed file in a folder where the project was installed and built, as on the machine of',
    'somebody who works on it. "At least" must not be above the truth.',
    '',
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
    '',
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

function publicSection(rows: readonly Row<PublicCase>[]): string[] {
  return [
    '## Projects of other people',
    '',
    ...(rows.length === 0
      ? ['They were not part of this run: `npm run proof -- --public` fetches and builds them.']
      : [
          'Fetched at the commit that is named, built with the Dockerfile that their authors wrote and with what Ballast made',
          'of it. Where they name a version that the suite has no stand-in for, the nearest one stood in.',
          '',
          ...sizeTable(rows),
          '',
          '| project | where | stand-ins of another version |',
          '|---|---|---|',
          ...rows.map(sourceRow),
        ]),
    '',
  ];
}

function sourceRow({ proof, evidence }: Row<PublicCase>): string {
  const { repository, commit, directory } = proof;
  const bases = [...(evidence?.before.bases ?? []), ...(evidence?.after.bases ?? [])]
    .filter(({ image, standIn }) => image !== standIn)
    .map(({ image, standIn }) => `${short(image)} by ${short(standIn)}`);
  const where = `${repository}${directory === '' ? '' : `, ${directory}`} at ${commit.slice(0, 12)}`;
  return `| ${proof.name} | ${where} | ${[...new Set(bases)].join(', ') || 'none'} |`;
}

function short(image: string): string {
  return image.replace('docker.io/library/', '');
}

function safeSection(rows: readonly SafeRow[]): string[] {
  if (rows.length === 0) return [];
  return [
    '## Safe fixes',
    '',
    'Each file was built before and after the fixes that Ballast calls safe. Every path of the two images was compared (kind,',
    'mode, owner, contents), but for caches and logs, and every setting (environment, user, entry point, command, ports …).',
    '',
    '| file | fixes | what a container could tell |',
    '|---|---|---|',
    ...rows.map(({ what, done, differences, failure }) => {
      const seen =
        failure === undefined ? differences.join(', ') || 'nothing' : `not built: ${firstLines(failure)}`;
      return `| ${what} | ${cell(done.join('; '))} | ${cell(seen)} |`;
    }),
    '',
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function failures(rows: readonly Row[]): string[] {
  const lines = rows.flatMap(({ proof, by, evidence, failure }) => {
    const reasons = evidence === undefined ? [failure ?? ''] : evidence.wrongAfter;
    // Where the suite is the reason, what the program printed says nothing more.
    const said =
      proof.remark === undefined || reasons[0] === undefined
        ? reasons.map(firstLines)
        : [`${reasons[0]}. ${proof.remark}`];
    return said.map((reason) => `- ${proof.name}, by ${by}: ${reason}`);
  });
  return lines.length === 0 ? [] : ['## What failed', '', ...lines, ''];
}

function firstLines(text: string): string {
  return stripVTControlCharacters(text).split('\n').slice(-8).join(' ').slice(0, 600);
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} MB`;
}

function userOf(observed: Observation): string {
  const { user } = observed.config;
  if (observed.userIds.length === 0) return user === '' ? 'root' : user;
  return observed.userIds.map((id) => (id === 0 ? 'root' : String(id))).join(', ');
}

function probeOf(observed: Observation): string {
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
