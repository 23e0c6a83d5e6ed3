import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './paths.ts';
import { type RunOptions, type RunResult, run, tryRun } from './run.ts';

let storage: Promise<readonly string[]> | undefined;

/** Runs buildah on the suite's own storage; throws when it fails. */
export async function buildah(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return run('buildah', [...(await storageArgs()), ...args], await withRegistries(options));
}

/** Like `buildah`, for commands that may fail. */
export async function tryBuildah(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return tryRun('buildah', [...(await storageArgs()), ...args], await withRegistries(options));
}

/** Arguments that point buildah at the suite's storage, for programs started otherwise. */
export function storageArgs(): Promise<readonly string[]> {
  storage ??= findStorage();
  return storage;
}

/** The overlay driver where the kernel lets us, else vfs, which copies every layer in full. */
async function findStorage(): Promise<readonly string[]> {
  const args = (driver: string) =>
    [
      ['--storage-driver', driver],
      ['--root', cached(`storage-${driver}`)],
      ['--runroot', cached(`run-${driver}`)],
    ].flat();
  const overlay = await tryRun('buildah', [...args('overlay'), 'images']);
  return overlay.code === 0 ? args('overlay') : args('vfs');
}

/** Names without a registry mean Docker Hub, as with Docker. */
async function withRegistries(options: RunOptions): Promise<RunOptions> {
  const file = join(cached(), 'registries.conf');
  writeFileSync(file, 'unqualified-search-registries = ["docker.io"]\nshort-name-mode = "disabled"\n');
  return {
    ...options,
    env: { ...options.env, CONTAINERS_REGISTRIES_CONF: file, BUILDAH_ISOLATION: 'chroot' },
  };
}
