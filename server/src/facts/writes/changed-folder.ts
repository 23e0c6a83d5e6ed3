import type { CommandStep } from '../../model/commands.ts';
import { normalizePath } from '../../model/paths.ts';

/** The folder below which a command changes everything; undefined for other commands. */
export function changedFolder({ command, directory }: CommandStep): string | undefined {
  const isRecursive = command.args.some((word) => /^-[a-zA-Z]*R|^--recursive$/.test(word.text));
  const paths = command.args.filter((word) => !word.text.startsWith('-')).slice(1);
  const path = paths[0]?.value;
  if (
    !['chown', 'chmod'].includes(command.name ?? '') ||
    !isRecursive ||
    paths.length !== 1 ||
    path === undefined
  ) {
    return undefined;
  }
  if (path.startsWith('/')) {
    return normalizePath(path);
  }
  return directory === undefined ? undefined : normalizePath(`${directory}/${path}`);
}
