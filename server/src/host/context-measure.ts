import { type ClutterKind, clutterOf, dependencyKindOf } from '../project/clutter.ts';
import type {
  ContextMeasurement,
  DependencyFolder,
  MeasuredClutter,
  MeasuredEntry,
  MeasuredPackage,
  PatternMeasurement,
  PatternUsage,
  Totals,
} from '../project/context.ts';
import {
  type Dockerignore,
  type FolderMatches,
  type IgnoreMatcher,
  parseDockerignore,
} from '../project/dockerignore.ts';
import { npmLockOf } from './context-lock.ts';
import { type WalkLimits, walkFolder } from './context-walk.ts';
import { addTo, MeasuredTree, type TreeNode } from './measured-tree.ts';
import { createProjectReader } from './project-reader.ts';

export interface MeasureInput {
  /** Absolute path of the build context. */
  readonly root: string;
  /** What applies to it; undefined where there is no .dockerignore. */
  readonly ignore?: Dockerignore;
  readonly signal?: AbortSignal;
  /** Files and folders to look at before the figures become "at least"; 500,000 unless told. */
  readonly maxEntries?: number;
  /** Milliseconds before the figures become "at least"; 10,000 unless told. */
  readonly maxDuration?: number;
  /** Files and folders that are kept by name, before of folders only the sum is kept; 20,000 unless told. */
  readonly maxNodes?: number;
  /** Called now and then with how many files and folders have been seen. */
  readonly onProgress?: (entries: number) => void;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Sum = Mutable<Totals>;

interface Dependencies extends Mutable<MeasuredEntry> {
  readonly ecosystem: 'node' | 'python';
  isSent: boolean;
  /** For each package folder whether it is for development only. */
  readonly marks: ReadonlyMap<string, boolean> | undefined;
  readonly development: Sum;
  readonly packages: Mutable<MeasuredPackage>[];
}

/** What is known of a folder while it is walked through. */
interface Folder {
  readonly matches: FolderMatches | undefined;
  /** True where nothing in the folder can be sent, and only its packages are counted. */
  readonly isAside: boolean;
  readonly node: TreeNode;
  readonly clutter: Mutable<MeasuredClutter> | undefined;
  readonly dependencies: Dependencies | undefined;
  readonly isDevelopment: boolean;
  /** The installed package that it belongs to. */
  readonly package: Mutable<MeasuredPackage> | undefined;
}

/**
 * Measures what a COPY of the whole context sends. Excluded folders are passed over unless a `!` may take in
 * something below them; node_modules and virtual environments are measured even then, because their size tells what an
 * install brings. Never throws but for an abort.
 * @throws the signal's reason when it is aborted.
 */
export async function measureContext(input: MeasureInput): Promise<ContextMeasurement> {
  const collector = new Collector(input);
  const isComplete = await walkFolder(input.root, collector.root, collector, limitsOf(input));
  return collector.result(isComplete);
}

function limitsOf(input: MeasureInput): WalkLimits {
  return {
    maxEntries: input.maxEntries ?? 500_000,
    maxDuration: input.maxDuration ?? 10_000,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
    ...(input.onProgress === undefined ? {} : { onProgress: input.onProgress }),
  };
}

/** Nobody copies single files out of these. */
const summedKinds: ReadonlySet<ClutterKind> = new Set(['dependencies', 'version-control', 'cache']);

/** Names that are kept, unless told. */
const manyNodes = 20_000;

class Collector {
  private readonly tree: MeasuredTree;
  readonly root: Folder;
  private readonly matcher: IgnoreMatcher | undefined;
  private readonly locks: (path: string) => ReadonlyMap<string, boolean> | undefined;
  private readonly clutter: MeasuredClutter[] = [];
  /** Virtual environments of Python under names of their own. */
  private readonly environments: { readonly path: string; readonly node: TreeNode }[] = [];
  private readonly dependencies: Dependencies[] = [];

