import { systemBase } from '../../images/families/runtime-bases.ts';
import type { CommandStep } from '../../model/commands.ts';
import { normalizePath } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import { builtCopy } from '../built-program.ts';
import type { PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { sourceFiles } from '../source-text.ts';
import { mixOption, mixTasks, withoutComments } from './mix.ts';
import { elixirToolchain } from './toolchain.ts';

/** What the run-time system of Erlang is linked to, in the packages of each system. */
const runtimePackages = {
  apt: ['libstdc++6', 'libncurses6', 'openssl', 'ca-certificates'],
  apk: ['libstdc++', 'ncurses-libs', 'openssl', 'ca-certificates'],
} as const;

/** Converts an Elixir project: its release, which brings Erlang along, on the plain system that it was built on. */
export function planElixir(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, traits } = input;
  const text = project.reader.read(joinPath(directory, 'mix.exs'));
  if (text === undefined) {
    return { code: 'manifest-unreadable', reason: 'There is no readable mix.exs where the build runs.' };
  }
  const started = input.facts.startedProgram();
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  if (['mix', 'iex', 'elixir'].includes(started.word)) {
    return {
      code: 'starts-through-build-tool',
      reason: `The container starts through \`${[started.word, ...started.args.slice(0, 1)].join(' ')}\`, which needs Elixir and the sources. \`mix release\` would make a program that needs neither.`,
    };
  }
  const releases = input.builds.filter(({ command }) => mixTasks(command).includes('release'));
  const release = releases.at(-1);
  if (release === undefined) {
    return {
      code: 'program-not-built',
      reason: `The container starts \`${started.word}\`, and no \`mix release\` writes it.`,
    };
  }
  const problem = oddRelease(withoutComments(text), input);
  if (problem !== undefined) {
    return { code: 'install-layout-unknown', reason: problem };
  }
  const folder = releaseFolder(release);
  if (folder === undefined) {
    return {
      code: 'output-unknown',
      reason: 'Where `mix release` writes is not known: MIX_ENV has no value in the file.',
    };
  }
  const copy = builtCopy(input, started.paths, (path) => releaseAt(folder, path));
  if (copy === undefined) {
    return {
      code: 'program-not-built',
      reason: `The container starts \`${started.word}\`, and the release does not hold it.`,
    };
  }
  const base = systemBase(traits);
  if (base === undefined) {
    return {
      code: 'base-image-unknown',
      reason: `Which release of which system ${input.baseName} is built on is not known.`,
    };
  }
  const isMusl = traits?.libc === 'musl';
  const own = runtimePackages[isMusl ? 'apk' : 'apt'];
  const sources = programSources(input);
  const missing = calledIn(sources).find((name) => !basicPrograms.test(name) && !isBrought(name, input));
  if (missing !== undefined) {
    return {
      code: 'starts-other-programs',
      reason: `The program calls \`${missing}\`, which ${base} lacks and no package of the file brings.`,
    };
  }
  const programs = input.facts.programPackages(
    [...new Set([...input.facts.calledPrograms(''), ...calledIn(sources)])],
    isMusl ? ['wget', 'tar', 'gzip', 'unzip', 'openssl'] : ['bash', 'tar', 'gzip', 'openssl'],
  );
  const writes =
    /\b(?:ecto_sqlite3|exqlite|cubdb|:mnesia|:dets)\b|\bFile\.(?:write|mkdir|cp|rename|open|stream)/.test(
      `${sources}\n${text}`,
    );
  const writesInside = writes && /\b(?:priv_dir|app_dir)\b/.test(sources);
  const place = input.stage.end.workdir ?? input.workdir;
  return {
    base,
    content: 'built',
    packages: [...own, ...programs].filter((name) => !input.packages.includes(name)),
    change: (at) => {
      const caches = elixirToolchain.caches(at, traits, project);
      return caches.length === 0 ? undefined : { caches };
    },
    copies: [copy],
    // Without it, Erlang takes the names of files for Latin-1.
    beforeCopies: input.stage.steps.some(({ instruction }) =>
      instruction.pairs.some(({ name }) => name === 'LANG' || name === 'LC_ALL'),
    )
      ? []
      : [{ kind: 'env', values: { LANG: 'C.UTF-8' } }],
    start: undefined,
    // The start script copies the settings of config/runtime.exs there.
    writtenFolders: [writesInside ? copy.to : `${copy.to}/tmp`],
    ...(writes ? { writtenFolder: place } : {}),
    needless: ['Erlang, Elixir and Mix', 'the packages', 'the sources'],
    assumptions: [
      'The release brings its own Erlang, which runs on the same release of the system that it was built on.',
    ],
  };
}

