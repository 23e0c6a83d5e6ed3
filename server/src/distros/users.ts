import type { ImageTraits } from '../images/knowledge.ts';

/** A user to run as: one that the image has, or one that a command creates. */
export interface RuntimeUser {
  /** What USER takes. */
  readonly name: string;
  /** `user:group` for ownership of files. */
  readonly owner: string;
  /** The shell command that creates it; undefined where the image has it. */
  readonly create: string | undefined;
}

/** Id for a user where nothing but a number will do: outside the ranges that distributions give away. */
const anonymousId = '10001';

/**
 * The user that a container of an image should run as: the image's own where it has one, else a system user created in
 * the distribution's way, else a bare number, which works in every image but has no home folder.
 * `adduser` is Alpine's here and nowhere else: Debian 13 no longer has it.
 */
export function runtimeUser(traits: ImageTraits | undefined): RuntimeUser {
  const own = traits?.users?.find((user) => !isServiceUser(user.name));
  if (own !== undefined) {
    return { name: own.name, owner: `${own.name}:${own.name}`, create: undefined };
  }
  const create = traits?.hasShell === false ? undefined : createCommand(traits);
  return create === undefined
    ? { name: `${anonymousId}:${anonymousId}`, owner: `${anonymousId}:${anonymousId}`, create: undefined }
    : { name: 'app', owner: 'app:app', create };
}

/** Users that exist for a server of the image rather than for the application. */
function isServiceUser(name: string): boolean {
  return ['nobody', 'ubuntu', 'nginx', 'www-data', 'httpd', 'postgres', 'redis', 'mysql', 'mongodb'].includes(
    name,
  );
}

function createCommand(traits: ImageTraits | undefined): string | undefined {
  switch (traits?.packageManager) {
    case 'apk':
      return 'addgroup -S app && adduser -S -G app app';
    case 'apt':
      return 'groupadd --system app && useradd --system --gid app --create-home app';
    case 'dnf':
    case 'microdnf':
    case 'yum':
    case 'zypper':
      // The small images of this family come without useradd (package shadow-utils).
      return traits.tools?.includes('useradd') === true
        ? 'groupadd --system app && useradd --system --gid app --create-home app'
        : undefined;
    default:
      return undefined;
  }
}
