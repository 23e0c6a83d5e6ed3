import { type Dockerfile, rootBase } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { type ClutterKind, dependencyKindOf } from '../../project/clutter.ts';
import { compilePattern } from '../../project/ignore-pattern.ts';
import { directoryOf, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeFor } from '../../text/memoize.ts';
import { table } from '../../text/table.ts';
import type { AnalysisContext } from '../context.ts';
import { type Known, known, unknown } from '../known.ts';
import { baseName, baseTraits } from '../stage.ts';
import { gitQuestion } from './asks-git.ts';
import { type ContextBuilds, contextBuilds } from './builds.ts';
import { type Called, calledBy, calledByText } from './called.ts';
import { type ContextUse, contextUses, passedOnUses } from './context-use.ts';
import { documentReader } from './document-readers.ts';
import { folderInBuildFiles } from './folder-in-build-files.ts';
import { folderInManifests } from './folder-in-manifests.ts';
import { embedderOf, importerOf } from './importers.ts';
import { namedIn } from './named-in.ts';
import { type ProjectScripts, projectScripts } from './project-scripts.ts';
import { testCommand, testStage } from './runs-tests.ts';
import { artisanOf, bundlerOf, installerOf } from './settings-readers.ts';

/** One build of the context, with what it calls. */
export interface BuildView {
  /** The path of the Dockerfile; undefined for the one under analysis. */
  readonly path: string | undefined;
  readonly dockerfile: Dockerfile;
  readonly uses: readonly ContextUse[];
  readonly hasOwnIgnoreFile: boolean;
  readonly called: Called;
}

/** The builds of a context, the one under analysis first, with what all of them share. */
export interface BuildViews {
  readonly own: BuildView;
  readonly others: readonly BuildView[];
  readonly scripts: ProjectScripts;
  /** What Compose, pipelines and Makefiles start in containers. */
  readonly started: readonly { readonly file: string; readonly called: Called }[];
}

/** What is asked about: an entry of the context, there or still to come. */
export interface Asked {
  readonly path: string;
  readonly kind: ClutterKind;
  readonly isFolder: boolean;
}

/** The builds of the context with everything that they call. */
export const buildViews = memoizeFor((context: AnalysisContext): Known<BuildViews> => {
  const { dockerfile, shell } = context;
  const builds = contextBuilds(context);
  if (builds.state === 'unknown') {
    return builds;
  }
  const shared = sharedViews(context, builds.value);
  const own: BuildView = {
    path: undefined,
    dockerfile,
    uses: contextUses(dockerfile),
    hasOwnIgnoreFile: false,
    called: calledBy(dockerfile, shared.scripts, shell),
  };
  return known({ ...shared, own }, ...builds.evidence);
});

const sharedByBuilds = new WeakMap<ContextBuilds, Omit<BuildViews, 'own'>>();

/** What does not depend on the Dockerfile under analysis. */
function sharedViews({ project, shell }: AnalysisContext, builds: ContextBuilds): Omit<BuildViews, 'own'> {
  let shared = sharedByBuilds.get(builds);
  if (shared === undefined) {
    const scripts = projectScripts(project);
    shared = {
      scripts,
      others: builds.others.map((build) => ({
        ...build,
        called: calledBy(build.dockerfile, scripts, shell),
      })),
      started: builds.started.map(({ file, text }) => ({
        file,
        called: calledByText(text, scripts, shell),
      })),
    };
    sharedByBuilds.set(builds, shared);
  }
  return shared;
}

/** Whether a build needs an entry of its context. `unknown` where something that it runs could not be read. */
export function isNeeded(
  context: AnalysisContext,
  views: BuildViews,
  view: BuildView,
  asked: Asked,
): Known<boolean> {
  const answers = needsOf(context)(view);
  const key = `${asked.kind} ${asked.isFolder} ${asked.path}`;
  const answer = answers.get(key) ?? findNeed(context, views, view, asked);
  answers.set(key, answer);
  return answer;
}

/** What was found of each build within one analysis: several rules ask for the same entries. */
const needsOf = memoizeFor((_: AnalysisContext) =>
  memoizeFor((__: BuildView) => new Map<string, Known<boolean>>()),
);

function findNeed(
  context: AnalysisContext,
  views: BuildViews,
  view: BuildView,
  asked: Asked,
): Known<boolean> {
  const isMade = ['dependencies', 'output', 'cache', 'coverage', 'logs'].includes(asked.kind);
  const named =
    view.uses.find((use) => namesEntry(use, asked.path)) ??
    (isMade ? undefined : passedOnUses(view.dockerfile).find((use) => namesEntry(use, asked.path)));
  if (named !== undefined) {
    return known(true, {
      says: `${view.path ?? 'The Dockerfile'} names ${named.text}`,
      at: { kind: 'dockerfile', span: named.span },
    });
  }
  if (!view.uses.some((use) => takesEntry(use, asked.path))) {
    return known(false);
  }
  return askedOf(context, views, view, asked);
}

