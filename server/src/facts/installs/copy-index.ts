import { type Copy, isWholeContext, readCopy } from '../../model/copy.ts';
import type { Dockerfile, Stage } from '../../model/dockerfile.ts';
import { boundedPath, normalizePath } from '../../model/paths.ts';
import { memoizeFor } from '../../text/memoize.ts';

/** The copies of a stage by the folders they fill: many commands of a stage ask where their folder comes from. */
interface CopyIndex {
  /** The first and the last copy of a whole folder of the build context, by its target. */
  readonly firstFolders: ReadonlyMap<string, Copy>;
  readonly lastFolders: ReadonlyMap<string, Copy>;
  /** The first copy of the build context into a folder, by that folder. */
  readonly firstInto: ReadonlyMap<string, Copy>;
  /** The folder of the build context that a folder of the image stands for, where something below it is copied under its own name. */
  readonly parents: ReadonlyMap<string, string>;
}

/** The first copy of a whole folder of the build context to a folder, or above it. */
export function firstFolderCopy(dockerfile: Dockerfile, stage: Stage, folder: string): Copy | undefined {
  return copiesAt(indexOf(dockerfile)(stage).firstFolders, folder).sort(inOrder)[0];
}

/** The last copy of a whole folder of the build context to a folder, or above it. */
export function lastFolderCopy(dockerfile: Dockerfile, stage: Stage, folder: string): Copy | undefined {
  return copiesAt(indexOf(dockerfile)(stage).lastFolders, folder).sort(inOrder).at(-1);
}

/** The first copy of the build context right into a folder. */
export function firstCopyInto(dockerfile: Dockerfile, stage: Stage, folder: string): Copy | undefined {
  return indexOf(dockerfile)(stage).firstInto.get(folder);
}

/** The folder of the build context that a folder of the image stands for, told by what is copied below it under its own name. */
export function parentFolder(dockerfile: Dockerfile, stage: Stage, folder: string): string | undefined {
  return indexOf(dockerfile)(stage).parents.get(folder === '/' ? '' : folder);
}

const indexOf = memoizeFor((dockerfile: Dockerfile) =>
  memoizeFor((stage: Stage): CopyIndex => {
    const firstFolders = new Map<string, Copy>();
    const lastFolders = new Map<string, Copy>();
    const firstInto = new Map<string, Copy>();
    const parents = new Map<string, string>();
    for (const copy of stage.steps.flatMap((step) => readCopy(step, dockerfile) ?? [])) {
      const target = copy.target === undefined ? undefined : boundedPath(copy.target);
      if (copy.from !== 'context' || target === undefined) {
        continue;
      }
      if (isFolderCopy(copy)) {
        setFirst(firstFolders, target, copy);
        lastFolders.set(target, copy);
      }
      if (copy.intoFolder) {
        setFirst(firstInto, target, copy);
      }
      const [source, ...others] = copy.sources;
      const path = source === undefined || others.length > 0 ? undefined : normalizePath(`/${source.value}`);
      for (const root of path === undefined ? [] : foldersAbove(target)) {
        const below = target.slice(root.length);
        if (path?.endsWith(below) === true) {
          setFirst(parents, root, path.slice(0, path.length - below.length).slice(1));
        }
      }
    }
    return { firstFolders, lastFolders, firstInto, parents };
  }),
);

function setFirst<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) {
    map.set(key, value);
  }
}

function copiesAt(copies: ReadonlyMap<string, Copy>, folder: string): Copy[] {
  return [folder, ...foldersAbove(folder)].flatMap((one) => copies.get(one === '' ? '/' : one) ?? []);
}

/** The folders above an absolute path, nearest first; the root is empty. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)) {
    folders.push(path.slice(0, end));
  }
  return folders;
}

function inOrder(a: Copy, b: Copy): number {
  return a.step.instruction.span.start - b.step.instruction.span.start;
}

/** True for a copy of a whole folder of the build context. */
function isFolderCopy(copy: Copy): boolean {
  const source = copy.sources[0]?.value ?? '';
  return (
    copy.sources.length === 1 &&
    (isWholeContext(source) || /^(?:\.\/)?[\w-][\w./-]*\/?$/.test(source)) &&
    !isFileName(source)
  );
}

/** A name with an ending, or one of the files without: not a folder. */
function isFileName(source: string): boolean {
  const name = source.replace(/\/$/, '').replace(/^.*\//, '');
  return !source.endsWith('/') && /[^.]\.\w+$|^(?:Gemfile|Pipfile|Makefile|Procfile)$/.test(name);
}
