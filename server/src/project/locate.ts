import { bakeFileNames, readBakeHcl, readBakeJson } from './bake.ts';
import { type BuildDescription, type BuildFileReader, isRemoteContext } from './build-file.ts';
import { composeFileNames, composeVariantPattern, readComposeFile } from './compose.ts';
import { folderWithNamedPaths } from './named-paths.ts';
import { directoryOf, nameOf, pathBelow, resolvePath } from './paths.ts';
import { pipelineBuilds } from './pipeline-builds.ts';
import type { ProjectReader } from './reader.ts';

/**
 * Who said where the build context is. `default` is the folder of the Dockerfile; `paths` a folder above it, because that
 * one holds what the Dockerfile copies; `most-paths` is the folder that holds most of that,
 * where the rest lies in another one.
 */
export interface LocationSource {
  readonly kind: 'default' | 'paths' | 'most-paths' | 'setting' | 'compose' | 'bake' | 'pipeline';
  /** The file that said it, relative to the root: a Compose or Bake file, a pipeline, a Makefile or a script. */
  readonly path?: string;
  /** Line in that file, starting at 1. */
  readonly line?: number;
  /** The service (Compose) or target (Bake) that builds the Dockerfile. */
  readonly name?: string;
}

/** Which folder a Dockerfile is built in, and with what. All paths are relative to one root, usually the workspace folder. */
export interface BuildLocation {
  /** Folder of the build context (`''` is the root); undefined where a setting leads out of the root. */
  readonly contextRoot?: string;
  /** The Dockerfile relative to the context; undefined where it lies outside of it. */
  readonly dockerfile?: string;
  /** The stage that is built; undefined where nothing says so, or what says so disagrees. */
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** Further build contexts by name, as written: a folder, `docker-image://…`, `target:…`, an URL. */
  readonly additionalContexts?: Readonly<Record<string, string>>;
  readonly source: LocationSource;
  /** What was passed over and why, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * What settings say of build contexts: the path of a Dockerfile, or a pattern for it, and the folder in which it is built. Both
 * are relative to `folder`.
 */
export interface BuildContexts {
  /** Absolute path. */
  readonly folder: string;
  readonly contexts: Readonly<Record<string, string>>;
}

export interface LocateInput {
  /** The Dockerfile relative to the root of `reader`. */
  readonly dockerfile: string;
  readonly reader: ProjectReader;
  /** What the user has set; wins over everything else. The context is relative to the root of `reader`. */
  readonly setting?: { readonly context: string };
}

interface Candidate {
  readonly build: BuildDescription;
  /** The file that describes the build. */
  readonly path: string;
  readonly kind: 'compose' | 'bake';
}

/** Stages that people build while they work, or that others start from; what ships is then still the last stage. */
const developmentStage =
  /^(?:dev|develop|development|test|tests|testing|debug|lint|local|build|builder|base|deps|dependencies)$/i;

/**
 * Finds the build context of a Dockerfile: a setting, else the nearest Compose or Bake file from its folder up to the
 * root that builds this Dockerfile, else what pipelines, Makefiles and scripts say that name it, else the nearest folder that holds what it copies, else its own. Executes nothing;
 * variables count with their defaults only. Never throws.
 */
export function locateBuildContext(input: LocateInput): BuildLocation {
  const { dockerfile, reader, setting } = input;
  const notes: string[] = [];
  if (setting !== undefined) {
    const contextRoot = resolvePath('', setting.context);
    return { ...placed(contextRoot, dockerfile), source: { kind: 'setting' }, notes };
  }
  for (let folder: string | undefined = directoryOf(dockerfile); folder !== undefined; ) {
    const candidates = readBuildFiles(reader, folder, notes).filter((candidate) =>
      builds(candidate, dockerfile),
    );
    const first = candidates[0];
    if (first !== undefined) {
      return fromCandidates(first, candidates, dockerfile, notes);
    }
    folder = folder === '' ? undefined : directoryOf(folder);
  }
  const own = directoryOf(dockerfile);
  const [run, ...others] = pipelineBuilds(reader, own).filter(
    (build) => build.isNamed && build.dockerfile === dockerfile,
  );
  if (run !== undefined && others.every((build) => build.context === run.context)) {
    return { ...placed(run.context, dockerfile), source: { kind: 'pipeline', path: run.file }, notes };
  }
  const { folder, holds } = folderWithNamedPaths(reader, dockerfile) ?? { folder: own, holds: 'most' };
  const kind = holds === 'split' ? 'most-paths' : folder === own ? 'default' : 'paths';
  return { ...placed(folder, dockerfile), source: { kind }, notes };
}

function placed(
  contextRoot: string | undefined,
  dockerfile: string,
): { contextRoot?: string; dockerfile?: string } {
  if (contextRoot === undefined) {
    return {};
  }
  const below = pathBelow(contextRoot, dockerfile);
  return { contextRoot, ...(below === undefined ? {} : { dockerfile: below }) };
}

function fromCandidates(
  first: Candidate,
  candidates: readonly Candidate[],
  dockerfile: string,
  notes: string[],
): BuildLocation {
  const contextRoot = contextOf(first);
  const alike = candidates.filter((candidate) => contextOf(candidate) === contextRoot);
  if (alike.length < candidates.length) {
    notes.push(`${first.path} is followed; other builds of this Dockerfile use another context.`);
  }
  const { build } = first;
  const targets = new Set(alike.filter(isMain).map((candidate) => candidate.build.target));
  const [target] = targets;
  const isShipped = targets.size === 1 && target !== undefined && !developmentStage.test(target);
  if (!isShipped && [...targets].some((name) => name !== undefined)) {
    notes.push(
      'The targets that are named differ, or are for development; the last stage is taken as what ships.',
    );
  }
  return {
    ...placed(contextRoot, dockerfile),
    ...(isShipped ? { target } : {}),
    ...(Object.keys(build.args).length > 0 ? { args: build.args } : {}),
    ...(Object.keys(build.additionalContexts).length > 0
      ? { additionalContexts: build.additionalContexts }
      : {}),
    source: { kind: first.kind, path: first.path, line: build.line, name: build.name },
    notes,
  };
}

/** False for variants such as `docker-compose.dev.yml`, which say what one situation builds and not what ships. */
function isMain(candidate: Candidate): boolean {
  const name = nameOf(candidate.path);
  return composeFileNames.includes(name) || bakeFileNames.includes(name);
}

function contextOf(candidate: Candidate): string | undefined {
  return resolvePath(directoryOf(candidate.path), candidate.build.context ?? '.');
}

function builds(candidate: Candidate, dockerfile: string): boolean {
  const { context, dockerfile: path } = candidate.build;
  if (context === undefined || path === undefined) {
    return false;
  }
  return resolvePath(directoryOf(candidate.path), `${context}/${path}`) === dockerfile;
}

/** Every build that the files of one folder describe, in the order in which Docker's tools look for the files. */
function readBuildFiles(reader: ProjectReader, folder: string, notes: string[]): Candidate[] {
  const names = (reader.list(folder) ?? [])
    .filter((entry) => entry.kind === 'file')
    .map((entry) => entry.name);
  const variants = names.filter((name) => composeVariantPattern.test(name)).sort();
  const files: { name: string; kind: Candidate['kind']; read: BuildFileReader }[] = [
    ...present(composeFileNames, names).map((name) => ({
      name,
      kind: 'compose' as const,
      read: readComposeFile,
    })),
    ...present(bakeFileNames, names).map((name) => ({
      name,
      kind: 'bake' as const,
      read: name.endsWith('.json') ? readBakeJson : readBakeHcl,
    })),
    ...variants.map((name) => ({ name, kind: 'compose' as const, read: readComposeFile })),
  ];
  const candidates: Candidate[] = [];
  for (const { name, kind, read } of files) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const described = readBuilds(reader, path, read);
    if (described === undefined) {
      notes.push(`${path} could not be read and is passed over.`);
    } else {
      candidates.push(...described.map((build) => ({ build, path, kind })));
    }
  }
  return candidates;
}

