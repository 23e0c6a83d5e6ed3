import { table } from '../text/table.ts';
import history from './data/default-releases.json' with { type: 'json' };
import data from './data/releases.json' with { type: 'json' };
import { compareVersions, versionNumbers } from './tag.ts';

/** The operating system that a tag stands for when it names none: a Debian or Ubuntu release, an Alpine version. */
export interface DefaultRelease {
  readonly release?: string;
  readonly alpine?: string;
}

interface ImageReleases {
  readonly aliases: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, DefaultRelease>>;
}

const images: Readonly<Record<string, ImageReleases>> = table(data.images);

/**
 * The version that a moving tag of an official image stands for: `node:lts`, `python:3`, `golang` without a tag.
 * Other versions come back as they are. Source and date are in data/releases.json.
 */
export function resolveVersion(image: string, version: string | undefined): string | undefined {
  const aliases = images[image]?.aliases;
  return aliases?.[version ?? 'latest'] ?? version;
}

/** From which version on an official image was built on which release when its tag named none. */
interface ReleaseHistory {
  /** The newest version that the data speak of. */
  readonly newest: string;
  /** Ascending: the first version of each run, and the release. */
  readonly since: readonly (readonly string[])[];
}

const histories: Readonly<Record<string, ReleaseHistory>> = table(history.images);

/**
 * What `node:22`, `golang:1.26-alpine` or `rust:1.79.0` is built on: of moving tags today's release, of others the one
 * that the image was last built on. Source and date of the latter are in data/default-releases.json.
 */
export function defaultRelease(image: string, version: string | undefined): DefaultRelease {
  if (version === undefined) {
    return {};
  }
  const release = lastRelease(image, version);
  return images[image]?.versions[version] ?? (release === undefined ? {} : { release });
}

/** The release under the last build of a version that is no longer built; a version of two numbers means its last patch. */
function lastRelease(image: string, version: string): string | undefined {
  const known = histories[image];
  const length = versionNumbers(known?.newest ?? '').length;
  if (known === undefined || !/^\d+(?:\.\d+)*$/.test(version) || compareVersions(version, known.newest) > 0) {
    return undefined;
  }
  const parts = version.split('.');
  const last = [...parts, ...Array<string>(Math.max(length - parts.length, 0)).fill('999999')].join('.');
  return known.since.findLast(([first = '']) => compareVersions(first, last) <= 0)?.[1];
}
