import { catalogueTags } from './catalogue.ts';
import type { ImageFacts, ImageKnowledge } from './knowledge.ts';
import type { ImageReference } from './reference.ts';
import { compareVersions, parseTag } from './tag.ts';

/**
 * Tags of an image that the catalogue holds, with what is known of each, for completion: the newest version first, and
 * of one version the plain tag before its variants. The tag of `reference` does not matter.
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
    );
}

/** Orders tags: the newest version first, of one version the shortest tag, and last what states no version. */
export function newestFirst(left: string, right: string): number {
  const [a, b] = [parseTag(left).version, parseTag(right).version];
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined) || left.length - right.length;
  }
  return compareVersions(b, a) || left.length - right.length || left.localeCompare(right, 'en');
}
