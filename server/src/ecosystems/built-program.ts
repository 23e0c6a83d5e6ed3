import { movedFiles } from './built-files.ts';
import type { PlanInput, RuntimeCopy } from './runtime-plan.ts';

/** The file, or the whole folder, that a build leaves its program in. */
export interface BuildOutput {
  readonly path: string;
  readonly isFile: boolean;
}

/**
 * What the final stage takes over so that the first of these paths is there: what the build wrote, or the copy of it that
 * the stage put elsewhere. `outputOf` says what of the build's output a path belongs to. Undefined where none does.
 */
export function builtCopy(
  input: PlanInput,
  paths: readonly string[],
  outputOf: (path: string) => BuildOutput | undefined,
): RuntimeCopy | undefined {
  for (const path of paths) {
    const own = outputOf(path);
    if (own !== undefined) {
      return { from: own.path, to: own.path, isFile: own.isFile };
    }
  }
  const moves = movedFiles(input.commands);
  const renamed = moves.find(
    ({ from, to }) =>
      outputOf(from)?.isFile === false &&
      /^\/app\/[^/]+$/.test(to) &&
      paths.some((path) => path.startsWith('/app/') && !path.startsWith(`${to}/`)),
  );
  // A folder that is moved to /app becomes it where there was none: the program is started below it.
  if (renamed !== undefined) {
    return { from: '/app', to: '/app', isFile: false };
  }
  const moved = moves.find(
    ({ from, to }) =>
      paths.some((path) => path === to || path.startsWith(`${to}/`)) && outputOf(from) !== undefined,
  );
  if (moved === undefined) {
    return undefined;
  }
  const isFile = paths.includes(moved.to);
  return { from: moved.to, to: moved.to, isFile };
}
