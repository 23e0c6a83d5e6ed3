import { type ClutterKind, type ClutterName, clutterOf } from '../../project/clutter.ts';
import { compilePattern, literalPattern } from '../../project/ignore-pattern.ts';
import { directoryOf, joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeInView } from '../../project/view.ts';
import type { AnalysisContext } from '../context.ts';
import { holdsSecret, isRead, isSymfony, needsSettingsFile } from '../secrets/secret-files.ts';
import { type ContextEntry, contextEntries } from './context-entries.ts';
import { heavyKinds, leastBytes, type NeedlessEntry } from './entry-words.ts';
import { isGitIgnored, isTakenInBelow } from './git-ignore.ts';
import { largeFiles } from './large-files.ts';
import { type Asked, type BuildViews, buildViews, isNeeded } from './needs.ts';

/** A pattern for what is not there yet. */
export type ExpectedEntry = Pick<NeedlessEntry, 'kind' | 'pattern' | 'neededBy'>;

/**
 * What is there, would be sent, and is not needed: judged by names, by what Git ignores and tracks, by what lies beside it,
 * and by what the builds of the context do. What one of them names, or leaves to the context (installed packages where it
 * installs none, output where it builds none), is needed by it.
 */
export function needlessEntries(context: AnalysisContext): NeedlessEntry[] {
  const views = buildViews(context);
  if (views.state === 'unknown') {
    return [];
  }
  const listed = contextEntries(context.project);
  const folders = listed.filter(({ isFolder }) => isFolder).map(({ path }) => `${path}/`);
  const large = largeFiles(context.project).filter(
    ({ path }) =>
      !listed.some((entry) => entry.path === path) && !folders.some((folder) => path.startsWith(folder)),
  );
  const judged = [...listed, ...large].map((entry) => ({
    entry,
    need: isProven(context, entry) ? needOf(context, views.value, asked(entry)) : ('own' as const),
  }));
  const kept = judged.filter(({ need }) => need === 'own').map(({ entry }) => entry);
  return judged.flatMap(({ entry, need }): NeedlessEntry[] => {
    if (need === 'own' || isEmpty(entry)) {
      return [];
    }
    const isSecret = entry.clutter.kind === 'secret';
    const own = literalPattern(entry.path);
    const wide = isSecret || nameOf(entry.path).startsWith('.env.') ? own : entry.clutter.pattern;
    return [
      {
        path: entry.path,
        kind: entry.clutter.kind,
        pattern: isWideEnough(context, views.value, entry.clutter, wide, kept) ? wide : own,
        ...(need === undefined ? {} : { neededBy: need.path }),
        ...(entry.totals === undefined ? {} : { totals: entry.totals }),
      },
    ];
  });
}

function asked({ path, clutter, isFolder }: ContextEntry): Asked {
  return { path, kind: clutter.kind, isFolder };
}

/** `own` where the build itself needs an entry, or may; another build that does; undefined where all can do without. */
function needOf(
  context: AnalysisContext,
  views: BuildViews,
  entry: Asked,
): 'own' | { path: string } | undefined {
  const isFree = (view: BuildViews['own']): boolean => {
    const need = isNeeded(context, views, view, entry);
    return need.state === 'known' && !need.value;
  };
  if (!isFree(views.own)) {
    return 'own';
  }
  const other = views.others.find((view) => !view.hasOwnIgnoreFile && !isFree(view));
  return other === undefined ? undefined : { path: other.path ?? '' };
}

/** True for an entry that is what its name says, that Git does not track, and that no program reads. */
function isProven(context: AnalysisContext, entry: ContextEntry): boolean {
  const { project } = context;
  const { path, isFolder, clutter } = entry;
  if (clutter.besides !== undefined && !hasBeside(project, path, clutter.besides)) {
    return false;
  }
  if (
    clutter.isAmbiguous === true &&
    (!isGitIgnored(project)(path, isFolder) || isTakenInBelow(project, path))
  ) {
    return false;
  }
  if (madeKinds.includes(clutter.kind) && project.tracked?.holds(path) === true) {
    return false;
  }
  const isSecret = clutter.kind === 'secret' || clutter.kind === 'environment';
  if (isSecret) {
    return holdsSecret(project, path) && !isRead(context, path);
  }
  return clutter.kind !== 'documentation' || !isDescription(project);
}

/** What a build or a program makes: where Git tracks it all the same, it is there on purpose. */
const madeKinds: readonly ClutterKind[] = ['dependencies', 'output', 'cache', 'coverage', 'logs'];

