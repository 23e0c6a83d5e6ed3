import { isOfflineByEnvironment } from '../../images/offline.ts';
import { dockerCredentials } from './credentials.ts';
import { createEngineClient, engineSockets } from './engine-client.ts';
import { cacheFile, fileCache } from './image-cache.ts';
import { createImageLookup, type ImageLookup } from './image-lookup.ts';
import { createRegistryClient, type RegistryOptions } from './registry-client.ts';

export interface MachineImagesOptions extends Omit<RegistryOptions, 'credentials'> {
  /** True where nobody may be asked: the user said so, or the workspace is not trusted. */
  readonly isOffline: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

/** Knowledge of images with everything this machine has: Docker's logins, local engines, a cache in the user's folder. */
export function imagesOfThisMachine({
  isOffline,
  environment,
  ...registry
}: MachineImagesOptions): ImageLookup {
  return createImageLookup({
    mode: isOffline || isOfflineByEnvironment(environment) ? 'offline' : 'online',
    registry: createRegistryClient({ ...registry, credentials: dockerCredentials(environment) }),
    engine: createEngineClient(engineSockets(environment, process.platform)),
    cache: fileCache(cacheFile(environment, process.platform)),
  });
}
