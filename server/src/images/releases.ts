import data from './data/releases.json' with { type: 'json' };

/** The operating system that a tag stands for when it names none: a Debian or Ubuntu release, an Alpine version. */
export interface DefaultRelease {
  readonly release?: string;
  readonly alpine?: string;
}

interface ImageReleases {
  readonly aliases: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, DefaultRelease>>;
}

const images: Readonly<Record<string, ImageReleases>> = data.images;

/**
 * The version that a moving tag of an official image stands for: `node:lts`, `python:3`, `golang` without a tag.
 * Other versions come back as they are. Source and date are in data/releases.json.
 */
export function resolveVersion(image: string, version: string | undefined): string | undefined {
  const aliases = images[image]?.aliases;
  return aliases?.[version ?? 'latest'] ?? version;
}

/**
 * What `node:22` or `golang:1.26-alpine` is built on today. Unknown for tags with a patch version: they were built
 * on what was current then.
 */
export function defaultRelease(image: string, version: string | undefined): DefaultRelease {
  return (version === undefined ? undefined : images[image]?.versions[version]) ?? {};
}
