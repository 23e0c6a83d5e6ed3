import { type LockFile, type MuslProblem, muslProblems } from '../images/musl.ts';
import type { Project } from '../project/project.ts';

/** Lock files by name; the first that is there counts. */
const lockFiles: readonly LockFile[] = [
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'npm-shrinkwrap.json',
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'requirements.txt',
];

/** The last project files read, by their text: a lock file is large, and changes seldom. */
const remembered = new Map<string, readonly MuslProblem[]>();

/**
 * Production packages of a project that are worse off on musl, with their effect; undefined where no lock file is there
 * or none can be read.
 */
export function packagesWorseOnMusl(project: Project): readonly MuslProblem[] | undefined {
  for (const name of lockFiles) {
    const text = project.reader.read(name);
    if (text !== undefined) {
      return readOnce(text, name).filter((problem) => !problem.isDevelopment);
    }
  }
  return undefined;
}

function readOnce(text: string, name: LockFile): readonly MuslProblem[] {
  const key = `${name}\n${text}`;
  let problems = remembered.get(key);
  if (problems === undefined) {
    if (remembered.size >= 8) {
      remembered.clear();
    }
    problems = muslProblems(text, name);
    remembered.set(key, problems);
  }
  return problems;
}
