import { memoize, memoizeFor } from '../text/memoize.ts';

/** An image name parsed as Docker does it: `[registry/]repository[:tag][@digest]`. */
export interface ImageReference {
  /** Host and port of the registry; `docker.io` where the name has none. */
  readonly registry: string;
  /** Path in the registry, with `library/` added for Docker's official images. */
  readonly repository: string;
  /** The tag as written; undefined where there is none (the engine then takes `latest`, unless a digest is given). */
  readonly tag?: string;
  readonly digest?: string;
}

// The grammar is that of the distribution project (reference.Grammar), the limits those of its parser.
const hostPattern =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::\d+)?$/;
const componentPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
const longestRepository = 255;

/** How many names are memoized: more than a file has, and every rule asks for them with every change. */
const mostNames = 1000;

/**
 * Parses an image name. Returns undefined when Docker would refuse it (upper case in the repository, an empty tag,
 * a digest of the wrong length, a variable that is not resolved).
 */
export const parseImageReference = memoize((name: string): ImageReference | undefined => {
  const at = name.indexOf('@');
  const digest = at < 0 ? undefined : name.slice(at + 1);
  const beforeDigest = at < 0 ? name : name.slice(0, at);
  const colon = beforeDigest.lastIndexOf(':');
  const hasTag = colon > beforeDigest.lastIndexOf('/');
  const tag = hasTag ? beforeDigest.slice(colon + 1) : undefined;
  const { registry, repository } = splitRegistry(hasTag ? beforeDigest.slice(0, colon) : beforeDigest);
  const isValid =
    hostPattern.test(registry) &&
    repository.length <= longestRepository &&
    repository.split('/').every((component) => componentPattern.test(component)) &&
    // 64 hexadecimal digits are the id of an image, never its name.
    !/^[0-9a-f]{64}$/.test(name) &&
    (tag === undefined || tagPattern.test(tag)) &&
    (digest === undefined || digestPattern.test(digest));
  return isValid
    ? {
        registry,
        repository,
        ...(tag === undefined ? {} : { tag }),
        ...(digest === undefined ? {} : { digest }),
      }
    : undefined;
}, mostNames);

/** The short form people write: `node:22`, `ghcr.io/a/b:1`, the defaults left out. */
export const formatImageReference = memoizeFor((reference: ImageReference): string => {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${formatRepository(reference)}${tag}${digest}`;
});

/** The name of an image on Docker Hub, with the registry spelt out as far as `written` does: `docker.io/library/node:22`. */
export function formatAsWritten(reference: ImageReference, written: string): string {
  const name = formatImageReference(reference);
  const spelt = /^docker\.io\/(?:library\/)?/.exec(written)?.[0];
  if (spelt === undefined || reference.registry !== 'docker.io' || name.startsWith('docker.io/')) {
    return name;
  }
  return `${reference.repository.startsWith('library/') ? spelt : 'docker.io/'}${name}`;
}

/** The short form without tag and digest: `node`, `ghcr.io/a/b`. */
export function formatRepository({ registry, repository }: ImageReference): string {
  const [first = '', ...rest] = repository.split('/');
  if (registry !== 'docker.io') {
    return `${registry}/${repository}`;
  }
  if (first === 'library' && rest.length === 1) {
    return rest.join('/');
  }
  // Without its registry, `docker.io/a.b/c` would be taken for `c` on the registry a.b.
  return rest.length > 0 && isRegistry(first) ? `${registry}/${repository}` : repository;
}

/** What stands before the first slash decides: a registry, or the first part of a repository of Docker Hub. */
function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = isRegistry(first);
  const registry = hasRegistry ? first : 'docker.io';
  const repository = hasRegistry ? name.slice(slash + 1) : name;
  if (registry !== 'docker.io' && registry !== 'index.docker.io') {
    return { registry, repository };
  }
  return {
    registry: 'docker.io',
    repository: repository.includes('/') ? repository : `library/${repository}`,
  };
}

/** A registry has a dot or a colon, is `localhost`, or has upper case letters, which no repository may have. */
function isRegistry(first: string): boolean {
  return /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
}
