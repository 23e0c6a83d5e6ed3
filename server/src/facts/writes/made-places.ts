import { type CommandStep, pathOf } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { operands } from '../../syntax/shell/script.ts';

/** The folders in which a command of a RUN makes files or folders, as far as it names them; what a copy may have brought already is left out. */
export function madePlaces(
  project: Project,
  dockerfile: Dockerfile,
  stage: Stage,
  { command, directory }: CommandStep,
): string[] {
  const words = command.args.map((word) => word.value ?? word.text);
  const named = operands(command);
  const made =
    command.name === 'mkdir'
      ? named.filter((word) => !/^[0-7]{3,4}$/.test(word.text))
      : command.name === 'touch'
        ? named
        : command.name === 'git' && words[0] === 'clone' && named.length > 2
          ? named.slice(-1)
          : [];
  return made.flatMap((word) => {
    const path = pathOf(word, directory);
    if (path === undefined || mayBeCopied(project, dockerfile, stage, path)) {
      return [];
    }
    const folder = path.slice(0, path.lastIndexOf('/'));
    return [folder === '' ? '/' : folder];
  });
}

/** True where a copy of the stage brings something to a path, or may do so. */
function mayBeCopied(project: Project, dockerfile: Dockerfile, stage: Stage, path: string): boolean {
  return allSteps(stage).some((step) => {
    const copy = readCopy(step, dockerfile);
    if (copy === undefined) {
      return ['COPY', 'ADD'].includes(step.instruction.keyword);
    }
    const { target, sources } = copy;
    if (target === undefined || target === path || target.startsWith(`${path}/`)) {
      return true;
    }
    if (!path.startsWith(target === '/' ? '/' : `${target}/`)) {
      return false;
    }
    return (
      copy.from !== 'context' ||
      !project.isKnown ||
      sources.some(({ value }) => {
        const own = joinPath(normalizePath(`/${value}`).slice(1), nameOf(path));
        return /[*?[$]/.test(value) || (project.reader.list(own) ?? project.reader.read(own)) !== undefined;
      })
    );
  });
}
