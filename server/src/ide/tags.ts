import type { ImageFacts, ImageKnowledge } from '../images/knowledge.ts';
import { knownTags, newestFirst } from '../images/known-tags.ts';
import { type ImageReference, parseImageReference } from '../images/reference.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { type Span, touches } from '../text/span.ts';
import { imagePlaces } from './named-images.ts';

/** A tag that is being typed, or would be typed at this place. */
export interface TagPlace {
  /** The tag as it stands, which may be empty; what is chosen takes its place. */
  readonly span: Span;
  /** The image without a tag. */
  readonly repository: ImageReference;
  readonly platform: string | undefined;
}

/** More entries than these make a list that nobody reads. */
const mostTags = 100;

/**
 * The tag at a place in a FROM or in `COPY --from`. Undefined elsewhere, where a variable hides the image, and where a
 * digest follows, which belongs to the tag as it is.
 */
export function tagPlaceAt(dockerfile: Dockerfile, offset: number): TagPlace | undefined {
  const place = imagePlaces(dockerfile).find(({ span }) => touches(span, offset));
  if (place === undefined) {
    return undefined;
  }
  const { span, platform } = place;
  const text = dockerfile.text.slice(span.start, span.end);
  const colon = text.lastIndexOf(':');
  const name = text.slice(0, Math.max(colon, 0));
  const repository = parseImageReference(name);
  const isTag =
    colon > text.lastIndexOf('/') && offset > span.start + colon && /^[\w.-]*$/.test(text.slice(colon + 1));
  // What stands behind `localhost:` or `registry.example:` may be a port as well.
  const isHost = !name.includes('/') && (name.includes('.') || name === 'localhost');
  return !isTag || isHost || repository === undefined || repository.tag !== undefined
    ? undefined
    : { span: { start: span.start + colon + 1, end: span.end }, repository, platform };
}

/**
 * Tags for a place with what is known of each, the best first: those of the catalogue, then what else the registry has
 * that holds what was typed. `isCut` says that there is more.
 */
export function tagsFor(
  { repository, platform }: Pick<TagPlace, 'repository' | 'platform'>,
  typed: string,
  images: ImageKnowledge,
  listed: readonly string[],
): { readonly tags: readonly ImageFacts[]; readonly isCut: boolean } {
  const known = knownTags(repository, platform, images);
  const names = new Set(known.map(({ reference }) => reference.tag));
  const others = listed
    .filter((tag) => !names.has(tag) && tag.includes(typed.toLowerCase()) && !isAttachment(tag))
    .sort(newestFirst);
  const room = Math.max(0, mostTags - known.length);
  return {
    tags: [...known, ...others.slice(0, room).map((tag) => images.peek({ ...repository, tag }, platform))],
    isCut: others.length > room,
  };
}

/** Signatures and lists of contents stand beside the images they belong to, under tags that are digests. */
function isAttachment(tag: string): boolean {
  return /^sha(?:256|512)-[0-9a-f]{64}/.test(tag);
}
