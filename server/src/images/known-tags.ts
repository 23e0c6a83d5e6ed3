import { catalogueTags } from './catalogue.ts';
import type { ImageFacts, ImageKnowledge } from './knowledge.ts';
import type { ImageReference } from './reference.ts';
import { compareVersions, parseTag } from './tag.ts';

/**
 * Tags of an image that the catalogue holds, with what is known of each, for completion: the newest version first, and
 * of one version the smallest image. The tag of `reference` does not matter.
 */
export function knownTags(
  reference: ImageReference,
  platform: string | undefined,
  knowledge: ImageKnowledge,
): readonly ImageFacts[] {
  return [...catalogueTags(reference)]
    .sort(newestFirst)
    .map((tag) =>
      knowledge.peek({ registry: reference.registry, repository: reference.repository, tag }, platform),
    )
    .sort((a, b) => byVersion(a.reference.tag ?? '', b.reference.tag ?? '') || weightOf(a) - weightOf(b));
}

/** What is not known is not called small. */
function weightOf({ disk }: ImageFacts): number {
  return disk.kind === 'known' ? disk.low : Number.MAX_VALUE;
}

/** The newest version first, and last what states no version. */
function byVersion(left: string, right: string): number {
  const [a, b] = [parseTag(left).version, parseTag(right).version];
  return a === undefined || b === undefined
    ? Number(a === undefined) - Number(b === undefined)
    : compareVersions(b, a);
}

/** Orders tags: the newest version first, of one version the shortest tag, and last what states no version. */
export function newestFirst(left: string, right: string): number {
  return byVersion(left, right) || left.length - right.length || left.localeCompare(right, 'en');
}
