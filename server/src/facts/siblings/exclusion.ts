import { readInstall } from '../../ecosystems/index.ts';
import { commandSteps } from '../../model/commands.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { AnalysisContext } from '../context.ts';
import { buildFolderOf } from '../installs/install-order.ts';
import { type ContextEntry, contextEntries } from './context-entries.ts';
import type { NeedlessEntry } from './entry-words.ts';
import { mentionOf } from './large-files.ts';
import { namedIn } from './named-in.ts';
import { needlessEntries } from './needless-entries.ts';
import { type BuildViews, buildViews, isNeeded, namesEntry } from './needs.ts';

/** Whether a path of the build context may be left out: what of it, or why it stays. `why` is the rest of a sentence. */
export type Exclusion =
  | { readonly state: 'free'; readonly entry: NeedlessEntry }
  | { readonly state: 'kept'; readonly why: string };

/**
 * Tells of paths of the build context whether the build does without them. Only what is known to be needless is free; a path
 * within it is as well.
 */
export function exclusionsOf(context: AnalysisContext, paths: readonly string[]): readonly Exclusion[] {
  const views = buildViews(context);
  if (views.state === 'unknown' || !context.project.isKnown) {
    const why = views.state === 'unknown' ? views.why : 'the folder of the build is not known';
    return paths.map(() => ({ state: 'kept', why }));
  }
  const needless = needlessEntries(context);
  return paths.map((path): Exclusion => {
    const entry = needless.find((one) => holds(one, path));
    return entry === undefined
      ? { state: 'kept', why: whyKept(context, views.value, path) }
      : { state: 'free', entry };
  });
}

function whyKept(context: AnalysisContext, views: BuildViews, path: string): string {
  const { project } = context;
  const named = views.own.uses.find((use) => namesEntry(use, path));
  if (named !== undefined) {
    return `the Dockerfile names ${named.text}`;
  }
  const entry = contextEntries(project).find((one) => holds(one, path));
  const reader =
    entry === undefined
      ? (namedIn(views.own.called, path) ?? installerOf(context, path) ?? mentionOf(project, path))
      : whyNeeded(context, views, entry);
  return reader ?? whyUnproven(project, entry?.path ?? path);
}

/** The install that reads a file as its manifest or lock file; undefined where none does. */
function installerOf({ dockerfile, project }: AnalysisContext, path: string): string | undefined {
  for (const stage of dockerfile.stages) {
    for (const { command, directory } of commandSteps(stage)) {
      const install = readInstall(command);
      const folder = directory === undefined ? undefined : buildFolderOf(dockerfile, stage, directory);
      if (install === undefined || folder === undefined) {
        continue;
      }
      const { files } = install.ecosystem.manifests(install, project, folder);
      if (files.some((file) => joinPath(folder, file) === path)) {
        return `\`${[command.name, command.args[0]?.text].join(' ')}\` reads it`;
      }
    }
  }
  return undefined;
}

/** What needs an entry whose name says that builds seldom do; undefined where nothing does. */
function whyNeeded(context: AnalysisContext, views: BuildViews, entry: ContextEntry): string | undefined {
  const { kind } = entry.clutter;
  const need = isNeeded(context, views, views.own, { path: entry.path, kind, isFolder: entry.isFolder });
  if (need.state === 'unknown') {
    return need.why;
  }
  if (!need.value) {
    return undefined;
  }
  const [evidence] = need.evidence;
  return (
    evidence?.says ??
    (kind === 'dependencies'
      ? 'the build does not install these packages'
      : kind === 'output'
        ? 'the build does not make it anew'
        : undefined)
  );
}

function whyUnproven({ tracked }: Project, path: string): string {
  return tracked?.holds(path) === true
    ? 'Git tracks it, and nothing shows that the build does without it'
    : 'nothing shows that the build does without it';
}

function holds(entry: { readonly path: string }, path: string): boolean {
  return path === entry.path || path.startsWith(`${entry.path}/`);
}
