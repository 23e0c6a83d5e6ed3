import { type DevelopmentGem, developmentGems } from '../../ecosystems/ruby/groups.ts';
import { allSources, type SourceFile } from '../../ecosystems/source-text.ts';
import type { Stage } from '../../model/dockerfile.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { AnalysisContext } from '../context.ts';
import { deployment } from '../deployment/deployment.ts';

/** The gems of a project that serve development alone, and which of them its container can do without. */
export interface GemGroups {
  /** All of them, by name. */
  readonly gems: readonly string[];
  /** Those that can be left out, with the groups to leave out for it. */
  readonly spare: readonly string[];
  readonly groups: readonly string[];
  /** Why the others cannot, one sentence without a stop; undefined where there are none. */
  readonly needed: string | undefined;
}

/** Who loads a group or a gem of it. */
interface Loaded {
  readonly groups: readonly string[];
  readonly why: string;
}

/** What a container loads of the gems for development: Rails requires the group that it runs for, other programs name gems. */
export function gemGroups(context: AnalysisContext, stage: Stage, folder: string): GemGroups {
  const { project } = context;
  const gemfile = project.reader.read(joinPath(folder, 'Gemfile')) ?? '';
  const gems = developmentGems(gemfile);
  const loaded = gems.length === 0 ? [] : loadedGroups(context, stage, folder, gemfile, gems);
  const kept = new Set(loaded.flatMap(({ groups }) => groups));
  const spare = gems.filter((gem) => !gem.groups.some((group) => kept.has(group)));
  return {
    gems: gems.map(({ name }) => name),
    spare: spare.map(({ name }) => name),
    groups: [...new Set(spare.flatMap(({ groups }) => groups))],
    needed: spare.length < gems.length ? loaded[0]?.why : undefined,
  };
}

function loadedGroups(
  { project }: AnalysisContext,
  stage: Stage,
  folder: string,
  gemfile: string,
  gems: readonly DevelopmentGem[],
): Loaded[] {
  const { files, isComplete } = sourcesOf(project)(folder);
  const all = gems.flatMap(({ groups }) => groups);
  const required = gems.flatMap((gem): Loaded[] => {
    const reader = files.find((file) => requiredPaths(file).some((path) => isPathOf(path, gem.name)));
    return reader === undefined ? [] : [{ groups: gem.groups, why: `${reader.path} requires ${gem.name}` }];
  });
  return [
    ...groupsOfEnvironment(project, stage, gemfile, files, all),
    ...required,
    ...(isComplete ? [] : [{ groups: all, why: 'the project has more sources than are read for this' }]),
  ];
}

/** The groups that are loaded as a whole, for the environment that the container runs for. */
function groupsOfEnvironment(
  project: Project,
  stage: Stage,
  gemfile: string,
  files: readonly SourceFile[],
  all: readonly string[],
): Loaded[] {
  const isRails = /^[ \t]{0,8}gem[ (]+["'](?:rails|railties)["']/m.test(gemfile);
  const setting = isRails ? 'RAILS_ENV' : 'RACK_ENV';
  const value = environmentName(project, stage);
  if (value !== undefined && value !== 'development') {
    return [];
  }
  if (isRails) {
    const why = value === undefined ? `${setting} is not set, so that Rails` : 'Rails';
    return [{ groups: ['development'], why: `${why} runs for development and loads that group` }];
  }
  const loader = files.find(({ text }) => loadsGroups.test(text));
  return loader === undefined ? [] : [{ groups: all, why: `${loader.path} loads groups of the Gemfile` }];
}

/** `Bundler.require` with more than the group that everything has which names none. */
const loadsGroups = /\bBundler\.require[ (]+(?!:default\s*\)|["']default["']\s*\)|(?:if|unless)\b)[:*\w"'[]/;

/** The environment that the container runs for: what the image sets, or every service and workload that runs it. */
function environmentName(project: Project, stage: Stage): string | undefined {
  const names = ['RAILS_ENV', 'RACK_ENV', 'APP_ENV'];
  const valueIn = (get: (name: string) => string | undefined): string | undefined =>
    names.map(get).find((one) => one !== undefined);
  const given = deployment(project).map(({ environment }) => valueIn((name) => environment[name]));
  const [first] = given;
  return first !== undefined && given.every((one) => one === first)
    ? first
    : valueIn((name) => stage.end.environment.get(name));
}

const sourcesOf = memoizeFor((project: Project) => {
  const found = new Map<string, ReturnType<typeof allSources>>();
  return (folder: string) => {
    const sources = found.get(folder) ?? allSources(project, folder, /\.(?:rb|ru)$/);
    found.set(folder, sources);
    return sources;
  };
});

/** What a source requires by name. */
const requiredPaths = memoizeFor(({ text }: SourceFile): readonly string[] =>
  [...text.matchAll(/^[ \t]{0,40}require[ (]+["']([\w./-]+)["']/gm)].map((match) => match[1] ?? ''),
);

/** True for a path that a gem brings: `dotenv/load`, `rack/test` of rack-test, `sinatra/reloader` of sinatra-contrib. */
function isPathOf(path: string, gem: string): boolean {
  const brought = [gem, gem.replaceAll('-', '/'), gem.replaceAll('-', '_')];
  return (
    brought.some((one) => path === one || path.startsWith(`${one}/`)) ||
    (gem === 'sinatra-contrib' && /^sinatra\/(?!base$|main$|version$)/.test(path))
  );
}
