import { table } from '../../text/table.ts';
import type { ImageTraits } from '../knowledge.ts';
import { formatImageReference, type ImageReference, parseImageReference } from '../reference.ts';

/** The images that a final stage starts from. Plans say what they need; which image that is, with its tag, stands here. */

/** The releases of Debian that the distroless images exist for (GoogleContainerTools/distroless, README, read 2026-11-30). */
const distrolessReleases = ['12', '13'] as const;
type DistrolessRelease = (typeof distrolessReleases)[number];

/** What a distroless image has: no library, the C library, the C++ library as well. */
export type DistrolessKind = 'static' | 'base' | 'cc';

/** The distroless image of one release of Debian, the newest where none is named. It runs as root. */
export function distrolessImage(kind: DistrolessKind, release: DistrolessRelease = '13'): string {
  return `gcr.io/distroless/${kind}-debian${release}`;
}

/** The same image, run as its own user. */
export function asNonRoot(image: string): string {
  return `${image}:nonroot`;
}

/** The image of the same name that runs as root, for a program that only root can reach. */
export function asRoot(image: string): string {
  return image.replace(/:nonroot$/, '');
}

/** The release of Debian that an image is built on; undefined where distroless has none of it. */
export function distrolessRelease(traits: ImageTraits | undefined): DistrolessRelease | undefined {
  const { id, version } = traits?.distribution ?? {};
  const release = version?.split('.')[0];
  return id === 'debian' ? distrolessReleases.find((one) => one === release) : undefined;
}

const debianReleases: Readonly<Record<string, string>> = table({
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
});

/**
 * The plain image of the system that an image is built on, so that what was linked there runs there. What is linked to
 * nothing but the C library (`isPlain`) also runs on a newer release, where the image does not say which it has.
 */
export function systemBase(traits: ImageTraits | undefined, isPlain = false): string | undefined {
  const { id, version } = traits?.distribution ?? {};
  if (id === 'alpine') {
    return version === undefined ? 'alpine' : `alpine:${version}`;
  }
  const name = id === 'debian' ? debianReleases[version?.split('.')[0] ?? ''] : undefined;
  if (name !== undefined) {
    return `debian:${name}-slim`;
  }
  if (id === 'debian' && version === undefined && isPlain) {
    return 'debian:trixie-slim';
  }
  return id === 'ubuntu' && version !== undefined ? `ubuntu:${version}` : undefined;
}

/** Java without its compiler; `release` is the name of the Ubuntu below, as the tags of Temurin write it. */
export function jreImage(version: number, isMusl: boolean, release?: string): string {
  const suffix = isMusl ? '-alpine' : release === undefined ? '' : `-${release}`;
  return `eclipse-temurin:${version}-jre${suffix}`;
}

type DotnetKind = 'runtime-deps' | 'aspnet' | 'runtime';

/**
 * What runs the programs that an image of the .NET SDK builds, in the same version and on the same system. Undefined for
 * other images and for tags that are not written out. The images up to .NET Core 3.1 lie below dotnet/core.
 */
export function dotnetImages(sdk: ImageReference | undefined): ((kind: DotnetKind) => string) | undefined {
  const folder = /^(dotnet\/(?:core\/)?)sdk$/.exec(sdk?.repository ?? '')?.[1];
  const tag = sdk?.tag?.replace(/^(\d+\.\d+)\.\d+/, '$1');
  return sdk?.registry !== 'mcr.microsoft.com' || folder === undefined || tag === undefined
    ? undefined
    : (kind) => `mcr.microsoft.com/${folder}${kind}:${tag}`;
}

/** The image of Python that an image of uv is built on: the interpreter lies at the same place in both. */
export function pythonBelowUv(image: string): string | undefined {
  const match =
    /^ghcr\.io\/astral-sh\/uv:(?:[\d.]+-)?python([\d.]+)-(bookworm|trixie|alpine)(?:-slim)?$/.exec(image);
  if (match === null) {
    return undefined;
  }
  return match[2] === 'alpine' ? `python:${match[1]}-alpine` : `python:${match[1]}-slim-${match[2]}`;
}

/**
 * The slim image with the same Erlang as one of Gleam's own images; undefined for others (gleam-lang/gleam, its
 * release workflow, read 2026-11-30).
 */
export function erlangBelowGleam(image: string): string | undefined {
  return /^ghcr\.io\/gleam-lang\/gleam:v\d+(?:\.\d+){2}-erlang$/.test(image) ? `${image}-slim` : undefined;
}

/** A web server that runs as a user of its own and listens on 8080. */
export const webServer = 'nginxinc/nginx-unprivileged:stable-alpine';

/** The slim variant beside an image on Alpine, in the same version; undefined for images that are not on Alpine. */
export function slimInPlaceOfAlpine(reference: ImageReference): string | undefined {
  const tag = reference.tag?.replace(/alpine[\d.]*$/, 'slim');
  return tag === undefined || tag === reference.tag
    ? undefined
    : formatImageReference({ registry: reference.registry, repository: reference.repository, tag });
}

/** True for the images that hold a program and what it links to, and nothing else. */
export function isDistroless(image: string): boolean {
  return parseImageReference(image)?.repository.startsWith('distroless/') === true;
}
