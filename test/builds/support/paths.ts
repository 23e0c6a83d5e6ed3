import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../../..');

/** Folder with one small project per ecosystem. */
export const projectsFolder = join(repository, 'test/builds/projects');

/** Folder with Dockerfiles that have a safe fix, by rule. */
export const safeFolder = join(repository, 'test/builds/safe');

/** Folder with the Dockerfiles of the stand-in base images. */
export const imagesFolder = join(repository, 'test/builds/images');

export const examplesFolder = join(repository, 'examples');

export const docsFolder = join(repository, 'docs');

/**
 * Where base images are kept between runs: `.cache/builds` in the repository, or the folder that
 * BALLAST_BUILDS_CACHE names (continuous integration works in a fresh clone each time).
 */
export const cacheFolder = process.env['BALLAST_BUILDS_CACHE'] ?? join(repository, '.cache/builds');

/** A folder below the cache folder, made when it is not there. */
export function cached(...names: string[]): string {
  const folder = join(cacheFolder, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}
