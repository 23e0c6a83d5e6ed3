import type { KnownSize, SizeAnswer, SizeMeasure } from '../sizes/size.ts';
import { catalogueSizes } from './catalogue.ts';
import { endOfLifeOf } from './end-of-life.ts';
import { smallerReferences, traitsOf } from './families/index.ts';
import type { ImageFacts, ImageKnowledge } from './knowledge.ts';
import { normalizePlatform } from './platform.ts';
import { formatImageReference, type ImageReference, parseImageReference } from './reference.ts';

/** What is known without a network: the bundled sizes, the facts of image families, the end-of-life table. */
export function createCatalogueKnowledge(): ImageKnowledge {
  return {
    peek: catalogueFacts,
    smallerVariants: (reference, platform) => smallerVariants(reference, platform, catalogueFacts),
  };
}

/**
 * Smaller images of the same version, judged by what `peek` says of each; the smallest first, those of unknown size
 * last. A variant that is known to be no smaller is left out.
 */
export function smallerVariants(
  reference: ImageReference,
  platform: string | undefined,
  peek: ImageKnowledge['peek'],
): readonly ImageFacts[] {
  const own = peek(reference, platform);
  return smallerReferences(reference)
    .map((name) => parseImageReference(name))
    .filter((variant) => variant !== undefined)
    .map((variant) => peek(variant, platform))
    .filter((variant) => isNotLarger(variant, own))
    .sort((left, right) => weight(left) - weight(right));
}

/** Facts by image and platform. Many rules ask about the few images of a file, again with every change of it. */
const memoized = new Map<string, ImageFacts>();
const mostMemoized = 500;

/** Facts of the catalogue about one image on one platform. */
export function catalogueFacts(reference: ImageReference, platform?: string): ImageFacts {
  const asked = normalizePlatform(platform);
  const key = `${formatImageReference(reference)} ${asked}`;
  let facts = memoized.get(key);
  if (facts === undefined) {
    if (memoized.size >= mostMemoized) {
      memoized.clear();
    }
    facts = findFacts(reference, asked);
    memoized.set(key, facts);
  }
  return facts;
}

function findFacts(reference: ImageReference, asked: string): ImageFacts {
  const traits = traitsOf(reference);
  if (traits?.family === 'scratch') {
    return { reference, platform: asked, traits, pull: nothing('pull'), disk: nothing('disk'), layers: 0 };
  }
  const { pull, disk } = catalogueSizes(reference, asked, traits);
  const endOfLife = endOfLifeOf(reference, traits);
  return {
    reference,
    platform: asked,
    ...(traits === undefined ? {} : { traits }),
    pull,
    disk,
    ...(endOfLife === undefined ? {} : { endOfLife }),
  };
}

/** `scratch` is no image at all, but the word for an empty start. */
function nothing(measure: SizeMeasure): KnownSize {
  return {
    kind: 'known',
    low: 0,
    high: 0,
    atLeast: false,
    measure,
    basis: 'measured',
    source: 'scratch is empty by definition',
    date: '2014-04',
  };
}

function isNotLarger(variant: ImageFacts, own: ImageFacts): boolean {
  const disk = compareSizes(variant.disk, own.disk);
  return (disk ?? compareSizes(variant.pull, own.pull) ?? -1) < 0;
}

function compareSizes(left: SizeAnswer, right: SizeAnswer): number | undefined {
  return left.kind === 'known' && right.kind === 'known' ? left.high - right.high : undefined;
}

function weight(facts: ImageFacts): number {
  return facts.disk.kind === 'known' ? facts.disk.high : Number.POSITIVE_INFINITY;
}
