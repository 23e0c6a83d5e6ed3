import type { Ecosystem } from '../../ecosystems/ecosystem.ts';
import { ecosystems, readInstall } from '../../ecosystems/index.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { type Copy, isWholeContext, readCopy } from '../../model/copy.ts';
import { type Dockerfile, lineage, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { type Project, unknownProject } from '../../project/project.ts';
import type { Reordering } from './reordering.ts';

/**
 * The first install of a stage that has sources above it which it does not need, or the first build that fetches its
 * dependencies by itself behind such a copy.
 */
export function findReordering(
  dockerfile: Dockerfile,
  project: Project,
  stage: Stage,
): Reordering | undefined {
  const copies = stage.steps.flatMap((step) => readCopy(step, dockerfile) ?? []);
  for (const at of commandSteps(stage)) {
    const install = at.command.isUnconditional ? readInstall(at.command) : undefined;
    const downloads = at.command.isUnconditional && install === undefined ? hasDownload(at) : undefined;
    const folder = installFolder(at, install?.directory);
    if ((install === undefined && downloads === undefined) || folder === undefined) {
      continue;
    }
    const above = copies.filter((copy) => copy.step.instruction.span.start < at.step.instruction.span.start);
    const copy = above.find((one) => bringsSources(one, folder));
    const directory = copy === undefined ? undefined : contextFolder(copy, folder);
    if (copy === undefined || directory === undefined) {
      return undefined;
    }
    if (install === undefined) {
      const download = downloads?.download?.(at.command, project, directory);
      const isPossible =
        download !== undefined && download.blocker === undefined && download.files.length > 0;
      return isPossible ? { stage, copy, at, directory, manifests: download, download } : undefined;
    }
    const manifests = install.ecosystem.manifests(install, project, directory);
    const download =
      manifests.blocker === undefined
        ? undefined
        : install.ecosystem.download?.(at.command, project, directory);
    if (download !== undefined && download.blocker === undefined && download.files.length > 0) {
      return { stage, copy, at, directory, manifests: download, download, install };
    }
    // Without any manifest where the install runs, the build context is another than the one assumed.
    return project.isKnown && manifests.files.length === 0 && !hasManifest(project, directory)
      ? undefined
      : { stage, copy, at, directory, manifests, install };
  }
  return undefined;
}

/** The ecosystem that knows how to fetch what a build would fetch by itself. */
function hasDownload(at: CommandStep): Ecosystem | undefined {
  return ecosystems.find((one) => one.download?.(at.command, unknownProject, '') !== undefined);
}

function hasManifest(project: Project, directory: string): boolean {
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  return names.some((name) =>
    /^(?:package\.json|requirements.*\.txt|pyproject\.toml|Pipfile|go\.mod|Gemfile|composer\.json|pom\.xml|Cargo\.toml)$|\.(?:csproj|sln)$/.test(
      name,
    ),
  );
}

function installFolder(at: CommandStep, directory: string | undefined): string | undefined {
  if (at.directory === undefined || directory === undefined) {
    return at.directory;
  }
  return normalizePath(directory.startsWith('/') ? directory : `${at.directory}/${directory}`);
}

/** True for a copy of a whole folder of the build context to where the install runs, or above. */
function bringsSources(copy: Copy, folder: string): boolean {
  const source = copy.sources[0]?.value ?? '';
  if (copy.from !== 'context' || copy.sources.length !== 1 || copy.target === undefined) {
    return false;
  }
  const isFolder = isWholeContext(source) || /^(?:\.\/)?[\w-][\w./-]*\/?$/.test(source);
  return (
    isFolder &&
    !isFileName(source) &&
    (folder === copy.target || folder.startsWith(`${copy.target === '/' ? '' : copy.target}/`))
  );
}

/** A name with an ending, or one of the files without: not a folder. */
function isFileName(source: string): boolean {
  const name = source.replace(/\/$/, '').replace(/^.*\//, '');
  return !source.endsWith('/') && /[^.]\.\w+$|^(?:Gemfile|Pipfile|Makefile|Procfile)$/.test(name);
}

/** The folder of the build context that lands where the install runs. */
function contextFolder(copy: Copy, folder: string): string | undefined {
  const source = (copy.sources[0]?.value ?? '').replace(/^\.?\//, '').replace(/^\.$|\*$/, '');
  const below = copy.target === '/' ? folder.slice(1) : folder.slice((copy.target?.length ?? 0) + 1);
  const path = normalizePath(`/${source}/${below}`).slice(1);
  return path.includes('*') ? undefined : path;
}

/** The folder of the build context that a stage's program comes from: copied into it, or built in another stage. */
export function programFolderOf(dockerfile: Dockerfile, stage: Stage): string | undefined {
  for (const one of [...lineage(stage), ...dockerfile.stages]) {
    const folder = buildFolderOf(dockerfile, one, one.end.workdir ?? '/');
    if (folder !== undefined) {
      return folder;
    }
  }
  return undefined;
}

/** The folder of the build context that is copied to a folder of the image; undefined where no copy tells. */
export function buildFolderOf(dockerfile: Dockerfile, stage: Stage, folder: string): string | undefined {
  const copies = stage.steps.flatMap((step) => readCopy(step, dockerfile) ?? []);
  const copy = copies.findLast((one) => bringsSources(one, folder));
  if (copy !== undefined) {
    return contextFolder(copy, folder);
  }
  // Several copies of single folders: the manifest tells where the project lies.
  const manifest = copies.find((one) => one.from === 'context' && one.target === folder && one.intoFolder);
  const source = manifest?.sources[0]?.value.replace(/^\.\//, '') ?? '';
  if (manifest === undefined) {
    return copies.map((one) => parentFolder(one, folder)).find((one) => one !== undefined);
  }
  return source.includes('/') ? source.slice(0, source.lastIndexOf('/')) : '';
}

/** The folder of the build context that `folder` stands for when a folder or file below it is copied under its own name. */
function parentFolder(copy: Copy, folder: string): string | undefined {
  const [source] = copy.sources;
  const root = folder === '/' ? '' : folder;
  if (
    copy.from !== 'context' ||
    copy.sources.length !== 1 ||
    source === undefined ||
    copy.target?.startsWith(`${root}/`) !== true
  ) {
    return undefined;
  }
  const path = normalizePath(`/${source.value}`);
  const below = copy.target.slice(root.length);
  return path.endsWith(below) ? path.slice(0, path.length - below.length).slice(1) : undefined;
}
