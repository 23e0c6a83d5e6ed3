import type { Project } from '../../project/project.ts';
import { deployment } from './deployment.ts';

/** A word of what a service or workload runs in its container. */
export interface DeployedWord {
  /** Name of a program, its folder left off, or any other word. */
  readonly word: string;
  /** Who says it: `service web of compose.yaml`. */
  readonly by: string;
}

/**
 * The words of the commands that services and workloads run in the container: to start it, and to ask whether it is
 * healthy. An image without the programs among them never becomes healthy, whatever its Dockerfile says.
 */
export function deployedWords(project: Project): DeployedWord[] {
  return deployment(project).flatMap(({ command, probe, evidence }) =>
    `${command} ${probe}`
      .split(/[\s;&|'"`()[\],]+/)
      .map((word) => word.replace(/^.*\//, ''))
      .filter((word) => word !== '')
      .map((word) => ({ word, by: evidence.says.replace(/ runs it$/, '') })),
  );
}