/** A build that a Compose or Bake file describes, with its paths relative to the root of the reader. */
export interface DescribedBuild {
  /** Folder of the context; undefined where it is no known folder. */
  readonly context: string | undefined;
  readonly dockerfile: string | undefined;
  /** The text of a Dockerfile that the file holds itself. */
  readonly inline: string | undefined;
  /** Further contexts by name, those that are folders. */
  readonly additionalContexts: Readonly<Record<string, string>>;
}

/** The builds of a Compose or Bake file; undefined where it cannot be read. */
export function describedBuilds(reader: ProjectReader, path: string): DescribedBuild[] | undefined {
  const name = nameOf(path);
  const read = name.endsWith('.hcl') ? readBakeHcl : name.endsWith('.json') ? readBakeJson : readComposeFile;
  const folder = directoryOf(path);
  return readBuilds(reader, path, read)?.map((build) => {
    const context = build.context === undefined ? undefined : resolvePath(folder, build.context);
    const dockerfile =
      context === undefined || build.dockerfile === undefined
        ? undefined
        : resolvePath(folder, `${build.context}/${build.dockerfile}`);
    const folders = Object.entries(build.additionalContexts).flatMap(([key, value]) => {
      const place = isRemoteContext(value) ? undefined : resolvePath(folder, value);
      return place === undefined ? [] : [[key, place]];
    });
    return { context, dockerfile, inline: build.inline, additionalContexts: Object.fromEntries(folders) };
  });
}

function present(wanted: readonly string[], names: readonly string[]): string[] {
  return wanted.filter((name) => names.includes(name));
}

function readBuilds(
  reader: ProjectReader,
  path: string,
  read: BuildFileReader,
): readonly BuildDescription[] | undefined {
  const text = reader.read(path);
  try {
    return text === undefined ? undefined : read(text);
  } catch {
    // Nesting beyond the depth of the stack: no such file is worth more than a note.
    return undefined;
  }
}
