import { type KnownSize, type SizeAnswer, unknownSize } from '../sizes/size.ts';
import data from './data/apt-packages.json' with { type: 'json' };

const packages: Readonly<Record<string, readonly number[]>> = data.packages;

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
    const [without, with_] = packages[name.replace(/[=:].*$/, '')] ?? [];
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