/** True where the manifests of the project read its README. */
function isDescription({ reader }: Project): boolean {
  const described = ['pyproject.toml', 'setup.py', 'setup.cfg'].map((name) => reader.read(name) ?? '');
  return (
    reader.read('Cargo.toml') !== undefined || described.some((text) => /readme|changelog|\.md\b/i.test(text))
  );
}

/** True for a folder that was made to hold something and does not. */
function isEmpty({ isFolder, totals, clutter }: ContextEntry): boolean {
  return isFolder && totals !== undefined && totals.bytes < leastBytes && heavyKinds.includes(clutter.kind);
}

/**
 * True for a pattern that takes out nothing but what it is for: no build names what it matches, no entry that stays does,
 * and Git tracks nothing there. Names that sources have too (`build`) are only taken anywhere in the tree where Git says what it
 * tracks.
 */
function isWideEnough(
  { project }: AnalysisContext,
  views: BuildViews,
  { kind, isAmbiguous, besides }: Pick<ClutterName, 'kind' | 'isAmbiguous' | 'besides'>,
  pattern: string,
  kept: readonly { readonly path: string }[],
): boolean {
  const matches = matcherOf(pattern);
  if (matches === undefined) {
    return false;
  }
  const isNamed = [views.own, ...views.others.filter((view) => !view.hasOwnIgnoreFile)].some((view) =>
    view.uses.some((use) => use.path !== '' && matches(use.path)),
  );
  const isAnywhere = pattern.startsWith('**/');
  const isOpen =
    isAnywhere && (isAmbiguous === true || besides !== undefined) && project.tracked === undefined;
  return (
    !isNamed &&
    !isOpen &&
    !kept.some(({ path }) => matches(path)) &&
    !(madeKinds.includes(kind) || kind === 'environment' ? holdsTracked(project, pattern) : false)
  );
}

const maxTracked = 50_000;

