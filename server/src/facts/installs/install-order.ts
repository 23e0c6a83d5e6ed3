import type { Ecosystem } from '../../ecosystems/ecosystem.ts';
import { ecosystems, readInstall } from '../../ecosystems/index.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import type { Copy } from '../../model/copy.ts';
import { type Dockerfile, lineage, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { type Project, unknownProject } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import { firstCopyInto, firstFolderCopy, lastFolderCopy, parentFolder } from './copy-index.ts';
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
  for (const at of commandSteps(stage)) {
    const install = at.command.isUnconditional ? readInstall(at.command) : undefined;
    const downloads =
      at.command.isUnconditional && install === undefined ? downloaderOf(at.command) : undefined;
    const folder = installFolder(at, install?.directory);
    if ((install === undefined && downloads === undefined) || folder === undefined) {
      continue;
    }
    const copy = firstFolderCopy(dockerfile, stage, folder);
    const isAbove = copy !== undefined && copy.step.instruction.span.start < at.step.instruction.span.start;
    const directory = isAbove ? contextFolder(copy, folder) : undefined;
    if (!isAbove || directory === undefined) {
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
const downloaderOf = memoizeFor((command: ShellCommand): Ecosystem | undefined =>
  ecosystems.find((one) => one.download?.(command, unknownProject, '') !== undefined),
);

function hasManifest(project: Project, directory: ContextPath): boolean {
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  return names.some((name) =>
    /^(?:package\.json|requirements.*\.txt|pyproject\.toml|Pipfile|go\.mod|Gemfile|composer\.json|pom\.xml|Cargo\.toml)$|\.(?:csproj|sln)$/.test(
      name,
    ),
  );
}

function installFolder(at: CommandStep, directory: ImagePath | undefined): string | undefined {
  if (at.directory === undefined || directory === undefined) {
    return at.directory;
  }
  return normalizePath(directory.startsWith('/') ? directory : `${at.directory}/${directory}`);
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
export function buildFolderOf(
  dockerfile: Dockerfile,
  stage: Stage,
  folder: ImagePath,
): ContextPath | undefined {
  const copy = lastFolderCopy(dockerfile, stage, folder);
  if (copy !== undefined) {
    return contextFolder(copy, folder);
  }
  // Several copies of single folders: the manifest tells where the project lies.
  const manifest = firstCopyInto(dockerfile, stage, folder);
  const source = manifest?.sources[0]?.value.replace(/^\.\//, '') ?? '';
  if (manifest === undefined) {
    return parentFolder(dockerfile, stage, folder);
  }
  // An archive that was built outside lies in the output folder of its project.
  const archive = /^(.*?)\/?(?:target|build\/libs)\/[^/]+\.[jwe]ar$/.exec(source)?.[1];
  return archive ?? (source.includes('/') ? source.slice(0, source.lastIndexOf('/')) : '');
}
