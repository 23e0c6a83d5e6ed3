import { type Copy, readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { directoryOf, joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';

/** A file of the image whose text is known: it lies in the build context, or is written into the Dockerfile. */
export interface ImageFile {
  /** Path in the build context; undefined for a heredoc of the Dockerfile. */
  readonly path: string | undefined;
  readonly text: string;
}

/** What an analysis looks into to find a file. */
export interface Surroundings {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
}

/** Copies of copies are followed this far. */
const mostStages = 5;

/** The file that lies at an absolute path of a stage's image; undefined where no copy brings it, or its text is not known. */
export function imageFile(around: Surroundings, stage: Stage, path: string): ImageFile | undefined {
  const wanted = normalizePath(path);
  const written = heredocAt(around, stage, wanted);
  if (written !== undefined) {
    return written;
  }
  for (const candidate of contextPaths(around.dockerfile, stage, wanted, 0)) {
    const text = around.project.reader.read(candidate);
    if (text !== undefined) {
      return { path: candidate, text };
    }
  }
  return undefined;
}

/** The folder of the build context that a folder of the image was copied from; undefined where no copy tells. */
export function contextFolder(around: Surroundings, stage: Stage, path: string): string | undefined {
  return contextPaths(around.dockerfile, stage, normalizePath(path), 0).find(
    (candidate) => around.project.reader.list(candidate) !== undefined,
  );
}

/** True where a copy of the stage brings the file or folder of the build context that lies at an absolute path of its image. */
export function isBrought({ dockerfile, project }: Surroundings, stage: Stage, path: string): boolean {
  return contextPaths(dockerfile, stage, normalizePath(path), 0).some((candidate) =>
    (project.reader.list(directoryOf(candidate)) ?? []).some(({ name }) => name === nameOf(candidate)),
  );
}

function heredocAt({ dockerfile }: Surroundings, stage: Stage, path: string): ImageFile | undefined {
  for (const step of [...allSteps(stage)].reverse()) {
    const { heredocs, documentText } = step.instruction;
    const target = heredocs.length === 0 ? undefined : readCopy(step, dockerfile)?.target;
    const heredoc = heredocs.find(({ name }) => target === path || `${target}/${name}` === path);
    if (heredoc !== undefined) {
      return { path: undefined, text: documentText.slice(heredoc.body.start, heredoc.body.end) };
    }
  }
  return undefined;
}

/** Where in the build context a path of the image may come from, what was copied last first. */
function contextPaths(dockerfile: Dockerfile, stage: Stage, path: string, depth: number): string[] {
  if (depth > mostStages) {
    return [];
  }
  return [...allSteps(stage)].reverse().flatMap((step) => {
    const copy = readCopy(step, dockerfile);
    if (copy === undefined || copy.from === 'other') {
      return [];
    }
    const { from } = copy;
    return sourcesOf(copy, path).flatMap((source) =>
      from === 'context' ? [source] : contextPaths(dockerfile, from, `/${source}`, depth + 1),
    );
  });
}

/** True for a name that a pattern with one star matches; one with more stars is taken to match. */
function matchesStar(pattern: string, name: string): boolean {
  const [before = '', after = '', ...more] = pattern.split('*');
  return (
    more.length > 0 ||
    !pattern.includes('*') ||
    (name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after))
  );
}

/** The paths that a copy may have brought to `path`, without a slash in front. */
function sourcesOf({ sources, target, intoFolder }: Copy, path: string): string[] {
  if (target === undefined) {
    return [];
  }
  const root = target === '/' ? '' : target;
  const below = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
  return sources.flatMap((word) => {
    const source = normalizePath(`/${word.value}`).slice(1);
    if (source.includes('*')) {
      const isMatch = matchesStar(nameOf(source), below?.split('/')[0] ?? '');
      return below === undefined || !isMatch ? [] : [joinPath(directoryOf(source), below)];
    }
    return [
      ...(path === target ? [source] : []),
      ...(intoFolder && below === nameOf(source) ? [source] : []),
      ...(below === undefined ? [] : [joinPath(source, below)]),
    ];
  });
}
