import { join, resolve } from 'node:path';
import { testCache } from '../../../scripts/setup/test-cache.ts';

const repository = resolve(import.meta.dirname, '../../..');

/** Folder with one small project per ecosystem. */
export const projectsFolder = join(repository, 'test/builds/projects');

/** Folder with Dockerfiles that have a safe fix, by rule. */
export const safeFolder = join(repository, 'test/builds/safe');

/** Folder with the Dockerfiles of the stand-in base images. */
export const imagesFolder = join(repository, 'test/builds/images');

export const examplesFolder = join(repository, 'examples');

export const docsFolder = join(repository, 'docs');

/** What was measured of projects of other people. */
export const publicResultsFile = join(repository, 'test/builds/data/public.json');

/** A folder of what is kept between runs: base images with their storage, and what was measured of layers. */
export function cached(...names: string[]): string {
  return testCache('builds', ...names);
}
