import { type Dockerignore, parseDockerignore } from './dockerignore.ts';
import type { Project } from './project.ts';

/** The ignore file that counts for a build. */
export interface IgnoreFile {
  /** Path relative to the build context. */
  readonly path: string;
  readonly text: string;
  readonly dockerignore: Dockerignore;
}

/** The ignore file of a project: `<Dockerfile>.dockerignore` where there is one, else `.dockerignore`; undefined where neither exists. */
export function readIgnoreFile(project: Project): IgnoreFile | undefined {
  const own = project.dockerfile === undefined ? [] : [`${project.dockerfile}.dockerignore`];
  for (const path of [...own, '.dockerignore']) {
    const text = project.reader.read(path);
    if (text !== undefined) {
      return { path, text, dockerignore: parseDockerignore(text) };
    }
  }
  return undefined;
}
