import data from './data/musl.json' with { type: 'json' };
import {
  type NodeLockFile,
  type NodePackage,
  type PythonLockFile,
  type PythonPackage,
  readNodePackages,
  readPythonPackages,
} from './lock-packages.ts';
import { compareVersions, versionNumbers } from './tag.ts';

/**
 * What happens to a package on Alpine: it has no build that runs there, it is compiled at install, or it is compiled
 * where its download of a prebuilt binary fails.
 */
export type MuslEffect = 'cannot-run' | 'compiles' | 'may-compile';

/** A package of a project that is worse off on musl than on glibc. */
export interface MuslProblem {
  readonly name: string;
  readonly version?: string;
  readonly effect: MuslEffect;
  /** What the judgement rests on: the lock file itself, or a table with source and month. */
  readonly source: string;
  readonly isDevelopment: boolean;
}

export type LockFile = NodeLockFile | PythonLockFile;

/**
 * Packages of a lock file that have no build for musl, each once, sorted by name. Where the lock file lists the builds
 * (uv, poetry, pdm; the optional packages of npm) it decides; elsewhere a table of known packages does.
 */
export function muslProblems(text: string, kind: LockFile): readonly MuslProblem[] {
  const problems = isPython(kind)
    ? readPythonPackages(text, kind).map((item) => pythonProblem(item, kind))
    : nodeProblems(readNodePackages(text, kind), kind);
  const byName = new Map<string, MuslProblem>();
  for (const problem of problems) {
    if (problem !== undefined && !byName.has(problem.name)) {
      byName.set(problem.name, problem);
    }
  }
  return [...byName.values()].sort((left, right) => left.name.localeCompare(right.name, 'en'));
}

/** Short notes on what else differs on Alpine; the one on old versions only where the version is known to be old. */
export function alpineNotes(version: string | undefined): readonly string[] {
  const isOld = version !== undefined && compareVersions(version, '3.18') < 0;
  return [
    // musl resolves over TCP from 1.2.4 on, which came with Alpine 3.18.
    ...(isOld ? ['DNS answers over 512 bytes fail (no DNS over TCP before Alpine 3.18)'] : []),
    'DNS asks all name servers at once and takes the first answer',
    'names with as many dots as ndots are never looked up in search domains',
  ];
}

function isPython(kind: LockFile): kind is PythonLockFile {
  return kind === 'requirements.txt' || kind === 'poetry.lock' || kind === 'uv.lock' || kind === 'pdm.lock';
}

const withoutWheel: ReadonlySet<string> = new Set(data.python.withoutWheel);

function pythonProblem(item: PythonPackage, kind: PythonLockFile): MuslProblem | undefined {
  const base = {
    name: item.name,
    ...(item.version === undefined ? {} : { version: item.version }),
    isDevelopment: false,
  };
  if (item.wheels === undefined) {
    return withoutWheel.has(item.name)
      ? { ...base, effect: 'compiles', source: `${data.python.source}, ${data.python.read}` }
      : undefined;
  }
  const platforms = item.wheels.map((wheel) => wheel.replace(/^.*-/, ''));
  const hasGlibc = platforms.some((platform) => /manylinux|^linux_/.test(platform));
  const runsOnMusl = platforms.some((platform) => /musllinux|^any\b/.test(platform));
  return hasGlibc && !runsOnMusl
    ? { ...base, effect: item.hasSource ? 'compiles' : 'cannot-run', source: kind }
    : undefined;
}

function nodeProblems(packages: readonly NodePackage[], kind: NodeLockFile): readonly MuslProblem[] {
  const byName = new Map(packages.map((item) => [item.name, item]));
  return packages.flatMap((item) => {
    const known = data.node.packages.find(
      (entry) =>
        entry.name === item.name &&
        ((entry as { below?: number }).below ?? Number.POSITIVE_INFINITY) >
          (versionNumbers(item.version)[0] ?? 0),
    );
    const effect = known === undefined ? optionalEffect(item, byName) : (known.effect as MuslEffect);
    return effect === undefined
      ? []
      : [
          {
            name: item.name,
            version: item.version,
            effect,
            source: known === undefined ? kind : `${data.node.source}, ${data.node.read}`,
            isDevelopment: item.isDevelopment,
          },
        ];
  });
}

/** A package whose prebuilt binaries for Linux are all for glibc, as its optional dependencies say. */
function optionalEffect(
  item: NodePackage,
  packages: ReadonlyMap<string, NodePackage>,
): MuslEffect | undefined {
  // What is itself a build for one system (`@img/sharp-linux-x64`) has its sibling beside it, not below it.
  if (item.libc.length > 0 || /linux|darwin|win32/.test(item.name)) {
    return undefined;
  }
  const onLinux = item.optional.filter((name) => /linux/.test(name));
  const forGlibc = onLinux.filter(
    (name) => /-gnu(eabihf)?$|glibc/.test(name) || packages.get(name)?.libc.includes('glibc') === true,
  );
  const forMusl = onLinux.filter(
    (name) => /musl/.test(name) || packages.get(name)?.libc.includes('musl') === true,
  );
  return forGlibc.length > 0 && forMusl.length === 0 ? 'cannot-run' : undefined;
}
