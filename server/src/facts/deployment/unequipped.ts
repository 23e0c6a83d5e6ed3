import type { Project } from '../../project/project.ts';
import type { ImagePath } from '../../text/path-types.ts';
import type { DeployedContainer } from './deployed-container.ts';
import { deployment, namedServices } from './deployment.ts';

/**
 * The container of the project that starts without settings and has no folder of the host over its own; undefined where
 * each is given some, or none is known. Where no service builds the image, one that names an image of this machine counts.
 */
export function unequipped(project: Project, workdir: ImagePath): DeployedContainer | undefined {
  const built = deployment(project);
  return (built.length > 0 ? built : namedServices(project)).find(
    ({ isGivenSettings, mounts }) =>
      !isGivenSettings && !mounts.some(({ path }) => path === workdir || path.startsWith(`${workdir}/.env`)),
  );
}
