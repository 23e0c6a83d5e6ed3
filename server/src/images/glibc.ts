import { table } from '../text/table.ts';
import type { ImageTraits } from './knowledge.ts';
import { compareVersions } from './tag.ts';

/**
 * The release of glibc in each release of a distribution. Debian 11 to 13: its package lists, read 2026-11-30. The others
 * are well known and were not read again.
 */
const releases: Readonly<Record<string, Readonly<Record<string, string>>>> = table({
  debian: { '9': '2.24', '10': '2.28', '11': '2.31', '12': '2.36', '13': '2.41' },
  ubuntu: {
    '16.04': '2.23',
    '18.04': '2.27',
    '20.04': '2.31',
    '22.04': '2.35',
    '24.04': '2.39',
    '26.04': '2.43',
  },
  rhel: { '8': '2.28', '9': '2.34', '10': '2.39' },
  rockylinux: { '8': '2.28', '9': '2.34', '10': '2.39' },
  almalinux: { '8': '2.28', '9': '2.34', '10': '2.39' },
  oraclelinux: { '8': '2.28', '9': '2.34', '10': '2.39' },
  centos: { '7': '2.17', '8': '2.28', stream9: '2.34', stream10: '2.39' },
  amazonlinux: { '2': '2.26', '2023': '2.34' },
  fedora: { '40': '2.39', '41': '2.40', '42': '2.41', '43': '2.42' },
});

/** The release of glibc in an image; undefined where it has another C library, or its system is not known. */
export function glibcOf(traits: ImageTraits | undefined): string | undefined {
  const { id = '', version = '' } = traits?.distribution ?? {};
  const own = releases[id];
  return traits?.libc === 'glibc' ? (own?.[version] ?? own?.[version.replace(/\..*/s, '')]) : undefined;
}

/**
 * True where no program that was linked on one release can start on the other: glibc 2.34 took over the start of every
 * program, and what was linked since then asks for it. Between others it depends on the functions that a program calls.
 */
export function partsEveryProgram(built: string, run: string): boolean {
  return compareVersions(built, '2.34') >= 0 && compareVersions(run, '2.34') < 0;
}