  constructor({ root, ignore, maxNodes = manyNodes }: MeasureInput) {
    this.matcher = ignore?.matcher;
    this.tree = new MeasuredTree(maxNodes);
    this.root = {
      matches: undefined,
      isAside: false,
      node: this.tree.root,
      clutter: undefined,
      dependencies: undefined,
      isDevelopment: false,
      package: undefined,
    };
    this.locks = npmLockOf(createProjectReader(root));
  }

  enterFolder(path: string, name: string, parent: Folder): Folder | undefined {
    const dependencies = parent.dependencies ?? this.startDependencies(path, name);
    const isDevelopment = dependencies?.marks?.get(path) ?? parent.isDevelopment;
    const installed = parent.package ?? startPackage(path, name, dependencies, isDevelopment);
    if (parent.isAside) {
      return { ...parent, isDevelopment, package: installed };
    }
    const match = this.matcher?.match(path, parent.matches);
    if (match?.isIgnored === true && this.matcher?.mayTakeInBelow(path) === false) {
      return dependencies === undefined
        ? undefined
        : { ...this.root, isAside: true, dependencies, isDevelopment, package: installed };
    }
    const clutter = parent.clutter ?? this.startClutter(path, name, true);
    const isSummed = clutter !== undefined && summedKinds.has(clutter.kind);
    return {
      matches: match?.matches,
      isAside: false,
      node: this.tree.start(name, parent.node, isSummed ? 'sum' : 'folder'),
      clutter,
      dependencies,
      isDevelopment,
      package: installed,
    };
  }

  visitFile(path: string, name: string, bytes: number, folder: Folder): void {
    const isSent = !folder.isAside && this.matcher?.match(path, folder.matches).isIgnored !== true;
    if (folder.dependencies !== undefined) {
      folder.dependencies.isSent ||= isSent;
      addTo(folder.dependencies, bytes);
      if (folder.isDevelopment) {
        addTo(folder.dependencies.development, bytes);
      }
      if (folder.package !== undefined) {
        addTo(folder.package, bytes);
      }
    }
    if (isSent) {
      this.tree.addFile(name, folder.node, bytes);
      if (name === 'pyvenv.cfg' && folder.clutter === undefined) {
        this.environments.push({ path: path.slice(0, -name.length - 1), node: folder.node });
      }
      const clutter = folder.clutter ?? this.startClutter(path, name, false);
      if (clutter !== undefined) {
        addTo(clutter, bytes);
      }
    }
  }

  result(isComplete: boolean): ContextMeasurement {
    const environments = this.environments
      // Behind the limit of names a folder's sum is that of a folder above it.
      .filter(({ path, node }) => path !== '' && node.entries !== undefined)
      .map(({ path, node: { files, bytes } }) => {
        return { path, kind: 'dependencies' as const, isFolder: true, files, bytes };
      });
    const isInside = (path: string): boolean => environments.some((one) => path.startsWith(`${one.path}/`));
    const found = this.clutter.filter((item) => item.files > 0 && !isInside(item.path));
    const clutter = largestFirst([...found, ...environments]);
    // Files with secrets are small, and must not fall behind the limit.
    const urgent = clutter.filter((item) => item.kind === 'secret' || item.kind === 'environment');
    const rest = clutter.filter((item) => item.kind !== 'secret' && item.kind !== 'environment');
    return {
      sent: this.root.node,
      isComplete,
      clutter: [...urgent.slice(0, 100), ...rest].slice(0, 200),
      dependencies: largestFirst(this.dependencies).slice(0, 50).map(describe),
      date: new Date().toISOString(),
    };
  }

  private startDependencies(path: string, name: string): Dependencies | undefined {
    const ecosystem = dependencyKindOf(name);
    if (ecosystem === undefined) {
      return undefined;
    }
    const started: Dependencies = {
      path,
      files: 0,
      bytes: 0,
      ecosystem,
      isSent: false,
      marks: ecosystem === 'node' ? this.locks(path) : undefined,
      development: { files: 0, bytes: 0 },
      packages: [],
    };
    this.dependencies.push(started);
    return started;
  }