/** What of the build under analysis asks Git, or could not be read and may ask it; known to be undefined where nothing does. */
export function gitCaller(context: AnalysisContext): string | undefined {
  const views = buildViews(context);
  if (views.state === 'unknown') {
    return views.why;
  }
  const { called } = views.value.own;
  const unread = unlessUnread(called);
  return gitQuestion(called, views.value.scripts) ?? (unread.state === 'unknown' ? unread.why : undefined);
}

function askedOf(context: AnalysisContext, views: BuildViews, view: BuildView, asked: Asked): Known<boolean> {
  const { called } = view;
  const embedder = ['dependencies', 'version-control'].includes(asked.kind)
    ? undefined
    : embedderOf(views.scripts, asked.path);
  if (embedder !== undefined && (asked.kind !== 'output' || !makes(context.project, called, asked, true))) {
    return because(embedder);
  }
  switch (asked.kind) {
    case 'dependencies':
      return known(!installs(called, asked) && !isOfAnotherLanguage(view, asked));
    case 'output':
      return known(!makes(context.project, called, asked));
    case 'version-control': {
      const question = gitQuestion(called, views.scripts);
      return question === undefined ? unlessUnread(called) : because(question);
    }
    case 'tests':
      return needsTests(context, views, view, asked);
    case 'documentation': {
      const named = namedIn(called, asked.path);
      if (named !== undefined) {
        return because(named);
      }
      const reader = documentReader(context.project, asked.path);
      return reader.state === 'unknown' ? reader : known(reader.value !== undefined, ...reader.evidence);
    }
    case 'environment':
    case 'docker':
    case 'editor':
    case 'continuous-integration':
    case 'large':
    case 'secret': {
      const reader =
        namedIn(called, asked.path) ??
        installerOf(called, asked.path) ??
        artisanOf(called, asked.path) ??
        (asked.kind === 'environment' ? bundlerOf(called, context.project, asked.path) : undefined);
      return reader === undefined ? known(false) : because(reader);
    }
    default:
      return known(false);
  }
}

function because(says: string): Known<boolean> {
  return known(true, { says, at: { kind: 'file', path: '' } });
}

function unlessUnread({ unread: [first] }: Called): Known<boolean> {
  return first === undefined ? known(false) : unknown(`${first} could not be read`);
}

/** Tests are needed where something runs them, and where what a container starts is not known. */
function needsTests(
  context: AnalysisContext,
  views: BuildViews,
  view: BuildView,
  asked: Asked,
): Known<boolean> {
  const { called, dockerfile } = view;
  const test =
    testCommand(called) ??
    views.started.map((one) => testCommand(one.called)).find((one) => one !== undefined);
  if (test !== undefined) {
    return because(`${test} runs tests`);
  }
  const stage = testStage(dockerfile);
  if (stage !== undefined) {
    return because(`${stage} is made for tests`);
  }
  const { final } = dockerfile;
  const { words } = final === undefined ? { words: [] } : startCommand(final);
  const isServer = final !== undefined && baseTraits(final, context.images)?.isServer === true;
  const isOpen =
    words.length === 0
      ? !isServer
      : /^(?:ba|da|z|a)?sh$|^(?:sleep|tail|cat|top|true)$/.test(baseName(words[0] ?? '')) && words.length < 4;
  if (isOpen) {
    return unknown('what its container starts is not known');
  }
  const reader =
    namedIn(called, asked.path) ??
    folderInManifests(views.scripts, asked.path) ??
    folderInBuildFiles(views.scripts, called, asked.path) ??
    importerOf(views.scripts, asked.path);
  return reader === undefined ? unlessUnread(called) : because(reader);
}

const installers: Readonly<Record<string, (words: string) => boolean>> = table({
  node: (words) =>
    /^(?:npm\b.* (?:ci|i|install|clean-install|add)|pnpm\b.* (?:i|install|fetch|deploy|add)|yarn(?: |$)(?!run|build|start|test)|bun\b.* (?:i|install|add))(?: |$)/.test(
      words,
    ) || /^yarn(?: install| --\S+)*$/.test(words),
  python: (words) =>
    /^(?:pip3?|uv|poetry|pipenv|pdm|conda|micromamba|mamba)\b.* (?:install|sync|update|create)(?: |$)|^python[\d.]* -m (?:pip|uv|poetry|pipenv) .*install/.test(
      words,
    ),
  other: (words) =>
    /^(?:composer|bundle|bower|pod|mix|dune|elm)\b.* (?:install|update|deps\.get|make)(?: |$)/.test(words),
});

/** True where a build installs what a folder of packages holds. */
function installs(called: Called, { path }: Asked): boolean {
  const name = nameOf(path);
  const ecosystem =
    dependencyKindOf(name) ??
    (name === '.pnpm-store'
      ? 'node'
      : /^(?:bower_components|vendor|\.bundle|Pods|elm-stuff|deps)$/.test(name)
        ? 'other'
        : 'python');
  return called.commands.some(({ words }) => installers[ecosystem]?.(words.join(' ')) === true);
}

/** Images for languages whose builds read no packages of Node.js or Python. */
const compilers =
  /(?:^|\/)(?:golang|rust|gradle|maven|eclipse-temurin|amazoncorretto|openjdk|swift|haskell|gcc|erlang|dotnet\/sdk)$/;

