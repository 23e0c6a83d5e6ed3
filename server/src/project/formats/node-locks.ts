import { memoize } from '../../text/memoize.ts';
import { readJsonc } from './jsonc.ts';
import { readYaml } from './yaml.ts';

/** What a lock file says that the manifests ask for. */
export interface LockedManifests {
  /** The first number of the format; undefined where the format has none. */
  readonly format: number | undefined;
  /** What each package of the project asks for, by its folder below the lock file (`''` for the folder itself). */
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** True where settings in the lock file change what the manifests ask for. */
  readonly isOverridden: boolean;
}

/**
 * Reads what pnpm-lock.yaml says of the manifests; undefined where it says nothing of them. Only what stands above its packages is
 * parsed: those are most of the file.
 */
export const readPnpmLock = memoize((text): LockedManifests | undefined => {
  // From pnpm 12 on, a document of pnpm's own may stand above that of the project.
  const document =
    text
      .replaceAll('\r\n', '\n')
      .split(/^---\n/m)
      .at(-1) ?? '';
  const [head = ''] = document.split(/^packages:/m, 1);
  const lock = asObject(readYaml(head));
  const importers = Object.entries(asObject(lock?.['importers']) ?? { '.': lock });
  const packages = new Map(
    importers.flatMap(([folder, value]) => {
      const entry = asObject(value);
      const found = entry === undefined ? undefined : pnpmSpecifiers(entry);
      return found === undefined ? [] : [[folder === '.' ? '' : folder, found] as const];
    }),
  );
  const format = Number.parseInt(String(lock?.['lockfileVersion'] ?? ''), 10);
  return lock === undefined
    ? undefined
    : {
        format: Number.isNaN(format) ? undefined : format,
        packages,
        isOverridden: lock['overrides'] !== undefined || lock['pnpmfileChecksum'] !== undefined,
      };
}, 20);

/** Up to format 5 all that is asked for stands in one table; later each entry holds it. */
function pnpmSpecifiers(entry: Record<string, unknown>): ReadonlyMap<string, string> | undefined {
  const tables = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((name) =>
    Object.entries(asObject(entry[name]) ?? {}),
  );
  const specifiers = asObject(entry['specifiers']);
  const found =
    specifiers === undefined
      ? tables.map(([name, value]) => [name, asObject(value)?.['specifier']] as const)
      : Object.entries(specifiers);
  const texts = found.filter((one): one is [string, string] => typeof one[1] === 'string');
  return texts.length === 0 || texts.length < found.length ? undefined : new Map(texts);
}

/** Reads what bun.lock says of the manifests; undefined where it says nothing of them. */
export const readBunLock = memoize((text): LockedManifests | undefined => {
  const lock = asObject(readJsonc(text));
  const workspaces = asObject(lock?.['workspaces']);
  if (workspaces === undefined) {
    return undefined;
  }
  const packages = new Map(
    Object.entries(workspaces).map(([folder, value]) => {
      const tables = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((name) =>
        Object.entries(asObject(asObject(value)?.[name]) ?? {}),
      );
      return [
        folder,
        new Map(tables.filter((one): one is [string, string] => typeof one[1] === 'string')),
      ] as const;
    }),
  );
  return { format: undefined, packages, isOverridden: lock?.['overrides'] !== undefined };
}, 20);

/**
 * The requests that yarn.lock answers, as `name@range`; Yarn 2 and later write `name@npm:range`. Only the lines that begin entries
 * are read: a list of quoted or bare requests, with a colon behind.
 */
export const readYarnRequests = memoize((text): ReadonlySet<string> => {
  const requests = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => /^["@A-Za-z0-9]/.test(line) && line.endsWith(':') && line.includes('@'))
    .flatMap((line) => line.slice(0, -1).split(', '))
    .map((one) => one.replaceAll('"', '').replace('@npm:', '@'));
  return new Set(requests);
}, 20);

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
