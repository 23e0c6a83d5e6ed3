import { buildModel } from '../../model/build-model.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { bakeFileNames } from '../../project/bake.ts';
import { composeCommands, composeFileNames, composeVariantPattern } from '../../project/compose.ts';
import { isDockerfile } from '../../project/dockerfile-name.ts';
import { describedBuilds, locateBuildContext } from '../../project/locate.ts';
import { directoryOf, joinPath, nameOf, pathBelow } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ProjectReader } from '../../project/reader.ts';
import { memoizeForView } from '../../project/view.ts';
import { parseDockerfile } from '../../syntax/parse.ts';
import type { ShellParser } from '../../syntax/shell/parser.ts';
import { memoize, memoizeFor } from '../../text/memoize.ts';
import type { AnalysisContext } from '../context.ts';
import { type Evidence, type Known, known, unknown } from '../known.ts';
import { type ContainerRun, readCiUse } from './ci-builds.ts';
import { type ContextUse, contextUses, namedContextUses } from './context-use.ts';
import { projectFiles } from './project-files.ts';

/** A build that reads the build context. */
export interface ContextBuild {
  /** The Dockerfile, or the Compose file that holds its text, relative to the root of the repository. */
  readonly path: string;
  readonly dockerfile: Dockerfile;
  /** What it reads of the context. */
  readonly uses: readonly ContextUse[];
  /** True where an ignore file of its own name decides for it, and not the shared one. */
  readonly hasOwnIgnoreFile: boolean;
}

/** The builds of one context, and what else runs in their containers. */
export interface ContextBuilds {
  /** The other ones: the Dockerfile under analysis is not among them. */
  readonly others: readonly ContextBuild[];
  /** What Compose services, pipelines and Makefiles start in containers, as shell text. */
  readonly started: readonly { readonly file: string; readonly text: string }[];
  /** What pipelines, Makefiles and scripts do in containers. */
  readonly runs: readonly ContainerRun[];
}

/** More are not read: nobody keeps so many for one folder. */
const maxDockerfiles = 120;

/**
 * The other builds of the same context: Dockerfiles beside and below, those that Compose, Bake and pipelines build from it,
 * and those that take it as a named context.
 */
export function contextBuilds({ project, shell }: AnalysisContext): Known<ContextBuilds> {
  return buildsOf(project)(shell);
}

const buildsOf = memoizeForView((project: Project) =>
  memoizeFor((shell: ShellParser) => findBuilds(project, shell)),
);

function findBuilds(project: Project, shell: ShellParser): Known<ContextBuilds> {
  const root: ProjectReader = project.repository ?? project.reader;
  const folder = project.repository === undefined ? '' : (project.folder ?? '');
  const own = project.dockerfile === undefined ? undefined : joinPath(folder, project.dockerfile);
  const described = buildFilesOf(root, folder).flatMap((file) =>
    (describedBuilds(root, file) ?? []).map((build) => ({ ...build, file })),
  );
  const ci = readCiUse(root, folder, shell);
  const candidates = [
    ...projectFiles(project)
      .paths.filter((path) => isDockerfile(nameOf(path), () => project.reader.read(path)))
      .map((path) => joinPath(folder, path))
      .filter((path) => locateBuildContext({ dockerfile: path, reader: root }).contextRoot === folder),
    ...described.filter((build) => build.context === folder).flatMap((build) => build.dockerfile ?? []),
    ...ci.builds.filter((build) => build.context === folder).map((build) => build.dockerfile),
  ];
  const paths = [...new Set(candidates)].filter((path) => path !== own);
  if (paths.length > maxDockerfiles) {
    return unknown(`more than ${maxDockerfiles} Dockerfiles are built from this folder`);
  }
  const models = modelsOf(shell);
  const others = paths.flatMap((path): ContextBuild[] => {
    const text = root.read(path);
    if (text === undefined) {
      return [];
    }
    const dockerfile = models(text);
    const hasOwnIgnoreFile = root.read(`${path}.dockerignore`) !== undefined;
    return [{ path, dockerfile, uses: contextUses(dockerfile), hasOwnIgnoreFile }];
  });
  const named = described.flatMap((build): ContextBuild[] => {
    const names = Object.entries(build.additionalContexts).filter(([, place]) => place === folder);
    const text =
      build.dockerfile === undefined || names.length === 0 ? undefined : root.read(build.dockerfile);
    if (text === undefined || build.dockerfile === undefined) {
      return [];
    }
    const dockerfile = models(text);
    const uses = namedContextUses(
      dockerfile,
      names.map(([name]) => name),
    );
    return [{ path: build.dockerfile, dockerfile, uses, hasOwnIgnoreFile: false }];
  });
  const inline = described.flatMap(({ context, inline: text, file }): ContextBuild[] => {
    if (text === undefined || context !== folder) {
      return [];
    }
    const dockerfile = models(text);
    return [{ path: file, dockerfile, uses: contextUses(dockerfile), hasOwnIgnoreFile: false }];
  });
  const commands = buildFilesOf(root, folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .flatMap((file) => composeCommands(root.read(file) ?? '').map((text) => ({ file, text })));
  const all = [...others, ...named, ...inline];
  const evidence = all.map(
    (build): Evidence => ({
      says: `${build.path} is built from this folder too`,
      at: { kind: 'file', path: pathBelow(folder, build.path) ?? build.path },
    }),
  );
  return known(
    { others: [...others, ...named], started: [...commands, ...ci.runs], runs: ci.runs },
    ...evidence,
  );
}

/** Compose and Bake files of a folder, of those above it, and of the folders that people keep Docker's files in. */
function buildFilesOf(root: ProjectReader, folder: string): string[] {
  const folders = new Set<string>();
  for (let at = folder; ; at = directoryOf(at)) {
    for (const name of [
      '',
      'docker',
      '.docker',
      'deploy',
      'deployment',
      'compose',
      'ci',
      '.devcontainer',
      'build',
    ]) {
      folders.add(name === '' ? at : joinPath(at, name));
    }
    if (at === '') {
      break;
    }
  }
  return [...folders].flatMap((one) =>
    (root.list(one) ?? [])
      .map(({ name }) => name)
      .filter(
        (name) =>
          composeFileNames.includes(name) || composeVariantPattern.test(name) || bakeFileNames.includes(name),
      )
      .map((name) => joinPath(one, name)),
  );
}

/** The meaning of a Dockerfile by its text, kept from one analysis to the next. */
const modelsOf = memoizeFor((shell: ShellParser) =>
  memoize((text: string) => buildModel(parseDockerfile(text), shell), maxDockerfiles),
);
