import { parseSyml } from '@yarnpkg/parsers';
import { load as parseYaml } from 'js-yaml';
import { parse as parseToml } from 'smol-toml';
import * as z from 'zod';
import { once } from '../text/memoize.ts';

/** A package that a lock file of npm, pnpm or Yarn pins. */
export interface NodePackage {
  readonly name: string;
  readonly version: string;
  /** C libraries the package states it is for; empty where it states none. */
  readonly libc: readonly string[];
  /** Names of its optional dependencies: the packages that carry prebuilt binaries. */
  readonly optional: readonly string[];
  /** Only needed for development, as far as the lock file says. */
  readonly isDevelopment: boolean;
}

/** A package that a lock file or a requirements file of Python pins. */
export interface PythonPackage {
  readonly name: string;
  readonly version?: string;
  /** File names of its wheels; undefined where the file does not list them. */
  readonly wheels?: readonly string[];
  /** Whether a source distribution is listed, from which the package can be built. */
  readonly hasSource: boolean;
}

export type NodeLockFile = 'package-lock.json' | 'npm-shrinkwrap.json' | 'pnpm-lock.yaml' | 'yarn.lock';
export type PythonLockFile = 'requirements.txt' | 'poetry.lock' | 'uv.lock' | 'pdm.lock';

/** Packages of a lock file. Text that cannot be read gives none: half a lock file proves nothing. */
export function readNodePackages(text: string, kind: NodeLockFile): readonly NodePackage[] {
  try {
    switch (kind) {
      case 'package-lock.json':
      case 'npm-shrinkwrap.json':
        return npmPackages(JSON.parse(text));
      case 'pnpm-lock.yaml':
        return pnpmPackages(parseYaml(text));
      case 'yarn.lock':
        return yarnPackages(parseSyml(text));
    }
  } catch {
    return [];
  }
}

/** Packages of a lock file or requirements file of Python; none where the text cannot be read. */
export function readPythonPackages(text: string, kind: PythonLockFile): readonly PythonPackage[] {
  if (kind === 'requirements.txt') {
    return requirements(text);
  }
  try {
    return tomlPackages(parseToml(text));
  } catch {
    return [];
  }
}

const strings = once(() =>
  z.union([z.array(z.string()), z.string().transform((value) => [value])]).catch([]),
);
const names = once(() =>
  z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((value) => Object.keys(value)),
);

const npmLock = once(() =>
  z.object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string().optional().catch(undefined),
        libc: strings(),
        optionalDependencies: names(),
        dev: z.boolean().catch(false),
        link: z.boolean().catch(false),
      }),
    ),
  }),
);

function npmPackages(lock: unknown): readonly NodePackage[] {
  return Object.entries(npmLock().parse(lock).packages).flatMap(([path, entry]) => {
    const at = path.lastIndexOf('node_modules/');
    return at < 0 || entry.link || entry.version === undefined
      ? []
      : [
          {
            name: path.slice(at + 'node_modules/'.length),
            version: entry.version,
            libc: entry.libc,
            optional: entry.optionalDependencies,
            isDevelopment: entry.dev,
          },
        ];
  });
}

const pnpmEntry = once(() =>
  z.object({ libc: strings(), optionalDependencies: names(), dev: z.boolean().catch(false) }),
);
const pnpmLock = once(() =>
  z.object({
    packages: z.record(z.string(), pnpmEntry()).catch({}),
    snapshots: z.record(z.string(), z.object({ optionalDependencies: names() })).catch({}),
  }),
);

function pnpmPackages(lock: unknown): readonly NodePackage[] {
  const { packages, snapshots } = pnpmLock().parse(lock);
  // From version 9 on, what a package depends on stands in a section of its own, once for every set of peers.
  const optional = new Map(
    Object.entries(snapshots).map(([key, entry]) => [withoutPeers(key), entry.optionalDependencies]),
  );
  return Object.entries(packages).flatMap(([key, entry]) => {
    const [, name, version] = /^\/?(@?[^@/]+(?:\/[^@/]+)?)[@/](\d[^@/]*)$/.exec(withoutPeers(key)) ?? [];
    return name === undefined || version === undefined
      ? []
      : [
          {
            name,
            version,
            libc: entry.libc,
            optional: [...entry.optionalDependencies, ...(optional.get(withoutPeers(key)) ?? [])],
            isDevelopment: entry.dev,
          },
        ];
  });
}

/** `a@1.0.0(b@2.0.0)` and, in older files, `/a/1.0.0_b@2.0.0` name the peers a package was resolved with. */
function withoutPeers(key: string): string {
  return key.replace(/\(.*/s, '').replace(/(\d)_.*$/, '$1');
}

const yarnEntry = once(() =>
  z.object({
    version: z.string(),
    resolution: z.string().optional(),
    conditions: z.string().catch(''),
    dependencies: names(),
    optionalDependencies: names(),
  }),
);

function yarnPackages(lock: Record<string, unknown>): readonly NodePackage[] {
  return Object.entries(lock).flatMap(([key, value]) => {
    const entry = yarnEntry().safeParse(value).data;
    const [, name] = /^"?(@?[^@,]+)@/.exec(key) ?? [];
    return entry === undefined || name === undefined || entry.resolution?.includes('@workspace:')
      ? []
      : [
          {
            name,
            version: entry.version,
            libc: [...entry.conditions.matchAll(/libc=(\w+)/g)].map((match) => match[1] ?? ''),
            // Yarn 2 and later list optional dependencies among the others.
            optional: [...entry.optionalDependencies, ...entry.dependencies],
            isDevelopment: false,
          },
        ];
  });
}

/** uv and pdm list files as tables with a name or URL, poetry with a name, for each package or in a list of all. */
const file = once(() =>
  z.object({
    url: z.string().optional(),
    file: z.string().optional(),
    path: z.string().optional(),
  }),
);
const tomlLock = once(() =>
  z.object({
    package: z.array(
      z.object({
        name: z.string(),
        version: z.string().optional(),
        wheels: z.array(file()).optional(),
        sdist: z.unknown().optional(),
        files: z.array(file()).optional(),
      }),
    ),
    metadata: z
      .object({ files: z.record(z.string(), z.array(file())).optional().catch(undefined) })
      .catch({}),
  }),
);

function tomlPackages(lock: unknown): readonly PythonPackage[] {
  const { package: packages, metadata } = tomlLock().parse(lock);
  return packages.map((entry) => {
    const listed = entry.wheels ?? entry.files ?? metadata.files?.[entry.name];
    const files = (listed ?? []).map((item) =>
      (item.file ?? item.url ?? item.path ?? '').replace(/^.*\//, ''),
    );
    const wheels = files.filter((name) => name.endsWith('.whl'));
    return {
      name: normalizeName(entry.name),
      ...(entry.version === undefined ? {} : { version: entry.version }),
      ...(listed === undefined ? {} : { wheels }),
      hasSource: entry.sdist !== undefined || files.length > wheels.length,
    };
  });
}

function requirements(text: string): readonly PythonPackage[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, version] =
      /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:===?\s*([^\s;#,\\]+))?/.exec(
        line,
      ) ?? [];
    return name === undefined
      ? []
      : [{ name: normalizeName(name), ...(version === undefined ? {} : { version }), hasSource: true }];
  });
}

/** Python's rule: case does not matter, and runs of dots, dashes and underscores are one dash. */
function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
