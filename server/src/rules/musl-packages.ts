import { type LockFile, type MuslProblem, muslProblems } from '../images/musl.ts';
import type { Project } from '../project/project.ts';
import { remember } from '../text/remember.ts';

/** How to read the lock files, by name; the first that is there counts. */
const lockFiles: readonly (readonly [LockFile, (text: string) => readonly MuslProblem[]])[] = (
  [
    'package-lock.json',
    'pnpm-lock.yaml',
    'yarn.lock',
    'npm-shrinkwrap.json',
    'uv.lock',
    'poetry.lock',
    'pdm.lock',
    'requirements.txt',
  ] as const
).map((name) => [name, remember((text) => muslProblems(text, name), 8)]);

/**
 * Production packages of a project that are worse off on musl, with their effect; undefined where no lock file is there
 * or none can be read.
 */
export function packagesWorseOnMusl(project: Project): readonly MuslProblem[] | undefined {
  for (const [name, read] of lockFiles) {
    const text = project.reader.read(name);
    if (text !== undefined) {
      return read(text).filter((problem) => !problem.isDevelopment);
    }
  }
  return undefined;
}
