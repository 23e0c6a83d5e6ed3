import { pythonLibraries } from '../../ecosystems/python/plan.ts';
import { linkedLibraries } from '../../ecosystems/rust/crates.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { readPythonPackages } from '../../images/lock-packages.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { runTimeLibraries } from './run-time-libraries.ts';

/** A library that something is linked to, with the package that brings it to the image that runs. */
export interface NeededLibrary {
  /** The crate or distribution that is linked to it. */
  readonly by: string;
  readonly packages: readonly string[];
}

const pythonLocks = ['uv.lock', 'poetry.lock', 'pdm.lock', 'requirements.txt'] as const;

/**
 * The libraries of the system that a Rust program or packages of Python load, as the lock file tells. `traits` are those of
 * the image that runs them. What is not known for its distribution is left out.
 */
export function neededLibraries(
  language: 'Rust' | 'Python',
  project: Project,
  directory: ContextPath,
  traits: ImageTraits | undefined,
): NeededLibrary[] {
  const headers =
    language === 'Rust'
      ? linkedLibraries(project.reader.read(joinPath(directory, 'Cargo.lock')) ?? '').packages.map(
          (name) => [name, name] as const,
        )
      : pythonHeaders(project, directory);
  return headers.flatMap(([by, name]) => {
    const packages = runTimeLibraries(name, traits)?.filter(
      (one) => one !== 'ca-certificates' && !isThere(one, traits),
    );
    return packages === undefined || packages.length === 0 ? [] : [{ by, packages }];
  });
}

/**
 * True for libraries that the small images bring: dpkg and apt need some, Python others. Source: their package lists,
 * 2026-11.
 */
function isThere(name: string, traits: ImageTraits | undefined): boolean {
  const isTrixie = traits?.distribution?.id === 'debian' && traits.distribution.version === '13';
  return (
    /^(?:zlib1g|liblzma5|libbz2-1\.0)$/.test(name) ||
    (isTrixie && name === 'libssl3t64') ||
    (traits?.family === 'python' &&
      /^(?:libssl3|libsqlite3-0|libffi|libreadline8|libncurses|libuuid1)/.test(name))
  );
}

/** Distributions that are always compiled against a library of the system, and the headers that brings. */
function pythonHeaders(project: Project, directory: ContextPath): (readonly [string, string])[] {
  const file = pythonLocks.find((name) => project.reader.read(joinPath(directory, name)) !== undefined);
  const text = file === undefined ? undefined : project.reader.read(joinPath(directory, file));
  const names = file === undefined || text === undefined ? [] : readPythonPackages(text, file);
  return names.flatMap(({ name }) => {
    const headers = alwaysLinked.includes(name) ? pythonLibraries[name] : undefined;
    return headers === undefined ? [] : [[name, headers] as const];
  });
}

/** Those without wheels for Linux on PyPI, in any version (pip asked for CPython 3.12 on 2026-11-30). */
const alwaysLinked = ['psycopg2', 'mysqlclient', 'python-ldap'];
