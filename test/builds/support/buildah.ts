import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './paths.ts';
import { type RunOptions, type RunResult, run, tryRun } from './run.ts';

interface Storage {
  readonly driver: 'overlay' | 'vfs';
  readonly root: string;
  /** Arguments that point buildah at it. */
  readonly args: readonly string[];
}

let storage: Promise<Storage> | undefined;

/** Runs buildah on the suite's own storage; throws when it fails. */
export async function buildah(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return run('buildah', [...(await ownStorage()).args, ...args], withRegistries(options));
}

/** Like `buildah`, for commands that may fail. */
export async function tryBuildah(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return tryRun('buildah', [...(await ownStorage()).args, ...args], withRegistries(options));
}

/** File in which the storage lists its layers with their digests and sizes. */
export async function layerList(): Promise<string> {
  const { driver, root } = await ownStorage();
  return join(root, `${driver}-layers`, 'layers.json');
}

function ownStorage(): Promise<Storage> {
  storage ??= findStorage();
  return storage;
}

/** The overlay driver where the kernel lets us, else vfs, which copies every layer in full. */
async function findStorage(): Promise<Storage> {
  const overlay = storageOf('overlay');
  return (await tryRun('buildah', [...overlay.args, 'images'])).code === 0 ? overlay : storageOf('vfs');
}

function storageOf(driver: Storage['driver']): Storage {
  const root = cached(`storage-${driver}`);
  return {
    driver,
    root,
    args: ['--storage-driver', driver, '--root', root, '--runroot', cached(`run-${driver}`)],
  };
}

/** Names without a registry mean Docker Hub, as with Docker. */
function withRegistries(options: RunOptions): RunOptions {
  const file = join(cached(), 'registries.conf');
  writeFileSync(file, 'unqualified-search-registries = ["docker.io"]\nshort-name-mode = "disabled"\n');
  return {
    ...options,
    env: { ...options.env, CONTAINERS_REGISTRIES_CONF: file, BUILDAH_ISOLATION: 'chroot' },
  };
}
