import type { Project } from '../../project/project.ts';
import { deployment } from '../deployment/deployment.ts';

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