  private startClutter(path: string, name: string, isFolder: boolean): Mutable<MeasuredClutter> | undefined {
    const found = clutterOf(path, name, isFolder);
    if (found === undefined) {
      return undefined;
    }
    const started = { path, kind: found.kind, isFolder, files: 0, bytes: 0 };
    this.clutter.push(started);
    return started;
  }
}

/** Packages lie in node_modules, below a scope, in pnpm's store, or in the site-packages of a virtual environment. */
function startPackage(
  path: string,
  name: string,
  dependencies: Dependencies | undefined,
  isDevelopment: boolean,
): Mutable<MeasuredPackage> | undefined {
  if (dependencies === undefined || path.length <= dependencies.path.length) {
    return undefined;
  }
  const above = path.slice(dependencies.path.length, -name.length);
  const isPackage =
    dependencies.ecosystem === 'node'
      ? above === '/.pnpm/' || (/^\/(?:@[^/]*\/)?$/.test(above) && !/^[@.]/.test(name))
      : above.endsWith('/site-packages/');
  if (!isPackage) {
    return undefined;
  }
  const scope = above.startsWith('/@') ? above.slice(1) : '';
  const started = { name: `${scope}${name}`, isDevelopment, files: 0, bytes: 0 };
  dependencies.packages.push(started);
  return started;
}

function describe(found: Dependencies): DependencyFolder {
  const { path, files, bytes, ecosystem, isSent, marks, development, packages } = found;
  return {
    path,
    files,
    bytes,
    ecosystem,
    isSent,
    ...(marks === undefined ? {} : { development }),
    packages: largestFirst(packages.filter((one) => one.files > 0)).slice(0, 20),
  };
}

function largestFirst<T extends Totals>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => b.bytes - a.bytes || b.files - a.files);
}

interface UsageFolder {
  /** For each pattern whether it matches the folder or one above it, asked or not. */
  readonly raw: FolderMatches | undefined;
  readonly matches: FolderMatches | undefined;
  readonly node: TreeNode;
}

/**
 * Counts what every pattern of a .dockerignore file does, in the order of its patterns. It looks into excluded
 * folders too, so it takes longer than `measureContext`: it is for the open .dockerignore document.
 * @throws the signal's reason when it is aborted.
 */
export async function measurePatterns(input: MeasureInput): Promise<PatternMeasurement> {
  const { matcher, patterns } = input.ignore ?? parseDockerignore('');
  const sent: Sum = { files: 0, bytes: 0 };
  const usages = patterns.map((): Mutable<PatternUsage> => ({ files: 0, bytes: 0, matches: false }));
  const note = (raw: FolderMatches) => {
    for (let i = 0; i < usages.length; i++) {
      const usage = usages[i];
      if (usage !== undefined && raw[i]) {
        usage.matches = true;
      }
    }
  };
  const tree = new MeasuredTree(input.maxNodes ?? manyNodes);
  const root: UsageFolder = { raw: undefined, matches: undefined, node: tree.root };
  const isComplete = await walkFolder(
    input.root,
    root,
    {
      enterFolder: (path, name, parent): UsageFolder => {
        const raw = matcher.matchesOf(path, parent.raw);
        note(raw);
        const kind = clutterOf(path, name, true)?.kind;
        const isSummed = kind !== undefined && summedKinds.has(kind);
        const node = tree.start(name, parent.node, isSummed ? 'sum' : 'folder');
        return { raw, matches: matcher.match(path, parent.matches).matches, node };
      },
      visitFile: (path, name, bytes, folder) => {
        tree.addFile(name, folder.node, bytes);
        const raw = matcher.matchesOf(path, folder.raw);
        note(raw);
        const { decidedBy: winner, isIgnored } = matcher.match(path, folder.matches);
        if (!isIgnored) {
          addTo(sent, bytes);
        }
        const usage = winner === undefined ? undefined : usages[winner];
        if (usage !== undefined) {
          addTo(usage, bytes);
        }
        raw.forEach((isMatch, i) => {
          const loser = usages[i];
          if (isMatch && i !== winner && winner !== undefined && loser !== undefined) {
            loser.overruledBy = (loser.overruledBy ?? winner) === winner ? winner : 'several';
          }
        });
      },
    },
    limitsOf(input),
  );
  return { usages, found: tree.root, sent, isComplete };
}
