import type { Project } from '../../project/project.ts';
import type { DeployedContainer } from './deployed-container.ts';
import { deployment } from './deployment.ts';

/**
 * The container of the project that starts without settings and has no folder of the host over its own; undefined where
 * each is given some, or none is known.
 */
export function unequipped(project: Project, workdir: string): DeployedContainer | undefined {
  return deployment(project).find(
    ({ isGivenSettings, mounts }) =>
      !isGivenSettings && !mounts.some(({ path }) => path === workdir || path.startsWith(`${workdir}/.env`)),
  );
}
