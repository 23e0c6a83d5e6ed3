import { type Copy, readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, type Stage, type Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import type { Project } from '../../project/project.ts';
import { findFlag } from '../../syntax/tree.ts';

/** A file of the image that comes from the build context, or from a heredoc of the Dockerfile. */
export interface ContextFile {
  /** Path in the build context; undefined for a heredoc. */
  readonly path: string | undefined;
  readonly text: string;
  /** The copies that brought it, that of the stage asked about first. */
  readonly copies: readonly Copy[];
  /** The RUNs behind those copies, which may have changed it. */
  readonly runsBehind: readonly RunBehind[];
}

/** A RUN behind the copy of a file, with where the file lies in that stage. */
export interface RunBehind {
  readonly step: Step;
  readonly path: string;
}

/** Longer chains of stages are not followed. */
const mostStages = 10;

/**
 * Follows a file of a stage back through the copies that brought it, those above a step where one is named; undefined
 * where it comes from somewhere else.
 */
export function contextFile(
  dockerfile: Dockerfile,
  project: Project,
  stage: Stage,
  path: string,
  above?: Step,
): ContextFile | undefined {
  return followFile(dockerfile, project, stage, path, 0, above);
}

function followFile(
  dockerfile: Dockerfile,
  project: Project,
  stage: Stage,
  path: string,
  depth: number,
  above?: Step,
): ContextFile | undefined {
  const all = allSteps(stage);
  const steps = above === undefined ? all : all.slice(0, all.indexOf(above));
  for (let at = steps.length - 1; at >= 0 && depth < mostStages; at--) {
    const step = steps[at];
    const copy = step === undefined ? undefined : readCopy(step, dockerfile);
    if (step === undefined || copy === undefined || copy.from === 'other') {
      continue;
    }
    const found = broughtBy(dockerfile, project, copy, path, depth);
    if (found !== undefined) {
      const behind = steps.slice(at + 1).filter(({ instruction }) => instruction.keyword === 'RUN');
      return {
        ...found,
        copies: [copy, ...found.copies],
        runsBehind: [...found.runsBehind, ...behind.map((run) => ({ step: run, path }))],
      };
    }
  }
  return undefined;
}

function broughtBy(
  dockerfile: Dockerfile,
  project: Project,
  copy: Copy,
  path: string,
  depth: number,
): ContextFile | undefined {
  const { from, target, step } = copy;
  if (target === undefined || from === 'other') {
    return undefined;
  }
  const heredoc = heredocAt(copy, path);
  if (heredoc !== undefined) {
    return { path: undefined, text: heredoc, copies: [], runsBehind: [] };
  }
  const isAdd = step.instruction.keyword === 'ADD';
  for (const source of copy.sources) {
    if (isAdd && /^\w+:\/\/|\.(?:tar|tgz|gz|xz|bz2)/.test(source.value)) {
      continue;
    }
    for (const candidate of sourcesOf(source.value, target, path, copy.intoFolder)) {
      const found =
        from === 'context'
          ? readContext(project, candidate)
          : followFile(dockerfile, project, from, candidate, depth + 1);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

function readContext(project: Project, candidate: string): ContextFile | undefined {
  const path = candidate.slice(1);
  const text = project.reader.read(path);
  return text === undefined ? undefined : { path, text, copies: [], runsBehind: [] };
}

/** The absolute paths that `path` of the image may have at the source of a copy. */
function sourcesOf(source: string, target: string, path: string, intoFolder: boolean): string[] {
  if (/[?[$]/.test(source) || (source.includes('*') && !/(?:^|\/)\*$/.test(source))) {
    return [];
  }
  const root = normalizePath(`/${source.replace(/\*$/, '')}`);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = target === '/' ? '' : target;
  const isWithin = path.startsWith(`${folder}/`);
  const below = isWithin ? path.slice(folder.length + 1) : '';
  return [
    // A file under its own name in a folder, or under the name that the target gives it.
    ...(root.endsWith(`/${name}`) && path === `${folder}/${name}` && intoFolder ? [root] : []),
    ...(path === target && !intoFolder ? [root] : []),
    ...(root.endsWith(`/${name}`) && path === `${folder}/${name}` && !intoFolder ? [root] : []),
    // What lies in a folder that is copied.
    ...(isWithin ? [normalizePath(`${root}/${below}`)] : []),
  ];
}

/** The body of a heredoc that a copy writes to a path. */
function heredocAt({ step, target, intoFolder }: Copy, path: string): string | undefined {
  const { heredocs, documentText } = step.instruction;
  const folder = target === '/' ? '' : target;
  const body = heredocs.find((one) =>
    intoFolder ? `${folder}/${one.name}` === path : path === target,
  )?.body;
  return body === undefined ? undefined : documentText.slice(body.start, body.end);
}

/** The mode that a copy gives its files: undefined where it leaves them as they are, `unknown` where a variable hides it. */
export function copiedMode(copy: Copy): string | undefined {
  const mode = findFlag(copy.step.instruction, 'chmod')?.value;
  return mode?.includes('$') === true ? 'unknown' : mode;
}
