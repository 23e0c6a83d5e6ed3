import { packageManagers } from '../../ecosystems/index.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';

/** Programs that write nothing, or no more than some thousand bytes. */
const small: ReadonlySet<string> = new Set([
  ':',
  '[',
  'addgroup',
  'adduser',
  'awk',
  'cat',
  'cd',
  'chgrp',
  'chmod',
  'chown',
  'command',
  'cut',
  'date',
  'echo',
  'env',
  'exit',
  'export',
  'false',
  'find',
  'getent',
  'grep',
  'groupadd',
  'groupmod',
  'hash',
  'head',
  'id',
  'ldconfig',
  'ldd',
  'ln',
  'ls',
  'mkdir',
  'mkfifo',
  'mktemp',
  'popd',
  'printf',
  'pushd',
  'pwd',
  'read',
  'sed',
  'set',
  'shopt',
  'sleep',
  'sort',
  'stat',
  'sync',
  'tail',
  'tee',
  'test',
  'touch',
  'tr',
  'true',
  'type',
  'umask',
  'uname',
  'uniq',
  'unset',
  'update-alternatives',
  'useradd',
  'usermod',
  'wc',
  'which',
  'whoami',
]);

/** Verbs of other programs that only ask, set or clean something. */
const verbs: ReadonlyMap<string, RegExp> = new Map([
  ['corepack', /^(?:enable)$/],
  ['git', /^(?:config|--version)$/],
  ['go', /^(?:env|version|clean)$/],
  ['apk', /^(?:del|cache)$/],
]);

/** True for a command whose files are too few to be counted: it leaves less than a megabyte, whatever it is given. */
export function isHarmless(command: ShellCommand): boolean {
  const name = command.name ?? '';
  const verb = command.args[0]?.text ?? '';
  const quiet = verbs.get(name) ?? packageManagers.find((one) => one.programs.includes(name))?.quietVerbs;
  return small.has(name) || quiet?.test(verb) === true;
}
