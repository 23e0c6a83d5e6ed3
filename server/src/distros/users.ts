import type { ImageTraits } from '../images/knowledge.ts';

/** A user to run as: one that is there, or one that a command creates. */
export interface RuntimeUser {
  /** What USER takes. */
  readonly name: string;
  /** What `chown` and `--chown` take. */
  readonly owner: string;
  /** The shell command that creates it; undefined where it is there. */
  readonly create: string | undefined;
}

/** Id for a user where nothing but a number will do: outside the ranges that distributions give away. */
const anonymousId = '10001';

/**
 * The user that a container of an image should run as: the image's own where it has one, else a system user created in
 * the distribution's way, else a bare number, which works in every image but has no home folder.
 * `adduser` is Alpine's here and nowhere else: Debian 13 no longer has it. No uid is given: Ubuntu holds 1000 since 23.04.
 */
export function runtimeUser(traits: ImageTraits | undefined): RuntimeUser {
  // The images of PHP have www-data for the program itself.
  const own = traits?.users?.find((user) => traits.family === 'php' || !isServiceUser(user.name));
  if (own !== undefined && traits?.family === 'dotnet') {
    // A number, as Microsoft advises: by a name, Kubernetes cannot tell that it is not root.
    return { name: '$APP_UID', owner: `${own.name}:${own.name}`, create: undefined };
  }
  if (own !== undefined) {
    return { name: own.name, owner: `${own.name}:${own.name}`, create: undefined };
  }
  const create = traits?.hasShell === false ? undefined : createCommand(traits);
  return create === undefined
    ? { name: `${anonymousId}:${anonymousId}`, owner: `${anonymousId}:${anonymousId}`, create }
    : { name: 'app', owner: 'app:app', create };
}

/** Users that exist for a server of the image rather than for the application. */
function isServiceUser(name: string): boolean {
  return ['nobody', 'ubuntu', 'nginx', 'www-data', 'httpd', 'postgres', 'redis', 'mysql', 'mongodb'].includes(
    name,
  );
}

function createCommand(traits: ImageTraits | undefined): string | undefined {
  if (traits?.packageManager === 'apt' || traits?.tools?.includes('useradd') === true) {
    return 'groupadd --system app && useradd --system --gid app --create-home app';
  }
  return traits?.tools?.includes('addgroup') === true
    ? 'addgroup -S app && adduser -S -G app app'
    : undefined;
}
