import { createdUsers } from '../../distros/created-users.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import type { Stage, Step } from '../../model/dockerfile.ts';

/** A user other than root that a step runs as. */
export interface StepUser {
  /** As USER says it, without its group; the name where a number is known to be somebody's. */
  readonly name: string;
  /** Undefined where only the distribution knows it. */
  readonly uid: number | undefined;
  /** Undefined for a number that belongs to nobody. */
  readonly home: string | undefined;
}

/** The user that a step runs as; undefined where it is root, or not known. */
export function stepUser(stage: Stage, step: Step, traits: ImageTraits | undefined): StepUser | undefined {
  const written = step.before.user ?? traits?.defaultUser;
  const [name = ''] = written?.split(':') ?? [];
  if (name === '' || /^(?:root|0)$/.test(name) || name.includes('$')) {
    return undefined;
  }
  const known = [...createdUsers(stage), ...(traits?.users ?? [])].find(
    (user) => user.name === name || String(user.uid) === name,
  );
  const uid = /^\d+$/.test(name) ? Number(name) : known?.uid;
  return {
    name: known?.name ?? name,
    uid,
    home: known === undefined ? undefined : homeOf(known),
  };
}

/** Homes of the distributions' own users; undefined for those that have none to write to. */
const ownHomes = new Map<string, string | undefined>([
  ['www-data', '/var/www'],
  ['nobody', undefined],
  ['daemon', undefined],
  ['nginx', undefined],
]);

function homeOf({ name, home }: { readonly name: string; readonly home?: string }): string | undefined {
  return home ?? (ownHomes.has(name) ? ownHomes.get(name) : `/home/${name}`);
}
