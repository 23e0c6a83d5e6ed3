import { managesUsers } from '../distros/user-commands.ts';
import type { CommandStep } from '../model/commands.ts';
import { normalizePath } from '../model/paths.ts';

/** Commands that write to places of their own, or only remove. */
const elsewhere = [
  'rm',
  'apt-get',
  'apt',
  'apk',
  'dnf',
  'microdnf',
  'yum',
  'zypper',
  'tdnf',
  'set',
  'true',
  'cd',
  'export',
  ':',
];

/** Commands that write nowhere else than at the paths they name. */
const namedOnly = [
  'mkdir',
  'touch',
  'ln',
  'cp',
  'mv',
  'chmod',
  'chown',
  'echo',
  'printf',
  'cat',
  'test',
  '[',
];

/** False where a command provably leaves everything below a folder alone. */
export function mayWriteBelow(at: CommandStep, path: string): boolean {
  const { command } = at;
  if (
    command.redirects.some(
      ({ operator, target }) => operator.includes('>') && isBelow(at, target?.value, path),
    )
  ) {
    return true;
  }
  if (managesUsers(command) || elsewhere.includes(command.name ?? '')) {
    return false;
  }
  return (
    !namedOnly.includes(command.name ?? '') ||
    command.args.some((word) => !word.text.startsWith('-') && isBelow(at, word.value, path))
  );
}

/** True for a path at, below or above the folder, and for one that is not known. */
function isBelow({ directory }: CommandStep, name: string | undefined, path: string): boolean {
  if (name === undefined || (directory === undefined && !name.startsWith('/'))) {
    return true;
  }
  const full = normalizePath(name.startsWith('/') ? name : `${directory}/${name}`);
  return full === path || full === '/' || full.startsWith(`${path}/`) || path.startsWith(`${full}/`);
}
