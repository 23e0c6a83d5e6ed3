import type { Project } from '../project/project.ts';
import type { CliHost, OpenProject } from './host.ts';

/** The project, with what its build context weighs under its ignore file. */
export async function measured(_host: CliHost, opened: OpenProject, project: Project): Promise<Project> {
  return opened.measured?.(project) ?? project;
}
