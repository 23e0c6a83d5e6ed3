import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that tests start. */
export interface Program {
  /** The names under which it may be on the machine, the usual one first. */
  readonly names: readonly string[];
  /** The Debian package that brings it. */
  readonly debianPackage: string;
}

const program = (name: string, debianPackage = name): Program => ({ names: [name], debianPackage });

/** What each suite of tests, and the script that makes the pictures, needs beyond Node.js, npm and git. A suite that is not named needs nothing. */
export const programsOf: Readonly<
  Record<'builds' | 'packages' | 'pictures' | 'registry' | 'vscode', readonly Program[]>
> = {
  builds: [
    program('buildah'),
    program('busybox', 'busybox-static'),
    program('curl'),
    program('debootstrap'),
    program('nsenter', 'util-linux'),
    program('unshare', 'util-linux'),
  ],
  packages: [program('python3'), program('virtualenv')],
  pictures: [program('img2webp', 'webp')],
  registry: [
    program('buildah'),
    program('busybox', 'busybox-static'),
    program('docker-registry'),
    program('htpasswd', 'apache2-utils'),
    program('openssl'),
    program('podman'),
    program('skopeo'),
  ],
  vscode: [
    {
      names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
      debianPackage: 'chromium',
    },
  ],
};

/** A suite that needs programs of the machine. */
export type SuiteWithPrograms = keyof typeof programsOf;

/** The programs of a suite that are not on this machine. */
export function missingPrograms(suite: SuiteWithPrograms): readonly Program[] {
  return programsOf[suite].filter(({ names }) => names.every((name) => findProgram(name) === undefined));
}

/**
 * Why a suite cannot run here and what helps, in one sentence; undefined where nothing is missing. `wanted` names the
 * programs that are needed, where that is not all of the suite's.
 */
export function whyMissing(suite: SuiteWithPrograms, wanted?: readonly string[]): string | undefined {
  const missing = missingPrograms(suite).filter(
    ({ names }) => wanted === undefined || names.some((name) => wanted.includes(name)),
  );
  return missing.length === 0
    ? undefined
    : `${namesOf(missing)} missing: npm run setup installs what tests need`;
}

/** The usual names of programs, in words. */
export function namesOf(programs: readonly Program[]): string {
  return programs.map(({ names }) => names[0]).join(', ');
}

/** The path of a program; undefined where no folder of PATH has it. */
export function findProgram(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
