import { type SizeAnswer, unknownSize } from '../sizes/size.ts';
import { table } from '../text/table.ts';
import data from './data/sizes.json' with { type: 'json' };
import { familyTag, imageName } from './families/family.ts';
import { resolvedVersion, traitsOf } from './families/index.ts';
import type { ImageTraits } from './knowledge.ts';
import { diskRatio } from './ratios.ts';
import { formatRepository, type ImageReference, parseImageReference } from './reference.ts';
import { versionNumbers } from './tag.ts';

/** One row of the bundled table: what one tag weighs on one platform. */
interface Entry {
  readonly date: string;
  /** Compressed bytes, and the number of the source they were read from. */
  readonly pull?: number;
  readonly pullFrom?: number;
  /** Bytes unpacked, and the number of their source. */
  readonly disk?: number;
  readonly diskFrom?: number;
  /** The source does not say clearly what it measured. */
  readonly doubtful?: boolean;
}

type Platforms = Readonly<Record<string, Entry>>;

const images: Readonly<Record<string, Readonly<Record<string, Platforms>>>> = table(data.images);

export interface CatalogueSizes {
  readonly pull: SizeAnswer;
  readonly disk: SizeAnswer;
}

/** A row that stands for what was asked, and how close it is. */
interface Match {
  readonly tag: string;
  readonly image: string;
  readonly platform: string;
  readonly entry: Entry;
  /** `same` for another tag of the same image, `near` for another image or platform. */
  readonly closeness: 'exact' | 'same' | 'near';
}

/**
 * What the bundled table says about an image. A tag that is not in it gets the figures of its nearest known relative:
 * the same variant in the nearest version. Those count as estimated, and their source names the tag they were taken
 * from. Unknown where there is no relative either.
 */
export function catalogueSizes(
  reference: ImageReference,
  platform: string,
  traits: ImageTraits | undefined,
): CatalogueSizes {
  if (!platform.startsWith('linux/')) {
    return bothUnknown(`the catalogue has no figures for ${platform}`);
  }
  if (reference.tag === undefined && reference.digest !== undefined) {
    return bothUnknown('the catalogue knows tags, not digests');
  }
  const found = findMatch(reference, platform, traits);
  if (found === undefined) {
    return bothUnknown(missingReason(reference, traits));
  }
  // A digest pins one build of the tag, which need not be the one of the table.
  const match: Match = reference.digest !== undefined ? { ...found, closeness: 'near' } : found;
  const pull = pullSize(match, platform);
  return { pull, disk: diskSize(match, platform, traits) };
}

/** The images that the table has rows for, in the order of the alphabet. */
export function catalogueNames(): readonly string[] {
  return Object.keys(images).sort();
}

/** Tags of an image that the table has rows for, in no order that means anything. */
export function catalogueTags(reference: ImageReference): readonly string[] {
  return Object.keys(images[imageName(reference)] ?? {});
}

function bothUnknown(reason: string): CatalogueSizes {
  return { pull: unknownSize(reason), disk: unknownSize(reason) };
}

function missingReason(reference: ImageReference, traits: ImageTraits | undefined): string {
  const name = formatRepository(reference);
  return traits === undefined
    ? `${name} is not in the catalogue`
    : `the catalogue has no figure for ${name} in this variant`;
}

function findMatch(
  reference: ImageReference,
  platform: string,
  traits: ImageTraits | undefined,
): Match | undefined {
  const image = imageName(reference);
  const tag = reference.tag ?? 'latest';
  const exact = images[image]?.[tag];
  if (exact !== undefined) {
    const entry = exact[platform];
    return entry === undefined
      ? otherPlatform(image, tag, exact)
      : { image, tag, platform, entry, closeness: 'exact' };
  }
  return traits === undefined ? undefined : relative(reference, platform, traits);
}

/** Figures of another platform stand in where the asked one has none; most images weigh about the same on all. */
function otherPlatform(image: string, tag: string, platforms: Platforms): Match | undefined {
  const [platform, entry] = Object.entries(platforms)[0] ?? [];
  return platform === undefined || entry === undefined
    ? undefined
    : { image, tag, platform, entry, closeness: 'near' };
}

function relative(reference: ImageReference, platform: string, traits: ImageTraits): Match | undefined {
  const { image } = familyTag(reference);
  const version = resolvedVersion(reference, traits);
  // The unprivileged nginx is nginx with other settings.
  const pool = traits.family === 'nginx-unprivileged' ? 'nginx' : traits.family;
  const candidates = relativesOf(pool)
    .filter(
      (row) =>
        sameKind(row, image, traits) &&
        (row.platforms[platform] !== undefined || row.platforms['linux/amd64'] !== undefined),
    )
    .map((row) => {
      const ownPlatform = row.platforms[platform] === undefined ? 'linux/amd64' : platform;
      const isSame =
        row.image === image &&
        row.version === version &&
        row.version !== undefined &&
        row.traits.distribution?.version !== undefined &&
        row.traits.distribution.version === traits.distribution?.version;
      const distance =
        versionDistance(version, row.version) * (isModernJava(traits) ? 0.4 : 1) +
        (row.image === image ? 0 : 0.5) +
        (row.traits.distribution?.version === traits.distribution?.version ? 0 : 0.05) +
        (ownPlatform === platform ? 0 : 0.01);
      return { row, ownPlatform, isSame: isSame && ownPlatform === platform, distance };
    })
    .filter(({ distance }) => distance < farthestRelative)
    .sort((left, right) => left.distance - right.distance);
  const best = candidates[0];
  const entry = best?.row.platforms[best.ownPlatform];
  return best === undefined || entry === undefined
    ? undefined
    : {
        image: best.row.image,
        tag: best.row.tag,
        platform: best.ownPlatform,
        entry,
        closeness: best.isSame ? 'same' : 'near',
      };
}

