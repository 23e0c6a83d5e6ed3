import { memoize } from '../text/memoize.ts';
import { type Dockerignore, parseDockerignore } from './dockerignore.ts';
import type { Project } from './project.ts';

/** The ignore file that counts for a build. */
export interface IgnoreFile {
  /** Path relative to the build context; starts with `../` where it lies beside a Dockerfile outside of the context. */
  readonly path: string;
  readonly text: string;
  readonly dockerignore: Dockerignore;
}

/**
 * The ignore file of a project: `<Dockerfile>.dockerignore` where there is one, else `.dockerignore`. Podman's
 * `.containerignore` counts where there is neither, and first for a Containerfile. Undefined where there is none.
 */
export function readIgnoreFile(project: Project): IgnoreFile | undefined {
  const { dockerfile, outerIgnoreFile, reader } = project;
  if (outerIgnoreFile !== undefined) {
    return { ...outerIgnoreFile, dockerignore: parseOnce(outerIgnoreFile.text) };
  }
  for (const path of ignoreFileNames(dockerfile)) {
    const text = reader.read(path);
    if (text !== undefined) {
      return { path, text, dockerignore: parseOnce(text) };
    }
  }
  return undefined;
}

/**
 * True where `.dockerignore` is a link that leads out of the build context, or nowhere: BuildKit reads nothing there, and a
 * file of that name cannot be written. The file beside the Dockerfile, `<Dockerfile>.dockerignore`, takes its place.
 */
export function isClosedIgnoreFile({ reader, dockerfile }: Project): boolean {
  const entry = reader.list('')?.find(({ name }) => name === '.dockerignore');
  return dockerfile !== undefined && !dockerfile.startsWith('../') && entry?.kind === 'other';
}

function ignoreFileNames(dockerfile: string | undefined): string[] {
  const isContainerfile = dockerfile !== undefined && /(?:^|[/.])Containerfile(?:\.[^/]*)?$/.test(dockerfile);
  const endings = isContainerfile
    ? ['.containerignore', '.dockerignore']
    : ['.dockerignore', '.containerignore'];
  return [...(dockerfile === undefined ? [] : endings.map((ending) => dockerfile + ending)), ...endings];
}

const parseOnce = memoize(parseDockerignore, 8);
