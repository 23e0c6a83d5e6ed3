/** A tag of an image split into the words that images of one kind share. */
export interface TagWords {
  /** The first word that starts with a digit, such as `22`, `3.12.1`, `8u412`; not set for `latest` or `slim`. */
  readonly version?: string;
  /** Name of a Debian or Ubuntu release that the tag states. */
  readonly codename?: string;
  /** Set when the tag names Alpine; the version is there when the tag states it. */
  readonly alpine?: { readonly version?: string };
  /** Every word in lower case, in order, the version included. */
  readonly words: readonly string[];
}

/** Version numbers of Debian and Ubuntu releases by the names that tags use. */
const codenames: ReadonlyMap<string, { readonly id: 'debian' | 'ubuntu'; readonly version: string }> =
  new Map([
    ['wheezy', { id: 'debian', version: '7' }],
    ['jessie', { id: 'debian', version: '8' }],
    ['stretch', { id: 'debian', version: '9' }],
    ['buster', { id: 'debian', version: '10' }],
    ['bullseye', { id: 'debian', version: '11' }],
    ['bookworm', { id: 'debian', version: '12' }],
    ['trixie', { id: 'debian', version: '13' }],
    ['trusty', { id: 'ubuntu', version: '14.04' }],
    ['xenial', { id: 'ubuntu', version: '16.04' }],
    ['bionic', { id: 'ubuntu', version: '18.04' }],
    ['focal', { id: 'ubuntu', version: '20.04' }],
    ['jammy', { id: 'ubuntu', version: '22.04' }],
    ['noble', { id: 'ubuntu', version: '24.04' }],
    ['resolute', { id: 'ubuntu', version: '26.04' }],
  ]);

/** The names of releases that tags state: `bookworm`, `noble` … */
export const releaseNames: readonly string[] = [...codenames.keys()];

/** Takes a tag apart: `22.3-bookworm-slim` has version 22.3, codename bookworm, and the words of all three. */
export function parseTag(tag: string): TagWords {
  const words = tag.toLowerCase().split('-');
  const version = words.find((word) => /^v?\d/.test(word));
  const codename = words.find((word) => codenames.has(word));
  const alpineAt = words.findIndex((word) => /^alpine(\d+\.\d+(\.\d+)?)?$/.test(word));
  const alpineWord = words[alpineAt];
  // Some write the version as a word of its own: `21-jre-alpine-3.22`.
  const wordAfter =
    alpineWord === undefined ? undefined : /^3\.\d+(?:\.\d+)?$/.exec(words[alpineAt + 1] ?? '')?.[0];
  const alpineVersion = alpineWord?.slice('alpine'.length) || wordAfter;
  return {
    ...(version === undefined || version === wordAfter ? {} : { version: version.replace(/^v/, '') }),
    ...(codename === undefined ? {} : { codename }),
    ...(alpineWord === undefined ? {} : { alpine: alpineVersion ? { version: alpineVersion } : {} }),
    words,
  };
}

/** The release that a codename stands for: `bookworm` is Debian 12, `noble` is Ubuntu 24.04. */
export function releaseOf(
  codename: string,
): { readonly id: 'debian' | 'ubuntu'; readonly version: string } | undefined {
  return codenames.get(codename);
}

/** The codename of a release, the inverse of {@link releaseOf}. */
export function codenameOf(id: string, version: string): string | undefined {
  for (const [name, release] of codenames) {
    if (release.id === id && release.version === version) {
      return name;
    }
  }
  return undefined;
}

/** The numbers of a version: `3.12.1` gives 3, 12, 1; `8u412` gives 8; a version without a number gives none. */
export function versionNumbers(version: string): readonly number[] {
  const head = /^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '';
  return head === '' ? [] : head.split('.').map(Number);
}

/** Orders versions by their numbers; a missing part counts as zero. */
export function compareVersions(left: string, right: string): number {
  const a = versionNumbers(left);
  const b = versionNumbers(right);
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
