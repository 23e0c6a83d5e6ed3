import { formatBytes, formatEstimate } from '../../sizes/size.ts';
import { type ImageEstimate, imageSize } from './estimate.ts';
import type { Part, PartKind } from './parts.ts';

/** What nobody can weigh before the build, by kind, as it stands behind "plus"; kinds that are missing are not worth a word. */
const unknowns: Readonly<Partial<Record<PartKind, string>>> = {
  dependencies: 'dependencies',
  output: 'what is built',
  'system-packages': 'system packages',
  sources: 'the sources',
  other: 'what commands write',
};

/**
 * What an image takes on disk, in words: the part that is known, and behind "plus" what is not. A sum that is only known
 * from below says nothing of the distance between two images, so that it is never given as a bare figure. `measure` stands
 * behind the figure, where it has to be said.
 */
export function formatImageSize(estimate: ImageEstimate, measure: '' | ' on disk' = ''): string {
  const size = imageSize(estimate);
  const parts = (estimate.final?.layers ?? []).flatMap((layer) => layer.parts);
  const missing = missingParts(parts);
  return size.kind !== 'known' || !size.atLeast || missing.length === 0
    ? `${formatEstimate(size)}${measure}`
    : `${formatEstimate({ ...size, atLeast: false })}${measure} plus ${missing.join(' and ')}`;
}

/**
 * The size of an image where there is room for a figure alone: `≈ 1.1 GB`, `170–220 MB`, and `≈ 1.1 GB+` where something
 * comes on top.
 */
export function formatShortSize(estimate: ImageEstimate): string {
  const size = imageSize(estimate);
  const hasMore = size.kind === 'known' && size.atLeast && size.low >= 1;
  const words = formatEstimate(hasMore ? { ...size, atLeast: false } : size);
  const [low, unit, to, high, sameUnit] = words.split(' ');
  const figure = to === 'to' && unit === sameUnit ? `${low}–${high} ${unit}` : words;
  return hasMore ? `${figure}+` : figure;
}

/**
 * What an image saves against another: `≈ 900 MB`, `none` where both are given as one figure; undefined where nobody can tell,
 * as where something of unknown size goes.
 */
export function formatSaving(before: ImageEstimate, after: ImageEstimate): string | undefined {
  const [was, is] = [imageSize(before), imageSize(after)];
  if (was.kind !== 'known' || is.kind !== 'known') {
    return undefined;
  }
  const saved = (was.low + was.high - is.low - is.high) / 2;
  const isShown = formatShortSize(before) !== formatShortSize(after);
  const doubt = was.high - was.low + is.high - is.low;
  // Well-known figures have three digits everywhere: beside "saves 827 MB", one of 830 MB would seem to be another.
  const digits = doubt < saved / 10 ? 3 : 2;
  return isShown && saved > 0
    ? `≈ ${formatBytes(Number(saved.toPrecision(digits)))}`
    : isShown || losesUnknown(before, after)
      ? undefined
      : 'none';
}

/** True where an image holds something of unknown size that the other is without. */
function losesUnknown(before: ImageEstimate, after: ImageEstimate): boolean {
  const left = new Set(unknownParts(after).map(({ kind, what }) => `${kind} ${what}`));
  return unknownParts(before).some(({ kind, what }) => !left.has(`${kind} ${what}`));
}

function unknownParts({ final }: ImageEstimate): Part[] {
  const parts = (final?.layers ?? []).flatMap((layer) => layer.parts);
  return parts.filter(({ size }) => size.kind !== 'known' || size.atLeast);
}

function missingParts(parts: readonly Part[]): string[] {
  const found = parts.flatMap(({ kind, size }) => (size.kind === 'known' ? [] : (unknowns[kind] ?? [])));
  const named = [...new Set(found)];
  return named.length > 2 ? [named[0] ?? '', 'more'] : named;
}
