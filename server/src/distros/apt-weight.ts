import type { ImageTraits } from '../images/knowledge.ts';
import { type KnownSize, type SizeAnswer, unknownSize } from '../sizes/size.ts';
import { table } from '../text/table.ts';
import data from './data/apt-packages.json' with { type: 'json' };

const packages: Readonly<Record<string, readonly number[]>> = table(data.packages);

/** What recommended packages add to an install of the given packages. */
export interface RecommendsWeight {
  readonly without: SizeAnswer;
  readonly added: SizeAnswer;
  /** The package that brings the most, with its two figures in bytes. */
  readonly heaviest: { readonly name: string; readonly without: number; readonly with: number } | undefined;
}

export const noWeight: RecommendsWeight = {
  without: unknownSize('no figure for these packages'),
  added: unknownSize('no figure for these packages'),
  heaviest: undefined,
};

/**
 * Weighs an `apt-get install` with and without recommended packages. Each package was priced alone, so what two of them
 * share is counted twice: figures for several packages are the largest single one, and "at least". They are of Debian 12; for another
 * distribution they are estimates.
 */
export function weighRecommends(
  names: readonly string[],
  distribution: { readonly id: string; readonly version?: string } | undefined,
): RecommendsWeight {
  const known = names.flatMap((name) => {
    const [without, with_] = packages[name.replace(/[=:].*/s, '')] ?? [];
    return without === undefined || with_ === undefined ? [] : [{ name, without, with: with_ }];
  });
  const heaviest = known.toSorted((a, b) => b.with - b.without - (a.with - a.without))[0];
  if (heaviest === undefined) {
    return noWeight;
  }
  const isOne = names.length === 1;
  const isSame = distribution?.id === 'debian' && distribution.version === '12';
  return {
    without: figure(heaviest.without, !isOne, isSame),
    added: figure(heaviest.with - heaviest.without, !isOne, isSame),
    heaviest,
  };
}

function figure(bytes: number, atLeast: boolean, isSame: boolean): KnownSize {
  return {
    kind: 'known',
    low: bytes,
    high: bytes,
    atLeast,
    measure: 'disk',
    basis: isSame ? 'catalogue' : 'estimated',
    source: data.source,
    date: data.date,
    platform: 'linux/amd64',
  };
}

/** How an install is made, and on what. */
export interface InstallOptions {
  readonly recommends: boolean;
  /** What is known of the base image. */
  readonly traits: ImageTraits | undefined;
  /** True where a package source was added: its packages are others. */
  readonly hasOtherSource: boolean;
}

/**
 * What `apt-get install` writes, between the heaviest package alone and all of them side by side: what they share comes
 * once. Packages that the full variants of language images bring count nothing, and on these what a package recommends
 * counts in the upper end alone; where little is known of the base image, or a package is small, it may be there already,
 * and the lower end is nothing.
 */
export function weighInstall(names: readonly string[], options: InstallOptions): SizeAnswer {
  const { recommends, traits, hasOtherSource } = options;
  const hasBuildTools = traits?.tools?.includes('gcc') === true;
  const missing = names
    .map((name) => name.replace(/[=:/].*/s, ''))
    .filter((name) => !(hasBuildTools && inBuildImages.has(name)));
  const figures = missing.flatMap((name) => packages[name]?.[recommends ? 1 : 0] ?? []);
  if (missing.length > 0 && figures.length === 0) {
    return unknownSize(`the catalogue has no figure for ${missing.slice(0, 3).join(', ')}`);
  }
  const { id, version } = traits?.distribution ?? {};
  const isSame = id === 'debian' && version === '12' && !hasOtherSource;
  // What cmake and the like recommend are build tools.
  const leastFigures = hasBuildTools ? missing.flatMap((name) => packages[name]?.[0] ?? []) : figures;
  const heaviest = Math.max(0, ...leastFigures);
  const sum = figures.reduce((total, bytes) => total + bytes, 0);
  const isBare = traits?.family === 'debian' || traits?.family === 'ubuntu';
  const isSure =
    !hasOtherSource && (id === 'debian' || id === 'ubuntu') && (isBare || heaviest >= smallPackage);
  return {
    ...figure(sum, figures.length < missing.length, isSame),
    low: isSure ? Math.round(heaviest * (isSame ? 0.85 : 0.7)) : 0,
    high: Math.round(sum * (isSame ? 1.05 : 1.4)),
    basis: 'estimated',
  };
}

/** Packages below this many bytes may well have come with something else. */
const smallPackage = 10_000_000;

/** Packages of `buildpack-deps`, which the full variants of language images are built on. Source: its Dockerfiles. */
const inBuildImages: ReadonlySet<string> = new Set(data.buildpackDeps);
