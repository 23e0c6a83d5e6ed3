import { table } from '../text/table.ts';
import data from './data/end-of-life.json' with { type: 'json' };
import { resolvedVersion } from './families/index.ts';
import type { EndOfLife, ImageTraits } from './knowledge.ts';
import { formatRepository, type ImageReference } from './reference.ts';
import { codenameOf, compareVersions, releaseNames, versionNumbers } from './tag.ts';

interface Product {
  readonly title: string;
  /** Date on which each release ends; null while it has none. */
  readonly ends: Readonly<Record<string, string | null>>;
}

const products: Readonly<Record<string, Product>> = table(data.products);
const source = `${data.source}, ${data.read}`;

/** A release that is offered as a replacement has at least a year left, counted from the day the table was read. */
const supportedUntil = addYear(data.read);

interface Deprecated extends EndOfLife {
  /** Names the image that took over, for what a tag of the deprecated one stands for; left out where no tag of it does. */
  readonly successorOf?: (reference: ImageReference, traits: ImageTraits) => string;
}

/** Images that nobody rebuilds any more, whatever their tag. */
const deprecated: ReadonlyMap<string, Deprecated> = new Map<string, Deprecated>([
  [
    'openjdk',
    {
      date: '2022-08-19',
      what: 'the image openjdk (only early-access tags are updated)',
      source: 'docker-library/official-images, where its release tags were dropped',
      successorOf: temurinFor,
    },
  ],
  [
    'java',
    {
      date: '2017-05-17',
      what: 'the image java',
      source: 'docker-library/official-images, where it was removed',
      successorOf: temurinFor,
    },
  ],
  [
    'rails',
    {
      date: '2016-12-31',
      what: 'the image rails, in favour of ruby,',
      source: 'docker-library/docs, rails/deprecated.md',
    },
  ],
  [
    'django',
    {
      date: '2016-12-31',
      what: 'the image django, in favour of python,',
      source: 'docker-library/docs, django/deprecated.md',
    },
  ],
  ...['google/dart', 'google/dart-runtime', 'google/dart-runtime-base'].map((name): [string, Deprecated] => [
    name,
    {
      date: '2021-12-31',
      what: `the image ${name}, in favour of dart,`,
      source: 'dart-lang/sdk, issue 47282',
    },
  ]),
  [
    'rockylinux',
    {
      date: '2023-11-30',
      what: 'the official image rockylinux',
      source: 'docker-library/official-images, where it was updated last',
      successorOf: ({ tag }) => `rockylinux/rockylinux${tag === undefined ? '' : `:${tag}`}`,
    },
  ],
]);

/** Until when distroless images on Debian 12 are rebuilt; the project tells months. */
const distrolessOnDebian12: ReadonlyMap<string, string> = new Map([
  ['nodejs', '2026-01-31'],
  ['java', '2026-01-31'],
  ['java-base', '2026-01-31'],
  ['python3', '2026-04-30'],
  ['static', '2026-09-30'],
  ['base', '2026-09-30'],
  ['base-nossl', '2026-09-30'],
  ['cc', '2026-09-30'],
]);

/** Versions that distroless images on Debian 13 exist for, where their names have one. */
const distrolessOnDebian13: ReadonlyMap<string, readonly string[]> = new Map([
  ['nodejs', ['22', '24', '26']],
  ['java', ['17', '21', '25']],
]);

/**
 * When support for an image ends: that of its software or of the distribution under it, whichever comes first. Both
 * dates in the past and in the future come back; undefined where no date is known.
 */
export function endOfLifeOf(
  reference: ImageReference,
  traits: ImageTraits | undefined,
): EndOfLife | undefined {
  const gone = deprecated.get(formatRepository(reference));
  if (gone !== undefined) {
    const { successorOf, ...endOfLife } = gone;
    return successorOf === undefined || traits === undefined
      ? endOfLife
      : { ...endOfLife, successor: successorOf(reference, traits) };
  }
  if (traits === undefined) {
    return undefined;
  }
  const own =
    traits.family === 'distroless'
      ? distrolessEnd(reference, traits)
      : productEnd(traits.family, reference, traits);
  const below =
    traits.distribution === undefined || traits.distribution.id === traits.family
      ? undefined
      : distributionEnd(traits.distribution, reference, traits);
  if (own === undefined || below === undefined) {
    return own ?? below;
  }
  // The software stays where it is supported; its own replacement leaves the distribution's release out as well.
  const first = below.date < own.date ? below : own;
  const replacement = first === own || own.date < data.read ? own.replacement : below.replacement;
  const { replacement: _, ...end } =
    own.successor === undefined ? first : { ...first, successor: own.successor };
  return replacement === undefined ? end : { ...end, replacement };
}