/** True where Git tracks something that a pattern takes out; of very many files, where that would take long to know. */
const holdsTracked = memoizeInView(({ tracked }: Project, pattern): boolean => {
  const name = /^\*\*\/([\w.-]+)$/.exec(pattern)?.[1];
  if (tracked === undefined) {
    return false;
  }
  if (!/[*?[\\]/.test(pattern)) {
    return tracked.holds(pattern);
  }
  const paths = tracked.below('');
  if (name !== undefined) {
    return paths.some((path) => `/${path}/`.includes(`/${name}/`));
  }
  return paths.length > maxTracked || paths.some(matcherOf(pattern) ?? (() => false));
});

/** Tells whether a pattern matches a path or a folder above it; undefined where it is malformed. */
function matcherOf(pattern: string): ((path: string) => boolean) | undefined {
  const compiled = compilePattern(pattern);
  return typeof compiled === 'object'
    ? (path) => path.split('/').some((_, i, parts) => compiled.matches(parts.slice(0, i + 1).join('/')))
    : undefined;
}

function hasBeside(project: Project, path: string, wanted: readonly string[]): boolean {
  const beside = project.reader.list(directoryOf(path)) ?? [];
  return beside.some((entry) =>
    wanted.some((name) => (name.startsWith('*') ? entry.name.endsWith(name.slice(1)) : entry.name === name)),
  );
}

/**
 * Patterns for what is not there yet but will be on the machines of those who work on the project: its repository,
 * installed packages, local settings, and what Git is told to ignore because builds make it.
 */
export function expectedEntries(context: AnalysisContext): ExpectedEntry[] {
  const views = buildViews(context);
  if (views.state === 'unknown') {
    return [];
  }
  const { project } = context;
  const kept = contextEntries(project).filter(
    (entry) => !isProven(context, entry) || needOf(context, views.value, asked(entry)) === 'own',
  );
  return candidates(context).flatMap(({ kind, path, clutter, isFolder }): ExpectedEntry[] => {
    const need = needOf(context, views.value, { path, kind, isFolder });
    if (need === 'own' || (madeKinds.includes(kind) && project.tracked?.holds(path) === true)) {
      return [];
    }
    const anchored = clutter.pattern.includes('*.') ? undefined : literalPattern(path);
    const pattern = [clutter.pattern, anchored].find(
      (one) => one !== undefined && isWideEnough(context, views.value, clutter, one, kept),
    );
    return pattern === undefined
      ? []
      : [{ kind, pattern, ...(need === undefined ? {} : { neededBy: need.path }) }];
  });
}

interface Candidate {
  readonly kind: ClutterKind;
  /** A path that the pattern is for. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly clutter: ClutterName;
}

function candidates(context: AnalysisContext): Candidate[] {
  const { project, dockerfile } = context;
  const has = (path: string) => project.reader.read(path) !== undefined;
  const isPython = ['pyproject.toml', 'requirements.txt', 'setup.py'].some(has);
  const dotnetFolders = /\bdotnet[\s"',]{1,20}(?:build|publish|restore|run|watch|test)\b/.test(
    dockerfile.text,
  )
    ? foldersOfDotnet(project)
    : [];
  const expected: { path: string; isLikely: boolean; isFolder: boolean }[] = [
    { path: 'node_modules', isLikely: has('package.json'), isFolder: true },
    { path: '.venv', isLikely: isPython, isFolder: true },
    { path: '.git', isLikely: true, isFolder: true },
    { path: '__pycache__', isLikely: isPython, isFolder: true },
    { path: 'x.tsbuildinfo', isLikely: buildsByReferences(project), isFolder: false },
    ...dotnetFolders.flatMap((folder) =>
      ['bin', 'obj'].map((name) => ({ path: joinPath(folder, name), isLikely: true, isFolder: true })),
    ),
    {
      path: '.env',
      isLikely: !has('.env') && !isSymfony(project, '') && !needsSettingsFile(context),
      isFolder: false,
    },
    // The file that these patterns are written to: a change of it need not copy everything anew.
    { path: '.dockerignore', isLikely: true, isFolder: false },
  ];
  return [
    ...expected
      .filter(({ isLikely }) => isLikely)
      .flatMap(({ path, isFolder }) => {
        const clutter = clutterOf(path, nameOf(path), isFolder);
        return clutter === undefined ? [] : [{ kind: clutter.kind, path, isFolder, clutter }];
      }),
    ...ignoredOutput(project),
  ];
}

/** True where TypeScript memoizes what it built: left over without its output, that makes it write nothing. */
function buildsByReferences({ reader }: Project): boolean {
  const configurations = ['tsconfig.json', 'tsconfig.base.json', 'tsconfig.build.json'];
  return (
    configurations.some((name) => /"(?:incremental|composite)"\s*:\s*true/.test(reader.read(name) ?? '')) ||
    /\btsc (?:-b|--build)\b/.test(reader.read('package.json') ?? '')
  );
}

/** Folders that hold a project of .NET, the root of the context and those below it. */
function foldersOfDotnet(project: Project): string[] {
  const below = (folder: string): string[] =>
    (project.reader.list(folder) ?? [])
      .filter(({ kind, name }) => kind === 'directory' && !name.startsWith('.'))
      .slice(0, 60)
      .map(({ name }) => joinPath(folder, name));
  const top = below('');
  return ['', ...top, ...top.flatMap(below)]
    .slice(0, 400)
    .filter((folder) =>
      project.reader.list(folder)?.some(({ name }) => /\.(?:csproj|fsproj|vbproj)$/.test(name)),
    );
}

/**
 * Output, caches, logs and coverage that the .gitignore of the project names, folders and endings of files: a build or a
 * run on some machine will make them.
 */
function ignoredOutput(project: Project): Candidate[] {
  const lines = (project.reader.read('.gitignore') ?? '').slice(0, 100_000).split(/\r?\n/);
  const negations = lines.filter((line) => line.startsWith('!'));
  return lines.flatMap((line): Candidate[] => {
    const [, anchor, named = ''] = /^(\/?)([\w.-]+\/?|\*\.\w+)\s*$/.exec(line) ?? [];
    const name = named.replace(/\/$/, '').replace('*', 'x');
    const isFile = named.startsWith('*') || /\.\w+$/.test(name);
    const folder = clutterOf(name, name, true);
    const clutter = folder ?? (isFile ? clutterOf(name, name, false) : undefined);
    if (
      clutter === undefined ||
      !(['output', 'cache', 'coverage', 'logs'].includes(clutter.kind) || name === '.bundle') ||
      (clutter.besides !== undefined && !hasBeside(project, name, clutter.besides))
    ) {
      return [];
    }
    // What Git takes in again somewhere is source there.
    const isEverywhere = anchor === '' && !negations.some((one) => one.includes(name.replace(/^x/, '')));
    const pattern = isEverywhere || folder === undefined ? clutter.pattern : name;
    return [
      { kind: clutter.kind, path: name, isFolder: folder !== undefined, clutter: { ...clutter, pattern } },
    ];
  });
}
