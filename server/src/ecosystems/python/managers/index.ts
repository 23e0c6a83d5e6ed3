import type { ShellCommand } from '../../../syntax/shell/script.ts';
import type { PythonManager } from './manager.ts';
import { asProgram } from './module-call.ts';
import { pdm } from './pdm.ts';
import { pip, pipWords } from './pip.ts';
import { pipenv } from './pipenv.ts';
import { poetry } from './poetry.ts';
import { uv } from './uv.ts';

export const pythonManagers: readonly PythonManager[] = [pip, poetry, uv, pipenv, pdm];

/** The manager that a command calls, `python -m …` and `uv pip` included; undefined for other commands. */
export function pythonManagerOf(command: ShellCommand): PythonManager | undefined {
  return pipWords(command) === undefined
    ? pythonManagers.find((one) => one !== pip && one.programs.includes(asProgram(command).name ?? ''))
    : pip;
}
