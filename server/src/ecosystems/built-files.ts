import type { CommandStep } from '../model/commands.ts';
import { normalizePath } from '../model/paths.ts';
import { operands } from '../syntax/shell/script.ts';

/** A file that a command of the stage copies or moves. */
export interface MovedFile {
  readonly at: CommandStep;
  /** Absolute path of what is copied; may hold stars. */
  readonly from: string;
  /** Absolute path of the copy. */
  readonly to: string;
  readonly isMoved: boolean;
}

/** Folders that a target means as folders although no slash says so. */
const folders = /^\/(?:app|opt|bin|root|srv|usr\/(?:local\/)?s?bin|usr\/local|usr\/local\/lib|usr\/lib)$/;

/** What the commands of a stage copy or move, one file at a time. */
export function movedFiles(commands: readonly CommandStep[]): MovedFile[] {
  const made = new Set(commands.flatMap(madeFolders));
  return commands.flatMap((at): MovedFile[] => {
    const { command, directory } = at;
    if (!['cp', 'mv', 'install', 'ln'].includes(command.name ?? '') || directory === undefined) {
      return [];
    }
    const isCreating = command.args.some((word) => word.text === '-d');
    const words = operands(command).filter((_, i, all) => {
      const before = command.args[command.args.indexOf(all[i] ?? command.nameWord) - 1]?.text;
      return before === undefined || !['-m', '-o', '-g', '--mode'].includes(before);
    });
    const paths = words.map((word) => word.value ?? word.text);
    const target = paths.at(-1);
    if (isCreating || target === undefined || paths.length < 2 || paths.some((path) => path.includes('$'))) {
      return [];
    }
    const absolute = (path: string): string =>
      normalizePath(path.startsWith('/') ? path : `${directory}/${path}`);
    const to = absolute(target);
    const intoFolder =
      paths.length > 2 ||
      /(?:^|\/)\.{0,2}$/.test(target) ||
      to === at.step.before.workdir ||
      made.has(to) ||
      folders.test(to);
    return paths.slice(0, -1).map((path) => {
      const from = absolute(path);
      return {
        at,
        from,
        to: intoFolder ? normalizePath(`${to}/${from.slice(from.lastIndexOf('/') + 1)}`) : to,
        isMoved: command.name === 'mv',
      };
    });
  });
}

/** The folders that a command makes. */
function madeFolders({ command, directory }: CommandStep): string[] {
  if (command.name !== 'mkdir' || directory === undefined) {
    return [];
  }
  return operands(command).flatMap(({ value }) =>
    value === undefined ? [] : [normalizePath(value.startsWith('/') ? value : `${directory}/${value}`)],
  );
}
