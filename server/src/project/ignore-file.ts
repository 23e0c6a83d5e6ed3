import { remember } from '../text/remember.ts';
import { type Dockerignore, parseDockerignore } from './dockerignore.ts';
import type { Project } from './project.ts';

/** The ignore file that counts for a build. */
export interface IgnoreFile {
  /** Path relative to the build context; starts with `../` where it lies beside a Dockerfile outside of the context. */
  readonly path: string;
  readonly text: string;
  readonly dockerignore: Dockerignore;
}

/** The ignore file of a project: `<Dockerfile>.dockerignore` where there is one, else `.dockerignore`; undefined where neither exists. */
export function readIgnoreFile(project: Project): IgnoreFile | undefined {
  const { dockerfile, outerIgnoreFile, reader } = project;
  if (outerIgnoreFile !== undefined) {
    return { ...outerIgnoreFile, dockerignore: parseOnce(outerIgnoreFile.text) };
  }
  const own = dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`];
  for (const path of [...own, '.dockerignore']) {
    const text = reader.read(path);
    if (text !== undefined) {
      return { path, text, dockerignore: parseOnce(text) };
    }
  }
  return undefined;
}

const parseOnce = remember(parseDockerignore, 8);
