import type { ImageKnowledge, ImageTraits } from '../../images/knowledge.ts';
import { parseImageReference } from '../../images/reference.ts';
import { type Copy, readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { findFlag } from '../../syntax/tree.ts';
import { baseTraits } from '../stage.ts';

/** Where a file that a stage copies was made: the stage or the image, and its path there. */
export interface Origin {
  /** Undefined where it lies in an image as that image was published. */
  readonly stage: Stage | undefined;
  /** Absolute path. */
  readonly path: string;
  /** What is known of the image under it. */
  readonly traits: ImageTraits | undefined;
}

/**
 * Follows a source of `COPY --from` through the stages that only pass it on. Undefined for what comes from the build
 * context or a named context, and where a variable hides the path.
 */
export function originOf(
  dockerfile: Dockerfile,
  images: ImageKnowledge,
  copy: Copy,
  source: string,
  seen: ReadonlySet<string> = new Set(),
): Origin | undefined {
  const path = normalizePath(`/${source}`);
  const place = `${typeof copy.from === 'string' ? copy.from : copy.from.index} ${path}`;
  // A stage that copies from itself is refused by BuildKit, and passes nothing on.
  if (/[$*?[]/.test(path) || seen.has(place) || seen.size > 100) {
    return undefined;
  }
  if (copy.from === 'context') {
    return undefined;
  }
  if (copy.from === 'other') {
    const name = findFlag(copy.step.instruction, 'from')?.value ?? '';
    const reference = parseImageReference(name);
    const traits = reference === undefined ? undefined : images.peek(reference).traits;
    return traits === undefined ? undefined : { stage: undefined, path, traits };
  }
  return (
    passedOn(dockerfile, images, copy.from, path, new Set([...seen, place])) ?? {
      stage: copy.from,
      path,
      traits: baseTraits(copy.from, images),
    }
  );
}

/** The origin of what a stage itself copied to a path; undefined where no copy of it brings that path. */
function passedOn(
  dockerfile: Dockerfile,
  images: ImageKnowledge,
  stage: Stage,
  path: string,
  seen: ReadonlySet<string>,
): Origin | undefined {
  for (const step of allSteps(stage).toReversed()) {
    const copy = readCopy(step, dockerfile);
    const source = copy === undefined || copy.from === 'context' ? undefined : sourceOf(copy, path);
    if (copy !== undefined && source !== undefined) {
      return originOf(dockerfile, images, copy, source, seen);
    }
  }
  return undefined;
}

/** The path that a copy took what lies at `path` from; undefined where it did not bring it. */
function sourceOf({ sources, target, intoFolder }: Copy, path: string): string | undefined {
  if (target === undefined) {
    return undefined;
  }
  for (const { value } of sources) {
    const source = normalizePath(`/${value}`);
    const name = source.slice(source.lastIndexOf('/') + 1);
    // Of a folder, COPY takes what lies in it; a file keeps its name in a folder.
    if (intoFolder && path === normalizePath(`${target}/${name}`)) {
      return source;
    }
    if (path === target || path.startsWith(`${target === '/' ? '' : target}/`)) {
      return normalizePath(`${source}/${path.slice(target === '/' ? 0 : target.length)}`);
    }
  }
  return undefined;
}
