import { readNodePackage } from '../../ecosystems/node/package.ts';
import { pdmDevelopment, poetryDevelopment, uvDevelopment } from '../../ecosystems/python/development.ts';
import { type LockFile, type MuslProblem, muslProblems } from '../../images/musl.ts';
import type { Project } from '../../project/project.ts';
import { memoize } from '../../text/memoize.ts';

/** Languages whose lock files say which packages have builds for musl. */
export type MuslLanguage = 'node' | 'python';

type Reading = readonly [LockFile, (text: string) => readonly MuslProblem[]];

/** How to read the lock files, by name; of each language the first that is there counts. */
const lockFiles: Readonly<Record<MuslLanguage, readonly Reading[]>> = {
  node: (['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'npm-shrinkwrap.json'] as const).map(reading),
  python: (['uv.lock', 'poetry.lock', 'pdm.lock', 'requirements.txt'] as const).map(reading),
};

const languages = ['node', 'python'] as const satisfies readonly MuslLanguage[];

/** The language that an image of a family runs; undefined where it may run any. */
export function muslLanguage(family: string | undefined): MuslLanguage | undefined {
  return family === 'bun' ? 'node' : languages.find((language) => language === family);
}

/** Names that the manifest of a project declares for development alone: not every lock file says so. */
function developmentNames(project: Project): readonly string[] {
  const node = readNodePackage(project, '');
  const declared = Object.keys(node?.devDependencies ?? {}).filter(
    (name) => node?.dependencies[name] === undefined,
  );
  const manifest = project.reader.read('pyproject.toml');
  const python = manifest === undefined ? [] : [uvDevelopment, poetryDevelopment, pdmDevelopment];
  return [...declared, ...python.flatMap((read) => read(manifest ?? '')?.names ?? [])];
}

/**
 * Production packages of a project that are worse off on musl, of one language or of all; undefined where no lock file is
 * there.
 */
export function packagesWorseOnMusl(
  project: Project,
  language?: MuslLanguage,
): readonly MuslProblem[] | undefined {
  const found = (language === undefined ? languages : [language]).flatMap((one) => {
    const problems = firstLockFile(project, lockFiles[one]);
    return problems === undefined ? [] : [problems];
  });
  const development = developmentNames(project);
  return found.length === 0
    ? undefined
    : found.flat().filter(({ name, isDevelopment }) => !isDevelopment && !development.includes(name));
}

function firstLockFile(project: Project, readings: readonly Reading[]): readonly MuslProblem[] | undefined {
  for (const [name, read] of readings) {
    const text = project.reader.read(name);
    if (text !== undefined) {
      return read(text);
    }
  }
  return undefined;
}

function reading(name: LockFile): Reading {
  return [name, memoize((text) => muslProblems(text, name), 4)];
}
