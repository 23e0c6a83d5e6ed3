import { compareVersions, versionNumbers } from './tag.ts';

/** Versions from `low` on and below `high`; a missing end is open. */
interface Interval {
  readonly low?: string;
  readonly high?: string;
}

/**
 * True where a release line (`22`, `3.12`) has versions that a range allows: `>=18 <21`, `^20 || ^22`, `20.x`, `~=3.11`,
 * `>=3.10,<3.13`. Undefined for a range in words that are not understood.
 */
export function rangeAllows(range: string, line: string): boolean | undefined {
  let isAllowed = false;
  for (const alternative of range.split(/\|\|?/)) {
    const intervals = readIntervals(alternative);
    if (intervals === undefined) {
      return undefined;
    }
    isAllowed ||= [lineInterval(line), ...intervals].every((one, index, all) =>
      all.slice(index + 1).every((other) => overlap(one, other)),
    );
  }
  return isAllowed;
}

/** The intervals that all have to hold; undefined where a word is not understood. */
function readIntervals(text: string): Interval[] | undefined {
  const hyphen = /^\s*v?(\d[\d.]*)\s+-\s+v?(\d[\d.]*)\s*$/.exec(text);
  if (hyphen?.[1] !== undefined && hyphen[2] !== undefined) {
    return [{ low: hyphen[1], high: next(hyphen[2]) }];
  }
  const words = text
    .replace(/(?<=[<>=~^!])\s+/g, '')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const intervals = words.map(readComparator);
  return intervals.every((one) => one !== undefined) ? intervals : undefined;
}

function readComparator(word: string): Interval | undefined {
  if (/^[*xX]$/.test(word)) {
    return {};
  }
  const [, operator = '', written] =
    /^(\^|~=|~>|~|>=|<=|===?|=|>|<)?v?(\d+(?:\.(?:\d+|[*xX]))*)$/.exec(word) ?? [];
  if (written === undefined) {
    return undefined;
  }
  const version = written.replace(/\.[*xX].*$/, '');
  const numbers = versionNumbers(version);
  switch (operator) {
    case '>=':
      return { low: version };
    case '>':
      return { low: next(version) };
    case '<':
      return { high: version };
    case '<=':
      return { high: next(version) };
    case '^':
      return { low: version, high: next(String(numbers[0])) };
    case '~=':
    case '~>':
      return { low: version, high: next(numbers.slice(0, Math.max(1, numbers.length - 1)).join('.')) };
    case '~':
      return { low: version, high: next(numbers.slice(0, 2).join('.')) };
    default:
      return lineInterval(version);
  }
}

function lineInterval(line: string): Interval {
  return { low: line, high: next(line) };
}

/** The first version behind all that begin with the given numbers: 3.13 behind 3.12. */
function next(version: string): string {
  const numbers = [...versionNumbers(version)];
  numbers.push((numbers.pop() ?? 0) + 1);
  return numbers.join('.');
}

function overlap(one: Interval, other: Interval): boolean {
  return endsBehind(one.high, other.low) && endsBehind(other.high, one.low);
}

function endsBehind(high: string | undefined, low: string | undefined): boolean {
  return high === undefined || low === undefined || compareVersions(high, low) > 0;
}
