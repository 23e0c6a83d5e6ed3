import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** The user that an image's USER value means in its own /etc/passwd; throws for a name that is not there, as engines do. */
export function findUser(root: string, value: string): User {
  const [name = '', group] = (value === '' ? 'root' : value).split(':');
  const users = readTable(join(root, 'etc/passwd'));
  const entry = users.find((fields) => fields[0] === name || fields[2] === name);
  if (entry === undefined && name === 'root') return { uid: 0, gid: 0, home: '/root' };
  if (entry === undefined && !/^\d+$/.test(name)) throw new Error(`no user ${name} in the image`);
  const uid = Number(entry?.[2] ?? name);
  return { uid, gid: findGroup(root, group) ?? Number(entry?.[3] ?? 0), home: entry?.[5] ?? '/' };
}

function findGroup(root: string, group: string | undefined): number | undefined {
  if (group === undefined || /^\d+$/.test(group)) return group === undefined ? undefined : Number(group);
  const entry = readTable(join(root, 'etc/group')).find((fields) => fields[0] === group);
  if (entry === undefined) throw new Error(`no group ${group} in the image`);
  return Number(entry[2]);
}

function readTable(file: string): string[][] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}
