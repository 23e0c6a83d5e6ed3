import { memoize } from '../../text/memoize.ts';
import { readToml } from './toml.ts';
import { listOf, objectOf, textOf, textsOf, valueAt } from './values.ts';

/** What Ballast reads of a Cargo.toml. */
export interface CargoManifest {
  /** The name of the package; undefined for a workspace without one. */
  readonly name: string | undefined;
  /** Names of the programs that it declares; those that lie in src/bin are not among them. */
  readonly programs: readonly string[];
  /** Folders of the members of a workspace, as they are written. */
  readonly members: readonly string[];
  /** True where it names other crates, or has settings by target or workspace that may. */
  readonly hasDependencies: boolean;
  /** The crates that it names itself, those of the workspace among them. */
  readonly dependencies: readonly NamedCrate[];
}

/** A crate as a Cargo.toml names it. */
export interface NamedCrate {
  readonly name: string;
  /** Folder that it lies in, where it is one of the project's own. */
  readonly path: string | undefined;
  readonly features: readonly string[];
  /** True where only some targets have it, or it comes from somewhere else than crates.io. */
  readonly isOdd: boolean;
}

/** Reads the text of a Cargo.toml; undefined where it is no TOML. */
export const readCargoManifest = memoize((text): CargoManifest | undefined => {
  const toml = readToml(text);
  if (toml === undefined) {
    return undefined;
  }
  return {
    name: textOf(valueAt(toml, 'package', 'name')),
    programs: listOf(toml['bin']).flatMap((one) => textOf(objectOf(one)['name']) ?? []),
    members: textsOf(valueAt(toml, 'workspace', 'members')),
    hasDependencies:
      toml['workspace'] !== undefined ||
      toml['target'] !== undefined ||
      Object.keys(objectOf(toml['dependencies'])).length > 0,
    dependencies: [
      ...namedCrates(toml['dependencies'], false),
      ...namedCrates(valueAt(toml, 'workspace', 'dependencies'), false),
      ...Object.values(objectOf(toml['target'])).flatMap((one) =>
        namedCrates(objectOf(one)['dependencies'], true),
      ),
    ],
  };
}, 50);

function namedCrates(table: unknown, isOfTarget: boolean): NamedCrate[] {
  return Object.entries(objectOf(table)).map(([key, value]) => {
    const one = objectOf(value);
    return {
      name: textOf(one['package']) ?? key,
      path: textOf(one['path']),
      features: textsOf(one['features']),
      isOdd: isOfTarget || one['git'] !== undefined,
    };
  });
}

/** One crate of a Cargo.lock: its name, and the names of those it depends on. */
export interface LockedCrate {
  readonly name: string;
  readonly dependencies: readonly string[];
}

/** Reads the crates of a Cargo.lock; empty where it is no TOML. */
export const readCargoLock = memoize(
  (text): readonly LockedCrate[] =>
    listOf(readToml(text)?.['package']).flatMap((one) => {
      const name = textOf(objectOf(one)['name']);
      // `name`, `name version` or `name version (source)`.
      const dependencies = textsOf(objectOf(one)['dependencies']).map((word) => word.replace(/ .*/s, ''));
      return name === undefined ? [] : [{ name, dependencies }];
    }),
  20,
);
