import { type ClutterKind, clutterOf } from '../../project/clutter.ts';
import type { Totals } from '../../project/context.ts';
import { compilePattern } from '../../project/ignore-pattern.ts';
import { directoryOf, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { formatBytes, type SizeAnswer } from '../../sizes/size.ts';
import type { AnalysisContext } from '../context.ts';
import { holdsSecret, isRead, isSymfony } from '../secrets/secret-files.ts';
import { type ContextEntry, contextEntries } from './context-entries.ts';
import { type ContextUse, contextUses, ships } from './context-use.ts';
import { isGitIgnored } from './git-ignore.ts';

/** Something in the build context that is sent and that this build does not need. */
export interface NeedlessEntry {
  readonly path: string;
  readonly kind: ClutterKind;
  /** What excludes it in the ignore file, and nothing that the Dockerfile names. */
  readonly pattern: string;
  /** Undefined until the context has been measured. */
  readonly totals?: Totals;
}

/** A folder that weighs less holds no more than a `.gitkeep`, and a figure below is no news, in bytes. */
export const leastBytes = 1000;

/**
 * What is there, would be sent, and is not needed: judged by names, by what Git ignores, by what lies beside it, and by
 * what the Dockerfile does. What the Dockerfile names, or leaves to the context (installed packages where it installs
 * none, output where it builds none), is needed.
 */
export function needlessEntries(context: AnalysisContext): NeedlessEntry[] {
  const { project, dockerfile } = context;
  const uses = contextUses(dockerfile);
  const facts = factsOf(context);
  const ignoredByGit = isGitIgnored(project);
  return contextEntries(project).flatMap((candidate): NeedlessEntry[] => {
    const name = nameOf(candidate.path);
    const { clutter } = candidate;
    if (isEmpty(candidate, clutter.kind) || uses.some((use) => names(use, candidate.path))) {
      return [];
    }
    const isProven =
      (clutter.besides === undefined || hasBeside(project, candidate.path, clutter.besides)) &&
      (clutter.isAmbiguous !== true || ignoredByGit(candidate.path, candidate.isFolder));
    const isSecret = clutter.kind === 'secret' || clutter.kind === 'environment';
    if (
      !isProven ||
      (isSecret
        ? !holdsSecret(project, candidate.path) || isRead(context, candidate.path)
        : !facts.isNeedless(clutter.kind, name))
    ) {
      return [];
    }
    const pattern = isSecret && name !== '.env' ? candidate.path : clutter.pattern;
    return [
      {
        path: candidate.path,
        kind: clutter.kind,
        pattern: excludesNamed(pattern, uses) ? candidate.path : pattern,
        ...(candidate.totals === undefined ? {} : { totals: candidate.totals }),
      },
    ];
  });
}

/** True for a folder that was made to hold something and does not. */
function isEmpty({ isFolder, totals }: ContextEntry, kind: ClutterKind): boolean {
  return isFolder && totals !== undefined && totals.bytes < leastBytes && heavyKinds.includes(kind);
}

/** True where a use names the entry itself, something in it, or a pattern that it matches. */
function names(use: ContextUse, path: string): boolean {
  if (use.path === '' || use.path === '*') {
    return false;
  }
  if (use.path === path || use.path.startsWith(`${path}/`)) {
    return true;
  }
  const pattern = use.isGlob ? compilePattern(use.path) : undefined;
  return typeof pattern === 'object' && pattern.matches(path);
}

function excludesNamed(pattern: string, uses: readonly ContextUse[]): boolean {
  const compiled = compilePattern(pattern);
  return (
    typeof compiled === 'object' &&
    uses.some((use) =>
      use.path.split('/').some((_, i, parts) => compiled.matches(parts.slice(0, i + 1).join('/'))),
    )
  );
}

function hasBeside(project: Project, path: string, wanted: readonly string[]): boolean {
  const beside = project.reader.list(directoryOf(path)) ?? [];
  return beside.some((entry) =>
    wanted.some((name) => (name.startsWith('*') ? entry.name.endsWith(name.slice(1)) : entry.name === name)),
  );
}

interface BuildFacts {
  isNeedless(kind: ClutterKind, name: string): boolean;
}

const installs: Readonly<Record<string, RegExp>> = {
  node: /\b(?:npm\b[^&|;\n]*\b(?:ci|i|install|clean-install)|pnpm\b[^&|;\n]*\b(?:i|install|fetch|deploy)|yarn\b|bun\b[^&|;\n]*\b(?:i|install))\b/,
  python: /\b(?:pip3?|uv|poetry|pipenv|pdm)\b[^&|;\n]*\b(?:install|sync)\b/,
  other: /\b(?:composer|bundle|bower|pod)\b[^&|;\n]*\b(?:install|update)\b/,
};
const builds =
  /\b(?:run|pnpm|yarn|bun|ng|next|vite|nuxt|astro|turbo|nx|cargo|go|dotnet|mix|swift)\b[^&|;\n]*\b(?:build|publish|package|bundle|install|release)|\b(?:tsc|mvnw?|gradlew?|make|cmake|sbt|webpack|esbuild|rollup|dune)\b/;
const tests =
  /\b(?:test|tests|check|verify|pytest|jest|vitest|mocha|tox|nox|rspec|phpunit|cypress|playwright)\b/;
const gitCommands =
  /\bgit\s+(?:-\S+\s+(?:\S+\s+)?)*(?:describe|rev-parse|rev-list|log|show|status|submodule|diff|ls-files|branch|tag|archive|checkout|fetch|lfs)\b/;
/** Build tools that ask Git for the version. */
const versionsFromGit =
  /setuptools[_-]scm|hatch-vcs|versioneer|versioningit|dunamai|dynamic-versioning|\bpbr\b|pdm.*scm|vergen|shadow-rs|git-version|git-commit-id|axion-release|nebula\.release|gradle-git|MinVer|GitVersion|Nerdbank/;
const manifests = [
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'Cargo.toml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'Directory.Build.props',
  'package.json',
];

function factsOf(context: AnalysisContext): BuildFacts {
  const { project, dockerfile } = context;
  const commands = dockerfile.stages
    .flatMap((stage) => stage.steps)
    .filter((step) => step.instruction.keyword === 'RUN')
    .map((step) => dockerfile.text.slice(step.instruction.span.start, step.instruction.span.end))
    // Continued lines are one command.
    .join('\n')
    .replace(/[\\`]\r?\n/g, ' ');
  const texts = manifests.map((path) => project.reader.read(path) ?? '');
  const [pyproject = '', setup = '', config = '', cargo = ''] = texts;
  const has = (path: string) => project.reader.read(path) !== undefined;
  const isScripted = ['package.json', 'pyproject.toml', 'requirements.txt', 'Gemfile', 'composer.json'].some(
    has,
  );
  // Their tests are part of the build's own description.
  const isCompiled = ['Cargo.toml', 'go.mod', 'CMakeLists.txt', 'pom.xml', 'build.gradle', 'Makefile'].some(
    has,
  );
  return {
    isNeedless(kind, name) {
      switch (kind) {
        case 'dependencies':
          return installs[dependencyEcosystem(name)]?.test(commands) === true;
        case 'version-control':
          return !gitCommands.test(commands) && !texts.some((text) => versionsFromGit.test(text));
        case 'output':
          return builds.test(commands);
        case 'tests':
          return isScripted && !isCompiled && !tests.test(commands);
        case 'documentation':
          return (
            cargo === '' && ![pyproject, setup, config].some((text) => /readme|changelog|\.md\b/i.test(text))
          );
        default:
          return true;
      }
    },
  };
}

function dependencyEcosystem(name: string): string {
  return name === 'node_modules' || name === '.pnpm-store'
    ? 'node'
    : name === '.venv' || name === 'venv'
      ? 'python'
      : 'other';
}

/**
 * Patterns for what is not there yet but will be on the machines of those who work on the project: its repository,
 * installed packages, local settings, and what Git is told to ignore because builds make it.
 */
export function expectedPatterns(context: AnalysisContext): { kind: ClutterKind; pattern: string }[] {
  const { project, dockerfile } = context;
  const facts = factsOf(context);
  const uses = contextUses(dockerfile);
  const has = (path: string) => project.reader.read(path) !== undefined;
  const isPython = ['pyproject.toml', 'requirements.txt', 'setup.py'].some(has);
  const buildsDotnet = /\bdotnet\s+(?:build|publish|restore)\b/.test(dockerfile.text) && isDotnet(project);
  const expected: { kind: ClutterKind; path: string; isLikely: boolean }[] = [
    { kind: 'dependencies', path: 'node_modules', isLikely: has('package.json') },
    { kind: 'dependencies', path: '.venv', isLikely: isPython },
    { kind: 'version-control', path: '.git', isLikely: true },
    { kind: 'cache', path: '__pycache__', isLikely: isPython },
    { kind: 'cache', path: 'x.tsbuildinfo', isLikely: buildsByReferences(project) },
    { kind: 'output', path: 'bin', isLikely: buildsDotnet },
    { kind: 'output', path: 'obj', isLikely: buildsDotnet },
    { kind: 'environment', path: '.env', isLikely: !has('.env') && !isSymfony(project, '') },
    // The file that these patterns are written to: a change of it need not copy everything anew.
    { kind: 'docker', path: '.dockerignore', isLikely: true },
  ];
  return [
    ...expected
      .filter(({ isLikely }) => isLikely)
      .map(({ kind, path }) => ({
        kind,
        path,
        pattern: clutterOf(path, path, !isFile(path))?.pattern ?? path,
      })),
    ...ignoredOutput(project),
  ]
    .filter(({ kind, path, pattern }) => facts.isNeedless(kind, path) && !excludesNamed(pattern, uses))
    .map(({ kind, pattern }) => ({ kind, pattern }));
}

/** True where TypeScript remembers what it built: left over without its output, that makes it write nothing. */
function buildsByReferences({ reader }: Project): boolean {
  const configurations = ['tsconfig.json', 'tsconfig.base.json', 'tsconfig.build.json'];
  return (
    configurations.some((name) => /"(?:incremental|composite)"\s*:\s*true/.test(reader.read(name) ?? '')) ||
    /\btsc (?:-b|--build)\b/.test(reader.read('package.json') ?? '')
  );
}

/** True for a project of .NET, at the root or in a folder of its own. */
function isDotnet(project: Project): boolean {
  const top = project.reader.list('') ?? [];
  const below = top
    .filter((entry) => entry.kind === 'directory')
    .slice(0, 60)
    .flatMap((entry) => project.reader.list(entry.name) ?? []);
  return [...top, ...below].some((entry) => /\.(?:csproj|fsproj|vbproj)$/.test(entry.name));
}

/**
 * Output, caches, logs and coverage that the .gitignore of the project names, folders and endings of files: a build or a
 * run on some machine will make them.
 */
function ignoredOutput(project: Project): { kind: ClutterKind; path: string; pattern: string }[] {
  const lines = (project.reader.read('.gitignore') ?? '').slice(0, 100_000).split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, anchor, named = ''] = /^(\/?)([\w.-]+\/?|\*\.\w+)\s*$/.exec(line) ?? [];
    const name = named.replace(/\/$/, '').replace('*', 'x');
    const isFile = named.startsWith('*') || /\.\w+$/.test(name);
    const clutter = clutterOf(name, name, true) ?? (isFile ? clutterOf(name, name, false) : undefined);
    return clutter !== undefined &&
      (['output', 'cache', 'coverage', 'logs'].includes(clutter.kind) || name === '.bundle') &&
      (clutter.besides === undefined || hasBeside(project, name, clutter.besides))
      ? [{ kind: clutter.kind, path: name, pattern: anchor === '' || isFile ? clutter.pattern : name }]
      : [];
  });
}

function isFile(path: string): boolean {
  return ['.env', '.dockerignore', 'x.tsbuildinfo'].includes(path);
}

/** What is worth a warning, in the order of what it mostly weighs. */
export const heavyKinds: readonly ClutterKind[] = [
  'dependencies',
  'version-control',
  'output',
  'cache',
  'coverage',
  'logs',
];
const heaviestFirst: readonly ClutterKind[] = [...heavyKinds, 'environment', 'secret'];

/** Names of entries for a message, the largest first: `node_modules, .git and 3 more`. */
export function listNames(entries: readonly NeedlessEntry[]): string {
  const bySize = [...entries].sort(
    (a, b) =>
      (b.totals?.bytes ?? 0) - (a.totals?.bytes ?? 0) ||
      heaviestFirst.indexOf(a.kind) - heaviestFirst.indexOf(b.kind),
  );
  const unique = [...new Set(bySize.map((entry) => nameOf(entry.path)))];
  const shown = unique.length > 3 ? [...unique.slice(0, 2), `${unique.length - 2} more`] : unique;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}

/** What is sent less without the entries, for the end of a fix's title; empty where that is no news. */
export function lessSent(bytes: number | undefined): string {
  return bytes === undefined || bytes < leastBytes ? '' : ` (sends ${formatBytes(bytes)} less)`;
}

/** The bytes of entries; undefined where the context has not been measured. */
export function bytesOf(entries: readonly NeedlessEntry[]): number | undefined {
  return entries.some((entry) => entry.totals === undefined)
    ? undefined
    : entries.reduce((sum, entry) => sum + (entry.totals?.bytes ?? 0), 0);
}

/** What the image sheds with entries of the context: known where they were measured and a use puts them into what ships. */
export function savingOf(
  context: AnalysisContext,
  use: ContextUse,
  entries: readonly NeedlessEntry[],
): SizeAnswer | undefined {
  const bytes = bytesOf(entries.filter((entry) => ships(context.dockerfile, use, entry.path)));
  const measured = context.project.context;
  if (bytes === undefined || bytes < leastBytes || measured === undefined) {
    return undefined;
  }
  return {
    kind: 'known',
    low: bytes,
    high: bytes,
    atLeast: !measured.isComplete,
    measure: 'disk',
    basis: 'measured',
    source: 'files of the build context',
    date: measured.date.slice(0, 10),
  };
}
