import type { ImageTraits, Libc, PackageManager } from '../knowledge.ts';
import type { ImageReference } from '../reference.ts';
import { defaultRelease, resolveVersion } from '../releases.ts';
import { parseTag, releaseOf, type TagWords } from '../tag.ts';

/** What a family is asked about: one tag of one of its repositories. */
export interface FamilyTag {
  /** Repository with its registry, `docker.io/library/` left out: `node`, `gcr.io/distroless/base-debian12`. */
  readonly image: string;
  readonly tag: TagWords;
  /** Version with moving tags resolved: 3.14 for `python:3`. */
  readonly version?: string;
}

/** A set of repositories that hold the same software in several versions and variants. */
export interface Family {
  readonly name: string;
  /** True for the repositories of this family. */
  has(image: string): boolean;
  traits(tag: FamilyTag): Omit<ImageTraits, 'family'>;
  /** References of smaller images of the same version, best known first; sizes decide what is offered. */
  smaller?(tag: FamilyTag): readonly string[];
  /** True where no tag of the family states a version: the repository does, or nothing. */
  readonly hasNoVersionTags?: true;
}

/** The part of the traits that the operating system of an image decides. */
export interface SystemTraits {
  readonly distribution?: { readonly id: string; readonly version?: string };
  readonly libc?: Libc;
  readonly hasShell?: boolean;
  readonly packageManager?: PackageManager;
  readonly tools?: readonly string[];
  readonly missingTools?: readonly string[];
}

