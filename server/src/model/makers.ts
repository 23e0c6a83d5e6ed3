import { appendTo } from '../text/append-to.ts';
import { memoizeFor } from '../text/memoize.ts';
import { type CommandStep, commandsOfStep, pathOf } from './commands.ts';
import { readCopy } from './copy.ts';
import type { Dockerfile, Stage, Step } from './dockerfile.ts';
import { storedFiles } from './downloads.ts';
import { normalizePath } from './paths.ts';

/** The steps of a stage by the paths that they are known to make, each list in their order: copies, downloads and clones. */
export function makersOf(stage: Stage, dockerfile: Dockerfile): ReadonlyMap<string, readonly Step[]> {
  return makersIn(dockerfile)(stage);
}

const makersIn = memoizeFor((dockerfile: Dockerfile) =>
  memoizeFor((stage: Stage): ReadonlyMap<string, readonly Step[]> => {
    const makers = new Map<string, Step[]>();
    for (const step of stage.steps) {
      const commands = step.script?.isUnderstood === true ? commandsOfStep(step) : [];
      for (const path of new Set([...copiedPaths(step, dockerfile), ...commands.flatMap(madePaths)])) {
        appendTo(makers, path, step);
      }
    }
    return makers;
  }),
);

/** What a copy makes for certain: its target, and the one source that it puts into a folder. */
function copiedPaths(step: Step, dockerfile: Dockerfile): string[] {
  const copy = readCopy(step, dockerfile);
  if (copy?.target === undefined) {
    return [];
  }
  const source = copy.sources.length === 1 ? (copy.sources[0]?.value ?? '').replace(/^.*\//, '') : '';
  return [copy.target, ...(copy.intoFolder ? [normalizePath(`${copy.target}/${source}`)] : [])];
}

/** What a download or a clone is stored as: commands whose outcome is known from their words. */
function madePaths(at: CommandStep): string[] {
  const last = at.command.args.at(-1);
  const isClone = at.command.name === 'git' && at.command.args[0]?.text === 'clone';
  const clone = isClone && last !== undefined ? pathOf(last, at.directory) : undefined;
  return [...storedFiles(at), ...(clone === undefined ? [] : [clone])];
}
