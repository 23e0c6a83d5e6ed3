import type { Stage } from '../../model/dockerfile.ts';
import { nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { AnalysisContext } from '../context.ts';
import { deployment, unbuiltServices } from '../deployment/deployment.ts';
import { commandsOfText, type StartedCommand } from './commands.ts';
import { startWork } from './start-work.ts';

/** A program that a container of the project is started with, and who says so. */
export interface DeployedStart {
  readonly program: string;
  /** In words: `service worker of compose.yaml`. */
  readonly by: string;
}

/** The first of some programs that a service or workload names in the command it gives its container. */
export function deployedStart(project: Project, programs: readonly string[]): DeployedStart | undefined {
  for (const { command, evidence } of deployment(project)) {
    const words = command.split(/[\s;&|'"()]+/).map((word) => word.replace(/^.*\//, ''));
    const program = programs.find((one) => words.includes(one));
    if (program !== undefined) {
      return { program, by: evidence.says.replace(/ runs it$/, '') };
    }
  }
  return undefined;
}

/** The commands that services and workloads give to containers of a stage, in place of the image's own. */
export function deployedCommands(context: AnalysisContext, stage: Stage): StartedCommand[] {
  return [...deployment(context.project), ...unbuiltServices(context.project)].flatMap(
    ({ command, evidence }) =>
      command === '' || evidence.at.kind !== 'file'
        ? []
        : commandsOfText(context, stage, command, nameOf(evidence.at.path), evidence.at),
  );
}

/** Why a container of a stage installs packages by the command that a service gives it; undefined where none does. */
export function deployedInstall(context: AnalysisContext, stage: Stage): string | undefined {
  for (const { command, evidence } of deployment(context.project)) {
    if (command === '' || evidence.at.kind !== 'file') {
      continue;
    }
    const install = commandsOfText(context, stage, command, nameOf(evidence.at.path), evidence.at).find(
      ({ words }) => startWork(words) === 'installs',
    );
    if (install !== undefined) {
      return `${evidence.says} with \`${install.words.slice(0, 3).join(' ')}\`, which writes to the project’s folder`;
    }
  }
  return undefined;
}