/** Names a reference the way the tables do: official images by their bare name, wherever they are mirrored. */
export function imageName(reference: ImageReference): string {
  const { registry, repository } = reference;
  if (registry === 'docker.io' || registry === 'registry-1.docker.io' || registry === 'mirror.gcr.io') {
    return repository.replace(/^library\//, '');
  }
  if (registry === 'public.ecr.aws' && repository.startsWith('docker/library/')) {
    return repository.slice('docker/library/'.length);
  }
  return `${registry}/${repository}`;
}

/** Takes the tag of a reference apart and resolves what moves. No tag stands for `latest`. */
export function familyTag(reference: ImageReference): FamilyTag {
  const image = imageName(reference);
  const tag = parseTag(reference.tag ?? 'latest');
  const named = resolveVersion(image, tag.version ?? tag.words[0]);
  const version =
    named !== undefined && /^\d/.test(named)
      ? named
      : tag.words.some((word) => unreleased.has(word))
        ? undefined
        : resolveVersion(image, undefined);
  return { image, tag, ...(version === undefined ? {} : { version }) };
}

/** Tags of what comes after the newest release. */
const unreleased: ReadonlySet<string> = new Set([
  'edge',
  'tip',
  'devel',
  'rawhide',
  'nightly',
  'canary',
  'unstable',
]);

/** Adds tools to a system; what is added is no longer missing. */
export function withTools(
  system: SystemTraits,
  tools: readonly string[],
  missing: readonly string[] = [],
): SystemTraits {
  const present = [...new Set([...(system.tools ?? []), ...tools])];
  const missingTools = [...new Set([...(system.missingTools ?? []), ...missing])];
  return { ...system, tools: present, missingTools: missingTools.filter((tool) => !present.includes(tool)) };
}

/** Tools that the compilers and version control systems of `buildpack-deps` bring. */
const buildTools = ['curl', 'wget', 'git', 'gcc', 'g++', 'make', 'python3'] as const;

/**
 * Debian without additions: no downloader, no compiler. `adduser` left the base system with Debian 13, because apt
 * no longer depends on it; `useradd` is always there.
 */
export function debian(codename: string | undefined): SystemTraits {
  const version = codename === undefined ? undefined : releaseOf(codename)?.version;
  const number = version === undefined ? undefined : Number(version);
  return {
    distribution: { id: 'debian', ...(version === undefined ? {} : { version }) },
    libc: 'glibc',
    hasShell: true,
    packageManager: 'apt',
    tools: ['bash', 'perl', 'useradd', ...(number !== undefined && number < 13 ? ['adduser'] : [])],
    missingTools: [...buildTools, ...(number !== undefined && number >= 13 ? ['adduser'] : [])],
  };
}

/** Debian with `buildpack-deps` on top, as the full variants of language images have it. */
export function debianWithBuildTools(codename: string | undefined): SystemTraits {
  return withTools(debian(codename), buildTools);
}

/** Ubuntu. From 23.04 on its images hold a user `ubuntu` with uid 1000. */
export function ubuntu(version: string | undefined): SystemTraits {
  return {
    distribution: { id: 'ubuntu', ...(version === undefined ? {} : { version }) },
    libc: 'glibc',
    hasShell: true,
    packageManager: 'apt',
    tools: ['bash', 'perl', 'useradd'],
    missingTools: [...buildTools],
  };
}

/** Alpine: musl, and BusyBox for what Debian has programs of their own. */
export function alpine(version: string | undefined): SystemTraits {
  return {
    distribution: { id: 'alpine', ...(version === undefined ? {} : { version }) },
    libc: 'musl',
    hasShell: true,
    packageManager: 'apk',
    tools: ['wget', 'adduser', 'addgroup'],
    missingTools: ['bash', 'curl', 'git', 'gcc', 'g++', 'make', 'python3', 'perl', 'useradd'],
  };
}

/** A distribution of the Red Hat family. */
export function redHat(
  id: string,
  version: string | undefined,
  packageManager: PackageManager,
): SystemTraits {
  return {
    distribution: { id, ...(version === undefined ? {} : { version }) },
    libc: 'glibc',
    hasShell: true,
    packageManager,
    tools: ['bash'],
    missingTools: ['git', 'gcc', 'g++', 'make', 'wget'],
  };
}

/** An image that holds the program and what it links to, and nothing to type commands into. */
export function shellless(distribution: SystemTraits['distribution'], libc: Libc): SystemTraits {
  return {
    ...(distribution === undefined ? {} : { distribution }),
    libc,
    hasShell: false,
    tools: [],
    missingTools: ['sh', 'bash', 'perl', 'useradd', 'adduser', ...buildTools],
  };
}

/** The users that come with a system, those of Ubuntu from 23.04 on. */
export function systemUsers(system: SystemTraits): Pick<ImageTraits, 'users'> {
  const { distribution } = system;
  const number = Number(distribution?.version ?? 'NaN');
  return distribution?.id === 'ubuntu' && number >= 23.04 ? { users: [{ name: 'ubuntu', uid: 1000 }] } : {};
}

/** The Debian, Ubuntu or Alpine under an official image, as its tag or today's default says. */
export function systemOf(
  tag: FamilyTag,
  onDebian: (codename: string | undefined) => SystemTraits,
): SystemTraits {
  const fallback = defaultRelease(tag.image, tag.version);
  // A moving tag such as `alpine` states its version nowhere: it is that of the newest version.
  if (tag.tag.alpine !== undefined) {
    return alpine(tag.tag.alpine.version ?? fallback.alpine);
  }
  const codename = tag.tag.codename ?? fallback.release;
  const release = codename === undefined ? undefined : releaseOf(codename);
  return release?.id === 'ubuntu' ? ubuntu(release.version) : onDebian(codename);
}

/** True for tags of Windows images. */
export function isWindows(tag: TagWords): boolean {
  return tag.words.some((word) => /^(windowsservercore|nanoserver|windows)/.test(word));
}

/** True where a tag begins with `lts`, `current` or the name of a release line, which stand where versions stand. */
export function namesLine(image: string, { words }: TagWords): boolean {
  const [first = 'latest'] = words;
  return first !== 'latest' && resolveVersion(image, first) !== first;
}

/**
 * The same tag in another variant: `22-bookworm` becomes `22-bookworm-slim` or `22-alpine`. Node's images name the
 * release before the variant, all others after it: `3.12-slim-bookworm`. Undefined for a tag with words that are not
 * understood, whose variants nobody knows.
 */
export function variantTag(tag: FamilyTag, variant: string): string | undefined {
  const { version, codename, words } = tag.tag;
  const head = version ?? (namesLine(tag.image, tag.tag) ? words[0] : undefined);
  const release = variant.includes('alpine') ? undefined : codename;
  const otp = tag.image === 'elixir' ? /-(otp-\d+)/.exec(words.join('-'))?.[1] : undefined;
  const understood = [version, head, codename, 'latest', ...(otp?.split('-') ?? []), ...variantWords];
  if (
    words.some(
      (word) => !understood.includes(word.replace(/^v(?=\d)/, '')) && !/^alpine[\d.]*$/.test(word),
    ) ||
    words.some((word) => unreleased.has(word))
  ) {
    return undefined;
  }
  const parts = tag.image === 'node' ? [head, release, variant] : [head, otp, variant, release];
  return parts.filter((part) => part !== undefined).join('-');
}

/** Words of tags that stand for a variant, which another one takes the place of. */
const variantWords = ['slim', 'cli', 'fpm', 'zts', 'apache', 'management', 'debian'];

/** References of other variants of a tag, those left out that nobody knows. */
export function variantsOf(tag: FamilyTag, variants: readonly string[]): string[] {
  return variants.flatMap((variant) => {
    const other = variantTag(tag, variant);
    return other === undefined ? [] : [`${tag.image}:${other}`];
  });
}