/** True where every stage that takes an entry in compiles another language than that of the packages. */
function isOfAnotherLanguage(view: BuildView, { path }: Asked): boolean {
  const takers = view.uses.filter((use) => takesEntry(use, path)).map(({ stage }) => rootBase(stage));
  return takers.every((base) => base.kind === 'image' && compilers.test(base.reference.repository));
}

/** Commands that build, by the manifests beside their output. */
const makers: readonly (readonly [manifest: RegExp, command: RegExp])[] = [
  [
    /^package\.json$/,
    /^(?:(?:npm|pnpm|yarn|bun)\b.* ?(?:build|bundle|compile|generate|export|dist|release|prod)\S*|(?:tsc|vite|next|nuxt|nuxi|astro|webpack|rollup|esbuild|tsup|parcel|gatsby|ng|nest|turbo|nx|lerna|react-scripts|vue-cli-service|svelte-kit|remix|rsbuild|rspack|babel|swc|gulp|grunt|ember|quasar|docusaurus|vitepress|vuepress|eleventy|hexo|gridsome|snowpack|bun|deno|ncc|unbuild|microbundle|expo|umi|max|razzle|sapper|metro|sass|postcss|tailwindcss)\b)/,
  ],
  [/^(?:pom\.xml)$/, /^(?:mvnw?|mvnd)\b/],
  [/\.gradle(?:\.kts)?$/, /^gradlew?\b/],
  [/^Cargo\.toml$/, /^(?:cargo|cross|wasm-pack|trunk|maturin)\b/],
  [/\.(?:cs|fs|vb)proj$|\.slnx?$/, /^(?:dotnet|msbuild)\b/],
  [/^(?:build\.sbt)$/, /^sbt\b/],
  [/^(?:mix\.exs)$/, /^mix\b/],
  [/^(?:dune-project)$/, /^(?:dune|opam)\b/],
  [/^(?:pubspec\.yaml)$/, /^(?:flutter|dart)\b/],
  [/^(?:Package\.swift)$/, /^swift\b/],
  [
    /^(?:setup\.py|pyproject\.toml)$/,
    /^(?:python[\d.]*\b.* (?:-m build|setup\.py)|(?:pip3?|uv|poetry|hatch|pdm|flit)\b.* (?:wheel|build)|uv build)/,
  ],
  [
    /^(?:CMakeLists\.txt|meson\.build|configure(?:\.ac)?|[Mm]akefile|GNUmakefile)$/,
    /^(?:make|gmake|cmake|ninja|meson|bazel)\b/,
  ],
  [/^(?:go\.mod)$/, /^(?:go|make|mage|task)\b/],
  [/^(?:_config\.yml)$/, /^(?:jekyll|bundle)\b/],
  [/^(?:hugo\.\w+|config\.toml)$/, /^(?:hugo|zola)\b/],
  [/^(?:mkdocs\.ya?ml)$/, /^mkdocs\b/],
  [/^(?:serverless\.ya?ml|template\.ya?ml)$/, /^(?:serverless|sls|sam)\b/],
];

/** What of Go's commands may make something that Go is to embed. */
const makesEmbedded = /^(?:make|mage|task|go generate)\b/;

/**
 * True where a build makes output anew: it runs a builder of the project that lies beside the output, or at the root. What
 * Go embeds, its compiler does not make.
 */
function makes(project: Project, called: Called, { path }: Asked, isEmbedded = false): boolean {
  const beside = [directoryOf(path), ''].flatMap((folder) =>
    (project.reader.list(folder) ?? []).map(({ name }) => name),
  );
  const own = project.reader.list(directoryOf(path)) ?? [];
  const matching = (names: readonly string[]) =>
    makers.filter(([manifest]) => names.some((name) => manifest.test(name)));
  const nearest = matching(own.map(({ name }) => name));
  const candidates = nearest.length > 0 ? nearest : matching(beside);
  return candidates.some(([manifest, command]) => {
    const builder = isEmbedded && manifest.test('go.mod') ? makesEmbedded : command;
    return called.commands.some(({ words }) => builder.test(words.join(' ')));
  });
}

/** True where a use names the entry itself, something in it, or a pattern that it matches. */
export function namesEntry(use: ContextUse, path: string): boolean {
  if (use.path === '' || use.path === '*') {
    return false;
  }
  if (use.path === path || use.path.startsWith(`${path}/`)) {
    return true;
  }
  const pattern = use.isGlob ? compilePattern(use.path) : undefined;
  return typeof pattern === 'object' && pattern.matches(path);
}

/** True where a use takes the entry in with a folder that holds it. */
export function takesEntry(use: ContextUse, path: string): boolean {
  if (use.path === '' || path.startsWith(`${use.path}/`)) {
    return true;
  }
  const pattern = use.isGlob ? compilePattern(use.path) : undefined;
  const parts = path.split('/');
  return (
    typeof pattern === 'object' && parts.some((_, i) => pattern.matches(parts.slice(0, i + 1).join('/')))
  );
}
