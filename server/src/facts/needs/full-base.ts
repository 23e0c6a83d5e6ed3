import { systemManagers } from '../../distros/build-packages.ts';
import { managesUsers } from '../../distros/user-commands.ts';
import { builderOf, readInstall } from '../../ecosystems/index.ts';
import { runsProject } from '../../ecosystems/project-commands.ts';
import { isInComment, sourceFiles } from '../../ecosystems/source-text.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { compareVersions } from '../../images/tag.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { lastStep, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { joinPath } from '../../project/paths.ts';
import { memoize } from '../../text/memoize.ts';
import { nameSome } from '../../text/name-some.ts';
import type { AnalysisContext } from '../context.ts';
import { deployedWords } from '../deployment/deployed-words.ts';
import { buildFolderOf } from '../installs/install-order.ts';
import { installsPackages } from '../installs/installs.ts';
import { gitCaller } from '../siblings/needs.ts';
import { otherRuns } from '../siblings/other-runs.ts';
import { interpreterOf, startedScripts } from '../start/started-scripts.ts';
import { runsInContainer } from '../writes/sources/source-writes.ts';
import { nativePackages } from './native-packages.ts';
import { lockedVerdict, pipVerdict } from './python-packages.ts';
import { lineOf } from './read-files.ts';
import { lacksGit, type SmallerBaseVerdict } from './smaller-base-verdict.ts';

/** Gems that compile on most systems when they are installed. */
const compiledGems =
  /^(?:puma|nio4r|pg|mysql2|sqlite3|bcrypt|ffi|thin|unicorn|eventmachine|rmagick|oj|json|msgpack|bootsnap|racc)$/;

/** Works out whether what the stages run, install and start does with a variant that lacks `missingTools`. */
export function smallerBaseVerdict(
  context: AnalysisContext,
  stages: readonly Stage[],
  variant: ImageTraits | undefined,
): SmallerBaseVerdict {
  const steps = stages.flatMap((stage) => commandSteps(stage).map((at) => ({ at, stage })));
  const missing = variant?.missingTools ?? [];
  const used = [...steps.map(({ at }) => at.command.name ?? ''), ...stages.flatMap(startWords)];
  const tool = used.find((name) => missing.includes(name));
  if (tool !== undefined) {
    return {
      obstacle: { code: 'needs-more-than-smaller-base', reason: `The stage uses ${tool}, which it lacks.` },
      assumptions: [],
    };
  }
  const deployed = deployedWords(context.project).find(({ word }) => missing.includes(word));
  if (deployed !== undefined) {
    return {
      obstacle: {
        code: 'needs-more-than-smaller-base',
        reason: `It lacks ${deployed.word}, which ${deployed.by} calls.`,
      },
      assumptions: [],
    };
  }
  const run = stages
    .flatMap((stage) => otherRuns(context, stage))
    .find(({ words }) => missing.includes(words[0] ?? ''));
  if (run !== undefined) {
    return {
      obstacle: {
        code: 'needs-more-than-smaller-base',
        reason: `It lacks ${run.words[0]}, which ${run.by} calls.`,
      },
      assumptions: [],
    };
  }
  const caller = callerOf(context, missing);
  if (caller !== undefined) {
    return { obstacle: { code: 'needs-more-than-smaller-base', reason: caller }, assumptions: [] };
  }
  const interpreter = lostInterpreter(context, stages, variant);
  if (interpreter !== undefined) {
    return { obstacle: { code: 'needs-more-than-smaller-base', reason: interpreter }, assumptions: [] };
  }
  const assumptions: string[] = [];
  let unknown: SmallerBaseVerdict | undefined;
  for (const { at, stage } of steps) {
    const verdict = verdictOf(context, at, stage);
    if (verdict.obstacle !== undefined && !verdict.isUnknownCommand) {
      return verdict;
    }
    unknown ??= verdict.isUnknownCommand === true ? verdict : undefined;
    assumptions.push(...verdict.assumptions);
  }
  // What is certain is said first, so that a command that is still being typed does not change the reason.
  const hidden = stages
    .flatMap((stage) => [...stage.steps])
    .find((step) => step.instruction.keyword === 'RUN' && step.script?.isUnderstood !== true);
  if (hidden !== undefined) {
    return {
      obstacle: {
        code: 'run-not-understood',
        reason: 'A RUN of the stage could not be read, and may need more.',
      },
      assumptions: [],
    };
  }
  return unknown ?? { assumptions: [...new Set(assumptions)] };
}

/** How interpreted languages start other programs; the name is caught with its folder. */
const programCalls =
  /\b(?:subprocess\.\w{1,20}|os\.(?:system|popen)|Popen|check_output|check_call|exec|execFile|execa|spawn|execSync|spawnSync|execFileSync|shell_exec|passthru|system|popen|Open3\.\w{1,20}|shutil\.which)\(\s{0,20}(?:\[\s{0,20})?[fr]?["'`]([\w./-]{1,100})/g;

/** The programs that a source calls, with the line of each. */
const calledIn = memoize(
  (text): readonly { readonly name: string; readonly line: number }[] =>
    [...text.matchAll(programCalls)]
      .filter((match) => !isInComment(text, match.index))
      .map((match) => ({
        name: (match[1] ?? '').replace(/^.*\//, ''),
        line: lineOf(text, match.index),
      })),
  2000,
);

/** Which source calls a program that the variant lacks, in one sentence; undefined where none is seen to. */
function callerOf({ project }: AnalysisContext, missing: readonly string[]): string | undefined {
  if (missing.length === 0 || !project.isKnown) {
    return undefined;
  }
  for (const { path, text } of sourceFiles(project, '', /\.(?:py|rb|php|[cm]?[jt]sx?)$/).filter(
    runsInContainer,
  )) {
    const call = calledIn(text).find(({ name }) => missing.includes(name));
    if (call !== undefined) {
      return `${path}:${call.line} calls ${call.name}, which it lacks.`;
    }
  }
  return undefined;
}

/**
 * Which script that the container starts asks for an interpreter that the variant lacks, in one sentence. The full images of
 * Python stand on one that brings Debian's own at /usr/bin.
 */
function lostInterpreter(
  context: AnalysisContext,
  stages: readonly Stage[],
  variant: ImageTraits | undefined,
): string | undefined {
  for (const { file, word } of stages.flatMap((stage) => startedScripts(context, stage))) {
    const asked = interpreterOf(file.text.replace(/\r/g, ''));
    const isSystems = variant?.family === 'python' && /^\/usr\/bin\/python[\d.]*$/.test(asked?.path ?? '');
    const isLost = asked !== undefined && variant?.missingTools?.includes(asked.program) === true;
    if (asked !== undefined && ((isSystems && !asked.isFromEnv) || isLost)) {
      return `${file.path ?? word} asks for ${asked.isFromEnv ? asked.program : asked.path}, which it lacks.`;
    }
  }
  return undefined;
}

/** The programs that the start command and the health check name. */
function startWords(stage: Stage): string[] {
  const probe = lastStep(stage, 'HEALTHCHECK')?.instruction.line.text.split(/[\s"',[\]()]+/) ?? [];
  return [...startCommand(stage).words, ...probe].map((word) => word.replace(/^.*\//, ''));
}

function verdictOf(context: AnalysisContext, at: CommandStep, stage: Stage): SmallerBaseVerdict {
  const { command } = at;
  const name = command.name ?? '';
  const said = command.args.map((word) => word.text).filter((word) => !word.startsWith('--'));
  const text = [command.nameWord.text, ...said.slice(0, 3)].join(' ');
  if (systemManagers.includes(name) || managesUsers(command)) {
    return { assumptions: [] };
  }
  const builder = builderOf(context.project, command);
  // Bundlers and compilers of JavaScript are packages of the project, and need nothing else of the image.
  if (builder?.id === 'node') {
    const asks = gitCaller(context);
    return asks === undefined
      ? { assumptions: [`\`${text}\` calls no program of the system.`] }
      : {
          obstacle: {
            code: 'needs-more-than-smaller-base',
            reason: `${asks}, and the smaller variant lacks Git.`,
          },
          assumptions: [],
        };
  }
  if (builder !== undefined) {
    return {
      obstacle: {
        code: 'builds-in-this-stage',
        reason: `\`${text}\` builds the program in this stage: build it in one of its own.`,
      },
      assumptions: [],
    };
  }
  if (installsPackages(command)) {
    return installVerdict(context, at, stage, text);
  }
  const words = command.args.map((word) => word.value ?? word.text);
  const fetchesBrowsers =
    [name, ...words].includes('playwright') && words.some((word) => /^install(?:-deps)?$/.test(word));
  if (fetchesBrowsers) {
    return words.includes('--with-deps') || words.includes('install-deps')
      ? { assumptions: [`\`${text}\` installs the libraries that its browsers need.`] }
      : {
          obstacle: {
            code: 'needs-more-than-smaller-base',
            reason: `The browsers of \`${text}\` need libraries of the system, which --with-deps would install.`,
          },
          assumptions: [],
        };
  }
  return runsProject(at)
    ? {
        obstacle: { code: 'run-not-understood', reason: `What \`${text}\` needs is not known.` },
        assumptions: [],
        isUnknownCommand: true,
      }
    : { assumptions: [] };
}

function installVerdict(
  context: AnalysisContext,
  at: CommandStep,
  stage: Stage,
  text: string,
): SmallerBaseVerdict {
  const { command } = at;
  const install = readInstall(command);
  const folder =
    at.directory === undefined ? undefined : buildFolderOf(context.dockerfile, stage, at.directory);
  const names = command.args.map((word) => word.value ?? word.text).filter((word) => !word.startsWith('-'));
  const fromGit = names.find((name) => /^git\+|\.git(?:#|@|$)|github:/.test(name));
  if (fromGit !== undefined) {
    return lacksGit(text);
  }
  const program = command.name ?? '';
  if (install?.ecosystem.id === 'node' || /^(?:npm|yarn|pnpm|bun)$/.test(program)) {
    const isDevelopment = commandSteps(stage).some(
      ({ command: other }) => builderOf(context.project, other) !== undefined,
    );
    return nodeVerdict(context, folder, isDevelopment);
  }
  // Deno runs the scripts of packages only where it is told to.
  if (
    install?.ecosystem.id === 'deno' &&
    !command.args.some((word) => word.text.startsWith('--allow-scripts'))
  ) {
    return { assumptions: [] };
  }
  const isPip = install === undefined ? /^(?:pip|python)[\d.]*$/.test(program) : install.tool === 'pip';
  if (isPip) {
    return pipVerdict(context, folder, text, names);
  }
  const locked = install === undefined ? undefined : lockedVerdict(context, folder, text, install.tool);
  if (locked !== undefined) {
    return locked;
  }
  if (program === 'gem') {
    const compiled = names.map((name) => name.replace(/:.*/s, '')).filter((name) => compiledGems.test(name));
    return compiled.length === 0
      ? { assumptions: ['No gem is compiled when it is installed.'] }
      : {
          obstacle: {
            code: 'may-compile-at-install',
            reason: `${nameSome(compiled)} may be compiled at the install.`,
          },
          assumptions: [],
        };
  }
  return {
    obstacle: { code: 'may-compile-at-install', reason: `\`${text}\` may compile what it installs.` },
    assumptions: [],
  };
}

/** `isDevelopment` says that the dependencies for development are installed as well. */
/** True where a lock file of npm names a package that is fetched with Git. */
const fetchesWithGit = memoize((lock) => /"resolved":\s{0,5}"git[+:]/.test(lock), 20);

function nodeVerdict(
  { project }: AnalysisContext,
  folder: string | undefined,
  isDevelopment: boolean,
): SmallerBaseVerdict {
  const lock = folder === undefined ? undefined : project.reader.read(joinPath(folder, 'package-lock.json'));
  if (lock !== undefined && fetchesWithGit(lock)) {
    return {
      obstacle: {
        code: 'needs-more-than-smaller-base',
        reason: 'package-lock.json names a package that is fetched with Git, which it lacks.',
      },
      assumptions: [],
    };
  }
  if (lock !== undefined) {
    const compiling = (isDevelopment ? allWithScripts : packagesWithScripts)(lock);
    return compiling.length === 0
      ? { assumptions: [] }
      : {
          obstacle: {
            code: 'may-compile-at-install',
            reason: `${nameSome(compiling)} ${compiling.length === 1 ? 'runs' : 'run'} an install script that may compile.`,
          },
          assumptions: [],
        };
  }
  const native = folder === undefined ? undefined : nativePackages('node', project, folder);
  if (native === undefined || !project.isKnown) {
    return {
      obstacle: {
        code: 'may-compile-at-install',
        reason: 'Which packages are installed is not known, and one may compile.',
      },
      assumptions: [],
    };
  }
  return native.length === 0
    ? {
        assumptions: [
          'None of the dependencies compiles when it is installed: none is known to, and no lock file of npm tells.',
        ],
      }
    : {
        obstacle: {
          code: 'may-compile-at-install',
          reason: `${nameSome(native.map((one) => one.name))} may be compiled at the install.`,
        },
        assumptions: [],
      };
}

/** The packages that npm's lock file says run a script when they are installed on Linux, but for those that only check or fetch. */
const packagesWithScripts = memoize((lock) => withScripts(lock, false), 10);
const allWithScripts = memoize((lock) => withScripts(lock, true), 10);

/**
 * Packages whose install script compiles nothing where npm has a build for Linux: it checks what was fetched, prints a
 * line, or fetches. From their package.json, read 2026-11-30; sharp has its builds as packages since 0.33.
 */
const harmlessScripts =
  /^(?:esbuild|core-js|core-js-pure|core-js-bundle|es5-ext|@swc\/core|unrs-resolver|protobufjs|nx|workerd)$/;

function withScripts(lock: string, isDevelopment: boolean): readonly string[] {
  if (!/"hasInstallScript":\s*true/.test(lock)) {
    return [];
  }
  try {
    const { packages } = JSON.parse(lock) as { packages?: Record<string, LockedPackage> };
    return Object.entries(packages ?? {})
      .filter(
        ([path, one]) =>
          one.hasInstallScript === true &&
          (isDevelopment || one.dev !== true) &&
          one.os?.includes('linux') !== false &&
          !isHarmless(path.replace(/^.*node_modules\//, ''), one.version ?? '0'),
      )
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
  } catch {
    return ['a package'];
  }
}

function isHarmless(name: string, version: string): boolean {
  return harmlessScripts.test(name) || (name === 'sharp' && compareVersions(version, '0.33') >= 0);
}

interface LockedPackage {
  readonly version?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly os?: readonly string[];
}
