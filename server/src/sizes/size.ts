/** How a figure was come by, best first. Sums take the worst of their parts. */
export type SizeBasis = 'measured' | 'catalogue' | 'estimated';

/**
 * What a figure counts. `pull` is what a registry sends (compressed), `disk` is what the unpacked layers take.
 * The two differ by a factor of two to three and are never added to each other.
 */
export type SizeMeasure = 'pull' | 'disk';

/** A size in bytes, as a range; a plain figure has `low === high`. */
export interface KnownSize {
  readonly kind: 'known';
  readonly low: number;
  readonly high: number;
  /** True when something of unknown size comes on top. */
  readonly atLeast: boolean;
  readonly measure: SizeMeasure;
  readonly basis: SizeBasis;
  /** Where the figure was read, in words a user can check. */
  readonly source: string;
  /** ISO date (year-month or full) of the figure. */
  readonly date: string;
  /** Platform such as `linux/amd64`, where the figure belongs to one. */
  readonly platform?: string;
}

export interface UnknownSize {
  readonly kind: 'unknown';
  /** Why no figure can be given: the rest of the sentence "not known, because …". */
  readonly reason: string;
}

/** Somebody was asked and has not answered yet. */
export interface PendingSize {
  readonly kind: 'pending';
}

/** A size is an answer with a basis, a source and a date, or the reason why there is none. */
export type SizeAnswer = KnownSize | UnknownSize | PendingSize;

export function unknownSize(reason: string): UnknownSize {
  return { kind: 'unknown', reason };
}

const basisOrder: readonly SizeBasis[] = ['measured', 'catalogue', 'estimated'];

/**
 * Adds sizes of one measure: ranges add up, the weakest basis and the oldest date win, and what is unknown or of
 * the other measure turns the sum into "at least". Unknown when no part is known.
 */
export function sumSizes(parts: readonly SizeAnswer[], measure: SizeMeasure): SizeAnswer {
  const known = parts.filter((part): part is KnownSize => part.kind === 'known' && part.measure === measure);
  const first = known[0];
  if (first === undefined) {
    const reason = parts.find((part): part is UnknownSize => part.kind === 'unknown')?.reason;
    return unknownSize(reason ?? 'no part of it has a known size');
  }
  const sources = [...new Set(known.map((part) => part.source))];
  return {
    kind: 'known',
    low: known.reduce((sum, part) => sum + part.low, 0),
    high: known.reduce((sum, part) => sum + part.high, 0),
    atLeast: known.length < parts.length || known.some((part) => part.atLeast),
    measure,
    basis: known.reduce(
      (worst, part) => (basisOrder.indexOf(part.basis) > basisOrder.indexOf(worst) ? part.basis : worst),
      first.basis,
    ),
    source: sources.join('; '),
    date: known.map((part) => part.date).sort()[0] ?? first.date,
    ...(first.platform !== undefined && known.every((part) => part.platform === first.platform)
      ? { platform: first.platform }
      : {}),
  };
}

/** Bytes in decimal units as Docker prints them: `227 MB`, `1.13 GB`, `8.3 MB`, `512 B`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // 999.5 would be printed as "1000": such a value belongs to the next unit.
  while (unit < units.length - 1 && value >= 999.5) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  // Through a number and back, which leaves out zeros at the end.
  return `${Number(value.toFixed(digits))} ${units[unit]}`;
}

/** Figures of which the larger is no more than this many times the smaller are given as one, and those of small things. */
const narrow = 1.3;
const small = 100_000;

/**
 * The outcome of an estimate in words, with two digits: `≈ 1.4 GB`, `230 MB to 310 MB`, `up to 40 MB`, `at least 1.2 GB`,
 * `not known`.
 * "At least" is rounded down, and nothing at all is no figure.
 */
export function formatEstimate(size: SizeAnswer): string {
  if (size.kind !== 'known' || (size.low === size.high && !size.atLeast)) {
    return formatSize(size);
  }
  if (size.atLeast) {
    const digits = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, size.low))) - 2);
    return size.low < 1 ? 'not known' : `at least ${formatBytes(Math.floor(size.low / digits) * digits)}`;
  }
  if (size.low < 1) {
    return `up to ${formatBytes(twoDigits(size.high))}`;
  }
  return size.high <= size.low * narrow || size.high - size.low < small
    ? `≈ ${formatBytes(twoDigits((size.low + size.high) / 2))}`
    : `${formatBytes(twoDigits(size.low))} to ${formatBytes(twoDigits(size.high))}`;
}

function twoDigits(bytes: number): number {
  return Number(bytes.toPrecision(2));
}

/** A size in words: `1.13 GB`, `≈ 290 MB`, `120–180 MB`, `at least 1.2 GB`, `not known`. */
export function formatSize(size: SizeAnswer): string {
  if (size.kind === 'pending') {
    return 'being looked up';
  }
  if (size.kind === 'unknown') {
    return 'not known';
  }
  const low = formatBytes(size.low);
  const high = formatBytes(size.high);
  const range = low === high ? low : `${low} to ${high}`;
  if (size.atLeast) {
    return `at least ${low}`;
  }
  return size.basis === 'estimated' ? `≈ ${range}` : range;
}

/** The same size with the doubt that its basis leaves: tags are built anew, and relatives differ. */
export function withDoubt(size: SizeAnswer): SizeAnswer {
  if (size.kind !== 'known') {
    return size;
  }
  const doubt = doubts[size.basis];
  return { ...size, low: Math.round(size.low * (1 - doubt)), high: Math.round(size.high * (1 + doubt)) };
}

/** How far a figure of a base image may be off: builds of one tag differ by about 1 % (see images/ratios.ts for the rest). */
const doubts = { measured: 0, catalogue: 0.02, estimated: 0.12 } as const;