interface Relative {
  readonly image: string;
  readonly tag: string;
  readonly version: string | undefined;
  readonly traits: ImageTraits;
  readonly platforms: Platforms;
}

/** The rows of a family with their traits. They are worked out once, on the first question about the family. */
const relatives = new Map<string, readonly Relative[]>();

function relativesOf(family: string): readonly Relative[] {
  const known = relatives.get(family);
  if (known !== undefined) {
    return known;
  }
  const rows = Object.entries(images).flatMap(([image, tags]) =>
    Object.entries(tags).flatMap(([tag, platforms]) => {
      const reference = parseImageReference(`${image}:${tag}`);
      const traits = reference === undefined ? undefined : traitsOf(reference);
      return reference === undefined || traits?.family !== family
        ? []
        : [{ image, tag, version: resolvedVersion(reference, traits), traits, platforms }];
    }),
  );
  relatives.set(family, rows);
  return rows;
}

/** Versions of Java from 11 on, of which there are two a year, weigh about the same; those before had no modules. */
function isModernJava({ family, version }: ImageTraits): boolean {
  const major = versionNumbers(version ?? '')[0] ?? 0;
  return major >= 11 && ['eclipse-temurin', 'amazoncorretto', 'openjdk'].includes(family);
}

/** Two images are of one kind when variant, C library and distribution agree; versions may differ. */
function sameKind(row: Relative, image: string, traits: ImageTraits): boolean {
  const sameRepository =
    row.image === image || traits.family === 'distroless' || traits.family === 'nginx-unprivileged';
  return (
    sameRepository &&
    weightKind(row.traits) === weightKind(traits) &&
    row.traits.libc === traits.libc &&
    row.traits.distribution?.id === traits.distribution?.id
  );
}

/** What decides the weight of a variant: distroless' images with the C library differ by few libraries. */
function weightKind({ family, variant }: ImageTraits): string | undefined {
  return family === 'distroless' && ['base', 'base-nossl', 'cc'].includes(variant ?? '') ? 'base' : variant;
}

/** Versions farther apart than this many major ones say nothing about each other. */
const farthestRelative = 5;

/** How far two versions lie apart: a major version counts 1, a minor one a hundredth. */
function versionDistance(asked: string | undefined, known: string | undefined): number {
  if (asked === undefined || known === undefined) {
    return asked === known ? 0 : 1;
  }
  const a = versionNumbers(asked);
  const b = versionNumbers(known);
  const weights = [1, 0.01, 0.0001];
  return weights.reduce(
    (sum, weight, index) => sum + weight * Math.abs((a[index] ?? 0) - (b[index] ?? 0)),
    0,
  );
}

function pullSize(match: Match, platform: string): SizeAnswer {
  const { pull, pullFrom, date } = match.entry;
  if (pull === undefined) {
    return unknownSize(`only the size on disk of ${match.image}:${match.tag} is known`);
  }
  return {
    kind: 'known',
    low: pull,
    high: pull,
    atLeast: false,
    measure: 'pull',
    basis: match.closeness === 'near' ? 'estimated' : 'catalogue',
    source: sourceText(match, pullFrom, platform),
    date,
    platform,
  };
}

function diskSize(match: Match, platform: string, traits: ImageTraits | undefined): SizeAnswer {
  const { disk, diskFrom, pull, pullFrom, date, doubtful } = match.entry;
  const common = { kind: 'known', atLeast: false, measure: 'disk', date, platform } as const;
  if (disk !== undefined) {
    const basis = match.closeness === 'near' || doubtful === true ? 'estimated' : 'catalogue';
    return { ...common, low: disk, high: disk, basis, source: sourceText(match, diskFrom, platform) };
  }
  if (pull === undefined) {
    return unknownSize(`the catalogue has no size of ${match.image}:${match.tag}`);
  }
  const { ratio, kind } = diskRatio(traits);
  const bytes = Math.round(pull * ratio);
  const source = `${ratio} times the pull, as for ${kind}; pull from ${sourceText(match, pullFrom, platform)}`;
  return { ...common, low: bytes, high: bytes, basis: 'estimated', source };
}

function sourceText(match: Match, number: number | undefined, platform: string): string {
  const source = (data.sources[number ?? -1] ?? '').replace('{tag}', match.tag);
  const name = `${match.image}:${match.tag}`;
  switch (match.closeness) {
    case 'exact':
      return source;
    case 'same':
      return `${source}, as ${name}`;
    case 'near':
      return `nearest known: ${name}${match.platform === platform ? '' : ` on ${match.platform}`}, ${source}`;
  }
}
