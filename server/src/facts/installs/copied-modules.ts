import type { InstallCommand } from '../../ecosystems/ecosystem.ts';
import { readInstall } from '../../ecosystems/index.ts';
import { type CommandStep, commandsOfStep } from '../../model/commands.ts';
import { type Copy, readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';

/** The install that filled the node_modules of a folder. */
export interface ModulesInstall {
  readonly at: CommandStep;
  readonly install: InstallCommand;
  readonly stage: Stage;
}

const modules = '/node_modules';

/** The folder in the other stage whose node_modules a source brings; undefined where it is a part of them. */
export function folderOfModules(source: string): string | undefined {
  const path = normalizePath(source.startsWith('/') ? source : `/${source}`);
  if (path.endsWith(modules)) {
    return path.slice(0, -modules.length) || '/';
  }
  return path.includes(`${modules}/`) || /[*?[$]/.test(path) ? undefined : path;
}

/**
 * The last install that filled the node_modules of a folder, followed through the stages they were copied from.
 * Undefined where nothing is known of them, and where the development dependencies were taken away again.
 */
export function modulesIn(dockerfile: Dockerfile, stage: Stage, folder: string): ModulesInstall | undefined {
  let found: ModulesInstall | undefined;
  for (const step of allSteps(stage)) {
    const copy = readCopy(step, dockerfile);
    if (copy !== undefined) {
      found = copiedInto(dockerfile, copy, folder) ?? found;
      continue;
    }
    for (const at of commandsOfStep(step)) {
      if (at.directory !== folder) {
        continue;
      }
      const install = readInstall(at.command);
      if (install?.ecosystem.dependencyFolder === 'node_modules') {
        // What may not run says nothing.
        const isCertain = at.script.isUnderstood && at.command.isUnconditional;
        found = isCertain && install.directory === undefined ? { at, install, stage } : undefined;
      } else if (takesAway(at)) {
        found = undefined;
      }
    }
  }
  return found;
}

/** What a copy puts in place of the node_modules of a folder; undefined where it leaves them alone, or is not known. */
function copiedInto(dockerfile: Dockerfile, copy: Copy, folder: string): ModulesInstall | undefined {
  const { from, target } = copy;
  if (typeof from !== 'object') {
    return undefined;
  }
  const own = normalizePath(`${folder}${modules}`);
  for (const source of copy.sources) {
    const origin = folderOfModules(source.value);
    const isModules = normalizePath(`/${source.value}`).endsWith(modules);
    // Of a folder, COPY takes what lies in it.
    if (origin !== undefined && target === (isModules ? own : folder)) {
      return modulesIn(dockerfile, from, origin);
    }
  }
  return undefined;
}

/** True for a command that leaves development dependencies out of what was installed, or removes all of it. */
function takesAway(at: CommandStep): boolean {
  return /\bprune\b|--prod(?:uction)?\b|--omit[= ]dev|^rm .*node_modules|^npx? .*\bnode-prune\b/.test(
    wordsOf(at),
  );
}

/** A command as one line, its words as they are written. */
export function wordsOf({ command }: CommandStep): string {
  return [command.name ?? '', ...command.args.map((word) => word.text)].join(' ');
}
