import type { ShellCommand } from '../../../syntax/shell/script.ts';
import { memoizeFor } from '../../../text/memoize.ts';

/** A command as its program is called by name: `python -m poetry install` becomes `poetry install`. */
export const asProgram = memoizeFor((command: ShellCommand): ShellCommand => {
  const [option, module, ...args] = command.args;
  return isModuleCall(command) && option !== undefined && module?.value !== undefined
    ? { ...command, name: module.value, nameWord: module, args }
    : command;
});

/** True where Python is told to run a module. */
export function isModuleCall({ name, args }: ShellCommand): boolean {
  return /^python[\d.]*$/.test(name ?? '') && args[0]?.text === '-m';
}
