import type { ShellCommand } from '../syntax/shell/script.ts';

/** Programs that make users and groups. */
export const userCommands = [
  'useradd',
  'groupadd',
  'adduser',
  'addgroup',
  'usermod',
  'groupmod',
  'deluser',
  'userdel',
];

/** True for a command that only makes or changes users and groups. */
export function managesUsers(command: ShellCommand): boolean {
  return userCommands.includes(command.name ?? '') && command.redirects.length === 0;
}
