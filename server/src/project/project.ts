import type { ContextMeasurement } from './context.ts';
import { type BuildLocation, type LocateInput, type LocationSource, locateBuildContext } from './locate.ts';
import { memoryReader, type ProjectReader, readerBelow } from './reader.ts';
import { type TrackedFiles, trackedBelow } from './tracked.ts';

/** The folder that is being built, as far as it is known. */
export interface Project {
  /** Reads inside the build context. */
  readonly reader: ProjectReader;
  /** Reads from the root of the workspace or repository, which `folder` is relative to; undefined where that is not known. */
  readonly root?: ProjectReader;
  /** The build context's folder relative to the workspace or repository, `''` for its root; undefined where it is not known. */
  readonly folder?: string;
  /** Reads in the workspace or repository that the build context lies in, below which `folder` is its path; undefined where there is nothing around it. */
  readonly repository?: ProjectReader;
  /** False where no folder is known (an untitled document, text on standard input): rules must not conclude that a file is missing. */
  readonly isKnown: boolean;
  /** Path of the Dockerfile relative to the build context; undefined where it is not known or lies outside. */
  readonly dockerfile?: string;
  /** What Git tracks in the build context; undefined where that is not known: no repository, or an index that cannot be read. */
  readonly tracked?: TrackedFiles;
  /** The stage that a Compose or Bake file builds; undefined where the last stage is what ships. */
  readonly target?: string;
  /** Build arguments that a Compose or Bake file gives. */
  readonly args?: Readonly<Record<string, string>>;
  /** Names that `COPY --from` and `FROM` may use besides stages and images, with what they stand for. */
  readonly additionalContexts?: Readonly<Record<string, string>>;
  /** Who said where the context is. With `default` it is an assumption: a build may be run from another folder. */
  readonly source?: LocationSource;
  /** The `<name>.dockerignore` of a Dockerfile outside of the context; its path, relative to the context, starts with `../`. */
  readonly outerIgnoreFile?: { readonly path: string; readonly text: string };
  /** What the context weighs; undefined until it has been measured. */
  readonly context?: ContextMeasurement | undefined;
}

/** A project of which nothing is known. */
export const unknownProject: Project = { reader: memoryReader({}), isKnown: false };

/** The project that a Dockerfile belongs to, with where it was found. Paths of `input` are relative to the root of its reader. */
export function openProject(input: LocateInput & { readonly tracked?: TrackedFiles }): {
  readonly project: Project;
  readonly location: BuildLocation;
} {
  const location = locateBuildContext(input);
  const { contextRoot, dockerfile, target, args, additionalContexts, source } = location;
  if (contextRoot === undefined) {
    return { project: unknownProject, location };
  }
  const outerIgnoreFile = dockerfile === undefined ? readOuterIgnoreFile(input, contextRoot) : undefined;
  const project: Project = {
    reader: readerBelow(input.reader, contextRoot),
    root: input.reader,
    folder: contextRoot,
    repository: input.reader,
    isKnown: true,
    source,
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(input.tracked === undefined ? {} : { tracked: trackedBelow(input.tracked, contextRoot) }),
    ...(target === undefined ? {} : { target }),
    ...(outerIgnoreFile === undefined ? {} : { outerIgnoreFile }),
    ...(args === undefined ? {} : { args }),
    ...(additionalContexts === undefined ? {} : { additionalContexts }),
  };
  return { project, location };
}

function readOuterIgnoreFile(input: LocateInput, contextRoot: string): Project['outerIgnoreFile'] {
  const path = `${input.dockerfile}.dockerignore`;
  const text = input.reader.read(path);
  return text === undefined ? undefined : { path: `${contextRoot.replace(/[^/]+/g, '..')}/${path}`, text };
}
