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
    .sort(byVersion)
    .map((tag) =>
      knowledge.peek({ registry: reference.registry, repository: reference.repository, tag }, platform),
    );
}

function byVersion(left: string, right: string): number {
  const [a, b] = [parseTag(left).version, parseTag(right).version];
  if (a === undefined || b === undefined) {
    // `latest` and `alpine` stand behind what says which version it is.
    return Number(a === undefined) - Number(b === undefined) || left.length - right.length;
  }
  return compareVersions(b, a) || left.length - right.length || left.localeCompare(right, 'en');
}
