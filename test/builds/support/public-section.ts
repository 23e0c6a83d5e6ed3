import { datesOf, estimateTable, failures, type Row, sizeTable } from './proof-tables.ts';
import type { PublicCase } from './public/case.ts';

/** Heading of the section. */
export const publicHeading = '## Projects of other people';

/** A row of a project of other people, with the machine that it was measured on. */
export interface PublicRow extends Row<PublicCase> {
  readonly machine: string;
}

/** The section of what was measured of projects of other people. */
export function publicSection(rows: readonly PublicRow[]): string[] {
  if (rows.length === 0) {
    return [
      publicHeading,
      '',
      'None was measured yet: `npm run proof -- --public` fetches and builds them.',
      '',
    ];
  }
  const machines = [...new Set(rows.map(({ machine }) => machine))];
  const failed = failures(rows);
  return [
    publicHeading,
    '',
    `${rows.length} projects, measured ${datesOf(rows)} on ${machines.join(', and on ')}. Fetched at the commit that is named,`,
    'built with the Dockerfile that their authors wrote and with what Ballast made of it. Where they name a version that the',
    'suite has no stand-in for, the nearest one stood in.',
    '',
    ...sizeTable(rows),
    '',
    'What `ballast report` said before the build, and what the build then made:',
    '',
    ...estimateTable(rows),
    '',
    '| project | where | stand-ins of another version |',
    '|---|---|---|',
    ...rows.map(sourceRow),
    '',
    ...(failed.length === 0 ? [] : ['What failed of these:', '', ...failed, '']),
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
