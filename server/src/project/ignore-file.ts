import { type Dockerignore, parseDockerignore } from './dockerignore.ts';
import type { Project } from './project.ts';

/** The .dockerignore file that applies to a Dockerfile. */
export interface IgnoreFile {
  /** Relative to the build context; undefined where it lies beside a Dockerfile outside of the context. */
  readonly path?: string;
  readonly content: Dockerignore;
}

/**
 * Docker takes `<name of the Dockerfile>.dockerignore` beside the Dockerfile, and only where there is none the
 * `.dockerignore` at the root of the context. Undefined where there is neither.
 */
export function ignoreFileOf(project: Project): IgnoreFile | undefined {
  if (project.outerIgnoreText !== undefined) {
    return { content: parseOnce(project.outerIgnoreText) };
  }
  const own = project.dockerfile === undefined ? [] : [`${project.dockerfile}.dockerignore`];
  for (const path of [...own, '.dockerignore']) {
    const text = project.reader.read(path);
    if (text !== undefined) {
      return { path, content: parseOnce(text) };
    }
  }
  return undefined;
}

/** The last files parsed, by their text: several rules ask for the same one in a row. */
const parsed = new Map<string, Dockerignore>();

function parseOnce(text: string): Dockerignore {
  let content = parsed.get(text);
  if (content === undefined) {
    if (parsed.size >= 8) {
      parsed.clear();
    }
    content = parseDockerignore(text);
    parsed.set(text, content);
  }
  return content;
}
