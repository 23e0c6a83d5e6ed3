import {
  datesOf,
  estimateTable,
  failures,
  firstLines,
  type Row,
  rebuildTable,
  sizeTable,
} from './proof-tables.ts';
import { type PublicRow, publicHeading, publicSection } from './public-section.ts';

/** A Dockerfile built before and after its safe fixes. */
export interface SafeRow {
  readonly what: string;
  /** The fixes that were applied, in words. */
  readonly done: readonly string[];
  readonly differences: readonly string[];
  readonly failure?: string;
}

/** Everything that was measured. */
export interface Results {
  /** The projects of this repository. */
  readonly rows: readonly Row[];
  /** Projects of other people. */
  readonly publicRows: readonly PublicRow[];
  readonly safeRows: readonly SafeRow[];
}

/** The page of measured results. */
export function renderProof(results: Results, machine: string): string {
  const { rows, publicRows, safeRows } = results;
  const ballast = rows.filter((row) => row.by === 'Ballast');
  const hand = rows.filter((row) => row.by === 'hand');
  const failed = failures(rows);
  return [
    '<!-- Written by `npm run proof`. Do not edit. -->',
    '# Proof',
    '',
    `Measured ${datesOf(rows)} on ${machine}.`,
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
    '## Estimates beside the truth',
    '',
    'What `ballast report` said before the build, and what the build then made. The base images count with the size of the',
    'stand-ins. "Installed" is the fixed file in a folder where the project was installed and built, as on the machine of',
    'somebody who works on it. "At least" must not be above the truth.',
    '',
    ...estimateTable(ballast),
    '',
    ...publicSection(publicRows),
    ...safeSection(safeRows),
    ...(failed.length === 0 ? [] : ['## What failed', '', ...failed, '']),
  ].join('\n');
}

/** A page that was written before, with the section of the projects of other people as they are measured now. */
export function withPublicSection(page: string, rows: readonly PublicRow[]): string {
  const start = page.indexOf(`${publicHeading}\n`);
  if (start < 0) return page;
  const next = page.indexOf('\n## ', start);
  return `${page.slice(0, start)}${publicSection(rows).join('\n')}${next < 0 ? '' : page.slice(next)}`;
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
