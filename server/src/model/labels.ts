import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import licenses from 'spdx-license-ids/index.json' with { type: 'json' };
import { once } from '../text/memoize.ts';

/** What the value of a label may have to be. */
export const labelTypes = ['text', 'url', 'rfc3339', 'spdx', 'hash', 'semver', 'email'] as const;

export type LabelType = (typeof labelTypes)[number];

/** The labels that images are to have, and whether they may have others. */
export interface LabelSchema {
  readonly types: Readonly<Record<string, LabelType>>;
  /** True where no other label may stand. */
  readonly isStrict: boolean;
}

/** Longer values are no value of any type but text. */
const longest = 2000;

/** True where a label's value is what its type asks for. */
export function isOfType(value: string, type: LabelType): boolean {
  return type === 'text' || (value.length <= longest && checks[type](value));
}

const checks: Readonly<Record<Exclude<LabelType, 'text'>, (value: string) => boolean>> = {
  // A scheme, and nothing that RFC 3986 has no place for.
  url: (value) => /^[a-z][a-z\d+.-]*:[\w.~:/?#[\]@!$&'()*+,;=%-]+$/i.test(value),
  rfc3339: isTime,
  spdx: isLicense,
  // Short, SHA-1, or SHA-256.
  hash: (value) => [7, 40, 64].includes(value.length) && /^[\da-f]+$/.test(value),
  semver: isVersion,
  email: (value) => /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)*$/i.test(value),
};

function isTime(value: string): boolean {
  const match =
    /^(\d{4}-\d\d-\d\d)[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(
      value,
    );
  const day = new Date(`${match?.[1] ?? ''}T00:00:00Z`);
  // A day that its month does not have becomes one of the next.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(match?.[1] ?? ' ');
}

const licenseNames = once(() => new Set([...licenses, ...deprecated]));

/** An expression of SPDX: licenses, each with an exception or without, joined by AND and OR. */
function isLicense(value: string): boolean {
  const words = value
    .replace(/[()]/g, ' ')
    .replace(/\sWITH\s+[\w.-]+/g, ' ')
    .trim()
    .split(/\s+/);
  return words.every((word, i) =>
    i % 2 === 1
      ? (word === 'AND' || word === 'OR') && i < words.length - 1
      : word.startsWith('LicenseRef-') || licenseNames().has(word.replace(/\+$/, '')),
  );
}

function isVersion(value: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([\da-z.-]+))?(?:\+([\da-z.-]+))?$/i.exec(value);
  if (match === null) {
    return false;
  }
  const [, major, minor, patch, before, build] = match;
  const numbers = [major, minor, patch, ...(before?.split('.').filter((part) => /^\d+$/.test(part)) ?? [])];
  const parts = [...(before?.split('.') ?? []), ...(build?.split('.') ?? [])];
  return numbers.every((one) => one === '0' || one?.startsWith('0') === false) && !parts.includes('');
}
