import data from './data/end-of-life.json' with { type: 'json' };
import { resolvedVersion } from './families/index.ts';
import type { EndOfLife, ImageTraits } from './knowledge.ts';
import { formatRepository, type ImageReference } from './reference.ts';
import { codenameOf, compareVersions, versionNumbers } from './tag.ts';

interface Product {
  readonly title: string;
  /** Date on which each release ends; null while it has none. */
  readonly ends: Readonly<Record<string, string | null>>;
}

const products: Readonly<Record<string, Product>> = data.products;
const source = `${data.source}, ${data.read}`;

/** A release that is offered as a replacement has at least a year left, counted from the day the table was read. */
const supportedUntil = addYear(data.read);

/** Images that nobody rebuilds any more, whatever their tag. */
const deprecated: ReadonlyMap<string, EndOfLife & { readonly successor: string }> = new Map([
  [
    'openjdk',
    {
      date: '2022-08-19',
      what: 'the image openjdk (only early-access tags are updated)',
      source: 'docker-library/official-images, where its release tags were dropped',
      successor: 'eclipse-temurin',
    },
  ],
  [
    'java',
    {
      date: '2017-05-17',
      what: 'the image java',
      source: 'docker-library/official-images, where it was removed',
      successor: 'eclipse-temurin',
    },
  ],
]);

/**
 * When support for an image ends: that of its software or of the distribution under it, whichever comes first. Both
 * dates in the past and in the future come back; undefined where no date is known.
 */
export function endOfLifeOf(reference: ImageReference, traits: ImageTraits): EndOfLife | undefined {
  const image = formatRepository(reference);
  const gone = deprecated.get(image);
  if (gone !== undefined) {
    const { successor, ...endOfLife } = gone;
    return { ...endOfLife, successor: `${successor}${javaTag(reference, traits)}` };
  }
  const candidates = [
    productEnd(traits.family, reference, traits),
    traits.distribution === undefined || traits.distribution.id === traits.family
      ? undefined
      : distributionEnd(traits.distribution, reference),
  ].filter((end) => end !== undefined);
  return candidates.sort((left, right) => left.date.localeCompare(right.date))[0];
}

function productEnd(family: string, reference: ImageReference, traits: ImageTraits): EndOfLife | undefined {
  const product = products[family];
  const release = product === undefined ? undefined : releaseIn(product, resolvedVersion(reference, traits));
  const date = release === undefined ? undefined : product?.ends[release];
  if (product === undefined || release === undefined || !date) {
    return undefined;
  }
  const next = date < supportedUntil ? nextRelease(product, release) : undefined;
  const replacement = next === undefined ? undefined : replaceVersion(reference, traits, release, next);
  return {
    date,
    what: what(product, release),
    source,
    ...(replacement === undefined ? {} : { replacement }),
  };
}

function distributionEnd(
  distribution: { readonly id: string; readonly version?: string },
  reference: ImageReference,
): EndOfLife | undefined {
  const product = products[distribution.id];
  const release = product === undefined ? undefined : releaseIn(product, distribution.version);
  const date = release === undefined ? undefined : product?.ends[release];
  if (product === undefined || release === undefined || !date) {
    return undefined;
  }
  const replacement = withoutRelease(reference.tag);
  return {
    date,
    what: what(product, release),
    source,
    ...(replacement === undefined || replacement === reference.tag ? {} : { replacement }),
  };
}

/** `Debian 11 (long-term support)`: the remark of a title goes behind the number. */
function what(product: Product, release: string): string {
  const [, name = product.title, remark = ''] = /^(.*?)( \(.*\))?$/.exec(product.title) ?? [];
  return `${name} ${release}${remark}`;
}

/** The release a version belongs to: `3.12.4` is 3.12, `22.3` is 22. */
function releaseIn(product: Product, version: string | undefined): string | undefined {
  const numbers = versionNumbers(version ?? '');
  for (let length = numbers.length; length > 0; length--) {
    const release = numbers.slice(0, length).join('.');
    if (Object.hasOwn(product.ends, release)) {
      return release;
    }
    const padded = (version ?? '').split('.').slice(0, length).join('.');
    if (Object.hasOwn(product.ends, padded)) {
      return padded;
    }
  }
  return undefined;
}

function nextRelease(product: Product, release: string): string | undefined {
  return Object.entries(product.ends)
    .filter(
      ([later, date]) => compareVersions(later, release) > 0 && (date === null || date >= supportedUntil),
    )
    .map(([later]) => later)
    .sort(compareVersions)[0];
}

/** The tag of the same variant for another release: `18-bullseye-slim` becomes `24-slim`. */
function replaceVersion(
  reference: ImageReference,
  traits: ImageTraits,
  release: string,
  next: string,
): string | undefined {
  const tag = reference.tag;
  if (tag === undefined) {
    return undefined;
  }
  if (traits.family === 'debian' || traits.family === 'ubuntu') {
    const name = codenameOf(traits.family, release);
    const nextName = codenameOf(traits.family, next);
    if (name !== undefined && nextName !== undefined && tag.startsWith(name)) {
      return tag.replace(/^[a-z]+(-\d+(\.\d+)*)?/, nextName);
    }
  }
  const version = /^v?\d+(?:\.\d+)*/.exec(tag)?.[0];
  if (version === undefined) {
    return undefined;
  }
  // .NET's tags have two numbers where its releases have one.
  const written = traits.family === 'dotnet' && !next.includes('.') ? `${next}.0` : next;
  const words = tag.slice(version.length);
  return `${written}${withoutRelease(words) ?? ''}`;
}

/** A tag without the release of the distribution, which may not exist for another version. */
function withoutRelease(tag: string | undefined): string | undefined {
  return tag
    ?.replace(
      /-(stretch|buster|bullseye|bookworm|trixie|bionic|focal|jammy|noble|resolute)\b(?!-chiseled)/g,
      '',
    )
    .replace(/-alpine-?\d+(\.\d+)*/g, '-alpine');
}

/** The tag of Eclipse Temurin for one of openjdk: the Java version, and whether it is the runtime or Alpine. */
function javaTag(reference: ImageReference, traits: ImageTraits): string {
  const version = versionNumbers(traits.version ?? '')[0];
  if (version === undefined) {
    return '';
  }
  const words = reference.tag?.split('-') ?? [];
  return `:${version}${words.includes('jre') ? '-jre' : ''}${traits.libc === 'musl' ? '-alpine' : ''}`;
}

function addYear(date: string): string {
  return `${Number(date.slice(0, 4)) + 1}${date.slice(4)}`;
}
