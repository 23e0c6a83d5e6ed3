import type { ImageTraits } from '../images/knowledge.ts';

/** A user to run as: one that is there, or one that a command creates. */
export interface RuntimeUser {
  /** What USER takes: a number, wherever it is known, because Kubernetes' `runAsNonRoot` refuses a name. */
  readonly id: string;
  /** The name that belongs to the number, for people; undefined where there is none. */
  readonly name: string | undefined;
  /** What `chown` and `--chown` take. */
  readonly owner: string;
  /** The shell command that creates it; undefined where it is there. */
  readonly create: string | undefined;
}

/** Id for a user that is created, or that exists as a number only: outside the ranges that distributions give away. */
export const createdId = '10001';

/**
 * The user that a container of an image should run as: the image's own where it has one, else a system user created in
 * the distribution's way, else a bare number, which works in every image but has no home folder.
 * `adduser` is Alpine's here and nowhere else: Debian 13 no longer has it. The uid is fixed and high: Ubuntu holds 1000
 * since 23.04.
 */
export function runtimeUser(traits: ImageTraits | undefined): RuntimeUser {
  // The images of PHP have www-data for the program itself.
  const own = traits?.users?.find((user) => traits.family === 'php' || !isServiceUser(user.name));
  if (own !== undefined) {
    // Microsoft's images hold the number in a variable, and advise to use it.
    const id = traits?.family === 'dotnet' ? '$APP_UID' : String(own.uid);
    return { id, name: own.name, owner: `${own.name}:${own.name}`, create: undefined };
  }
  const create = traits?.hasShell === false ? undefined : createCommand(traits);
  return create === undefined
    ? { id: `${createdId}:${createdId}`, name: undefined, owner: `${createdId}:${createdId}`, create }
    : { id: createdId, name: 'app', owner: 'app:app', create };
}

/** The user of a name that the Dockerfile makes or names itself; by its number where that is known. */
export function namedUser(
  name: string,
  uid: number | undefined,
  traits: ImageTraits | undefined,
): RuntimeUser {
  if (/^[\d:$]/.test(name)) {
    return { id: name, name: undefined, owner: name, create: undefined };
  }
  // `USER name:group`
  const [own = '', ...group] = name.split(':');
  const number = uid ?? traits?.users?.find((user) => user.name === own)?.uid;
  const id = number === undefined ? name : [number, ...group].join(':');
  return { id, name: own, owner: name, create: undefined };
}

/** Users that exist for a server of the image rather than for the application. */
function isServiceUser(name: string): boolean {
  return ['nobody', 'ubuntu', 'nginx', 'www-data', 'httpd', 'postgres', 'redis', 'mysql', 'mongodb'].includes(
    name,
  );
}

function createCommand(traits: ImageTraits | undefined): string | undefined {
  if (traits?.packageManager === 'apt' || traits?.tools?.includes('useradd') === true) {
    return `groupadd --gid ${createdId} app && useradd --uid ${createdId} --gid app --create-home app`;
  }
  return traits?.tools?.includes('addgroup') === true
    ? `addgroup -S -g ${createdId} app && adduser -S -u ${createdId} -G app app`
    : undefined;
}
