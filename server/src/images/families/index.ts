import { environmentOf } from '../environment.ts';
import type { ImageTraits } from '../knowledge.ts';
import {
  formatImageReference,
  formatRepository,
  type ImageReference,
  parseImageReference,
} from '../reference.ts';
import { compilerFamilies } from './compiler-images.ts';
import { distributionFamilies } from './distributions.ts';
import { dotnetFamily } from './dotnet.ts';
import { type Family, familyTag, imageName, namesLine } from './family.ts';
import { javaFamilies } from './java.ts';
import { languageFamilies } from './languages.ts';
import { pythonImages } from './python-images.ts';
import { serverFamilies } from './servers.ts';
import { shelllessFamilies } from './shellless.ts';

const families: readonly Family[] = [
  ...languageFamilies,
  ...pythonImages,
  ...javaFamilies,
  ...compilerFamilies,
  ...distributionFamilies,
  ...serverFamilies,
  dotnetFamily,
  ...shelllessFamilies,
];

/** What is known of an image by its name and tag alone; undefined for images of no known family. */
export function traitsOf(reference: ImageReference): ImageTraits | undefined {
  const family = familyOf(reference);
  if (family === undefined) {
    return undefined;
  }
  const environment = environmentOf(family.name);
  return {
    family: family.name,
    ...(environment === undefined ? {} : { environment }),
    ...family.traits(familyTag(reference)),
  };
}

/** Names of smaller images of the same version, whether or not their sizes are known. */
export function smallerReferences(reference: ImageReference): readonly string[] {
  const family = familyOf(reference);
  const own = formatImageReference(reference);
  const image = imageName(reference);
  return (
    (family?.smaller?.(familyTag(reference)) ?? [])
      // A mirror has the variants of what it mirrors.
      .map((name) =>
        name.startsWith(`${image}:`) ? `${formatRepository(reference)}${name.slice(image.length)}` : name,
      )
      .filter((name) => name !== own)
  );
}

/** The slim variant of the same image, version and release; undefined where none is known to exist. */
export function slimReference(reference: ImageReference): ImageReference | undefined {
  return smallerReferences(reference)
    .flatMap((name) => parseImageReference(name) ?? [])
    .find((other) => other.repository === reference.repository && traitsOf(other)?.variant === 'slim');
}

/**
 * The tag of a version in place of one that moves: `22` for `latest`, `22-slim` for `slim`. Undefined for images whose tags
 * state no version, and where a tag of that version is not known to exist.
 */
export function pinnedTag(reference: ImageReference, version: string): string | undefined {
  const family = familyOf(reference);
  const { tag } = familyTag(reference);
  if (family === undefined || family.hasNoVersionTags === true || !/^\d+(?:\.\d+)*$/.test(version)) {
    return undefined;
  }
  if (reference.tag === undefined || reference.tag === 'latest') {
    return version;
  }
  // A patch version may be older than a release of the distribution, and then has no image on it.
  const isDated =
    version.split('.').length > 2 && (tag.codename !== undefined || tag.alpine?.version !== undefined);
  const line = isDated ? version.split('.').slice(0, 2).join('.') : version;
  return family.name === 'deno' ? `${tag.words.join('-')}-${version}` : `${line}-${reference.tag}`;
}

/** The version of what an image ships, with moving tags resolved; families that derive it from names know better. */
export function resolvedVersion(reference: ImageReference, traits: ImageTraits): string | undefined {
  const { tag, version } = familyTag(reference);
  return traits.version !== undefined && traits.version !== tag.version ? traits.version : version;
}

/**
 * True for a tag that names a variant and no version: `slim` of python. Like `latest` it moves with every release; names
 * of release lines, such as `lts`, or of distributions, such as `bookworm`, and of what is not released yet are somebody's choice.
 */
export function namesVariantOnly(reference: ImageReference): boolean {
  const { image, tag, version } = familyTag(reference);
  const isDistribution = distributionFamilies.some((family) => family.has(image));
  return !isDistribution && tag.version === undefined && version !== undefined && !namesLine(image, tag);
}

/** The family an image belongs to; undefined for images of no known one. */
export function familyNameOf(reference: ImageReference): string | undefined {
  return familyOf(reference)?.name;
}

function familyOf(reference: ImageReference): Family | undefined {
  const name = imageName(reference);
  return families.find((family) => family.has(name));
}