/** Programs that every system has. */
const basicPrograms =
  /^(?:sh|ls|cat|cp|mv|rm|mkdir|rmdir|ln|echo|printf|date|uname|hostname|id|df|find|grep|sed|awk|sort|head|tail|env|touch|true|false|sleep|which|kill|chmod|chown|stat|wc|tr|cut|xargs|tee|nproc|base64|md5sum|sha256sum|timeout|tar|gzip|erl|epmd)$/;

/** The sources of the program itself: tasks of Mix and settings of the build run in the builder alone. */
function programSources({ project, directory }: PlanInput): string {
  return sourceFiles(project, directory, /\.exs?$/)
    .filter(({ path }) => !/(?:^|\/)(?:mix\.exs|lib\/mix\/.*|priv\/repo\/.*)$/.test(path))
    .map(({ text }) => text)
    .join('\n');
}

/** The programs that sources of Elixir call by name. */
function calledIn(sources: string): string[] {
  return [...sources.matchAll(/\bSystem\.(?:cmd|find_executable)\(\s*"([\w.-]+)"/g)].map(
    (match) => match[1] ?? '',
  );
}

/** True for a program that a package brings which the final stage has, or can be given. */
function isBrought(name: string, input: PlanInput): boolean {
  return (
    input.packages.includes(name) ||
    name === 'openssl' ||
    (name === 'bash' && input.traits?.libc !== 'musl') ||
    input.facts.programPackages([name], []).includes(name)
  );
}

/** Why a release is not a folder that runs by itself; undefined where it is. */
function oddRelease(text: string, { stage }: PlanInput): string | undefined {
  if (/\binclude_erts:(?!\s*true\b)/.test(text)) {
    return 'mix.exs says `include_erts`, so that the release may need an Erlang beside it.';
  }
  if (/\b(?:Burrito|Bakeware)\b/.test(text)) {
    return 'mix.exs wraps the release into one file, and where that lies is not known.';
  }
  const moved = ['MIX_BUILD_PATH', 'MIX_BUILD_ROOT'].find((name) => stage.end.variables.has(name));
  return moved === undefined ? undefined : `${moved} says where Mix builds, which is not understood.`;
}

/** The folder below which releases lie, or with `--path` the one of the release itself, with a slash at its end. */
function releaseFolder({
  command,
  directory,
  step,
}: CommandStep): { path: string; isRelease: boolean } | undefined {
  if (directory === undefined) {
    return undefined;
  }
  const named = mixOption(command, '--path');
  if (named !== undefined) {
    return { path: normalizePath(named.startsWith('/') ? named : `${directory}/${named}`), isRelease: true };
  }
  const own = command.assignments.find((one) => one.name === 'MIX_ENV');
  const { variables } = step.before;
  const environment =
    own === undefined ? (variables.has('MIX_ENV') ? variables.get('MIX_ENV') : 'dev') : own.value;
  return environment === undefined
    ? undefined
    : { path: normalizePath(`${directory}/_build/${environment}/rel`), isRelease: false };
}

/** The release that a path lies in, or is. */
function releaseAt(
  { path: folder, isRelease }: { readonly path: string; readonly isRelease: boolean },
  path: string,
): { path: string; isFile: boolean } | undefined {
  if (isRelease) {
    return path === folder || path.startsWith(`${folder}/`) ? { path: folder, isFile: false } : undefined;
  }
  const name = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split('/')[0] : undefined;
  return name === undefined || name === '' || name.includes('*')
    ? undefined
    : { path: `${folder}/${name}`, isFile: false };
}
