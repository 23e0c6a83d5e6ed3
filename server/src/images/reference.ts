/** An image name taken apart as Docker does it: `[registry/]repository[:tag][@digest]`. */
export interface ImageReference {
  /** Host and port of the registry; `docker.io` where the name has none. */
  readonly registry: string;
  /** Path in the registry, with `library/` added for Docker's official images. */
  readonly repository: string;
  /** The tag as written; undefined where there is none (the engine then takes `latest`, unless a digest is given). */
  readonly tag?: string;
  readonly digest?: string;
}

const hostLike = /[.:]|^localhost$/;
const repositoryPattern =
  /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;

/**
 * Parses an image name. Returns undefined when Docker would refuse it (upper case in the repository, an empty tag,
 * a variable that is not resolved).
 */
export function parseImageReference(name: string): ImageReference | undefined {
  let rest = name;
  let digest: string | undefined;
  const at = rest.indexOf('@');
  if (at >= 0) {
    digest = rest.slice(at + 1);
    rest = rest.slice(0, at);
    if (!digestPattern.test(digest)) {
      return undefined;
    }
  }
  let tag: string | undefined;
  const colon = rest.lastIndexOf(':');
  if (colon > rest.lastIndexOf('/')) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
    if (!tagPattern.test(tag)) {
      return undefined;
    }
  }
  const slash = rest.indexOf('/');
  const first = slash < 0 ? '' : rest.slice(0, slash);
  let registry = 'docker.io';
  let repository = rest;
  if (first !== '' && (hostLike.test(first) || first !== first.toLowerCase())) {
    registry = first;
    repository = rest.slice(slash + 1);
  }
  if (registry === 'index.docker.io') {
    registry = 'docker.io';
  }
  if (!repositoryPattern.test(repository)) {
    return undefined;
  }
  if (registry === 'docker.io' && !repository.includes('/')) {
    repository = `library/${repository}`;
  }
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The short form people write: `node:22`, `ghcr.io/a/b:1`, the defaults left out. */
export function formatImageReference(reference: ImageReference): string {
  const repository =
    reference.registry === 'docker.io'
      ? reference.repository.replace(/^library\//, '')
      : `${reference.registry}/${reference.repository}`;
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${repository}${tag}${digest}`;
}