/** Distroless images end with the Debian they are made of, earlier than Debian itself does. */
function distrolessEnd(reference: ImageReference, traits: ImageTraits): EndOfLife | undefined {
  const { distribution, variant = '', version } = traits;
  const date = distribution?.version === '12' ? distrolessOnDebian12.get(variant) : undefined;
  if (date === undefined) {
    return undefined;
  }
  const versions = distrolessOnDebian13.get(variant);
  const goesOn = versions === undefined || (version !== undefined && versions.includes(version));
  const successor = formatRepository(reference).replace(/-debian12$/, '-debian13');
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  return {
    date,
    what: 'distroless on Debian 12',
    source: 'GoogleContainerTools/distroless SUPPORT_POLICY.md, 2026-08-21',
    ...(goesOn ? { successor: `${successor}${tag}` } : {}),
  };
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
  const moved = dotnetBehindCore(reference);
  return {
    date,
    what: what(product, release),
    source,
    ...(replacement === undefined
      ? {}
      : moved === undefined
        ? { replacement }
        : { successor: `${moved}:${replacement}` }),
  };
}

/** The repository that .NET is published in since 5.0, for one of .NET Core; undefined for all others. */
function dotnetBehindCore(reference: ImageReference): string | undefined {
  const [, kind] = /^mcr\.microsoft\.com\/dotnet\/core\/([\w-]+)$/.exec(formatRepository(reference)) ?? [];
  return kind === undefined ? undefined : `mcr.microsoft.com/dotnet/${kind}`;
}

function distributionEnd(
  distribution: { readonly id: string; readonly version?: string },
  reference: ImageReference,
  traits: ImageTraits,
): EndOfLife | undefined {
  const product = products[distribution.id];
  const release = product === undefined ? undefined : releaseIn(product, distribution.version);
  const date = release === undefined ? undefined : product?.ends[release];
  if (product === undefined || release === undefined || !date) {
    return undefined;
  }
  const replacement = withoutRelease(withoutPatchLevel(reference, traits));
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

/** The release lines of what the images of a family hold that were known when the table was read, the oldest first. */
export function releaseLines(family: string): readonly string[] {
  return Object.keys(products[family]?.ends ?? {}).sort(compareVersions);
}

/** True for a release line of a family that has at least a year left, or has no end yet. */
export function isSupported(family: string, line: string): boolean {
  const date = products[family]?.ends[line];
  return date === null || (date !== undefined && date >= supportedUntil);
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
  const written = numberInTag(traits, next);
  const words = tag.slice(version.length);
  // From .NET 10 on there is no Debian, whose tags were slim, and the chiselled Ubuntu is another release.
  const later =
    traits.family === 'dotnet'
      ? words.replace(/-slim\b/, '').replace(/-(?:jammy|focal)(?=-chiseled)/, '-noble')
      : words;
  return `${written}${withoutRelease(later) ?? ''}`;
}

/** A release as tags write it: those of .NET have two numbers where its releases have one. */
function numberInTag({ family }: ImageTraits, release: string): string {
  return family === 'dotnet' && !release.includes('.') ? `${release}.0` : release;
}

/** A tag that moves to newer distributions: one with a patch level was built on the old one, and stays there. */
function withoutPatchLevel(reference: ImageReference, traits: ImageTraits): string | undefined {
  const { tag } = reference;
  const version = /^\d+(?:\.\d+)*/.exec(tag ?? '')?.[0];
  const product = products[traits.family];
  const release = product === undefined ? undefined : releaseIn(product, version);
  const written = release === undefined ? undefined : numberInTag(traits, release);
  return version !== undefined && written !== undefined && written.length < version.length
    ? tag?.replace(version, written)
    : tag;
}

/** A tag without the release of the distribution, which may not exist for another version. */
function withoutRelease(tag: string | undefined): string | undefined {
  return tag?.replace(releaseInTag, '').replace(/-alpine-?\d+(\.\d+)*/g, '-alpine');
}

/** Chiselled images exist for a release only. */
const releaseInTag = new RegExp(`-(${releaseNames.join('|')})\\b(?!-chiseled)`, 'g');

/** Eclipse Temurin for a tag of openjdk: the Java version, and whether it is the runtime or Alpine. */
function temurinFor(reference: ImageReference, traits: ImageTraits): string {
  const version = versionNumbers(traits.version ?? '')[0];
  if (version === undefined) {
    return 'eclipse-temurin';
  }
  const words = reference.tag?.split('-') ?? [];
  return `eclipse-temurin:${version}${words.includes('jre') ? '-jre' : ''}${traits.libc === 'musl' ? '-alpine' : ''}`;
}

function addYear(date: string): string {
  return `${Number(date.slice(0, 4)) + 1}${date.slice(4)}`;
}
