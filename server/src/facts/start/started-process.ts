import type { ImageTraits } from '../../images/knowledge.ts';
import { allSteps, type Stage } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import { startCommand } from '../../model/start-command.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { AnalysisContext } from '../context.ts';
import { githubAction } from '../deployment/github-action.ts';
import { type Evidence, type Known, known, unknown } from '../known.ts';
import { baseName, baseTraits } from '../stage.ts';
import { type StartedCommand, type StartedCommands, startedCommands } from './commands.ts';
import { dropsRoot } from './drops-root.ts';
import {
  isHarmless,
  isRootCommand,
  isRootProgram,
  type Language,
  languageOf,
  sourceEndings,
} from './programs.ts';
import { startWork } from './start-work.ts';

/** What runs when a container of a stage starts. */
export interface StartedProcess {
  /** Every command that does something, in order; the last one is the program that stays. */
  readonly commands: readonly StartedCommand[];
  /** The package managers that start a script. */
  readonly managers: readonly string[];
  /** What compiles or installs before the program serves, a sentence without a stop. */
  readonly work: string | undefined;
}

const commandsOf = memoizeFor((context: AnalysisContext) =>
  memoizeFor(
    (stage: Stage): StartedCommands =>
      startedCommands(context, stage, entryOf(stage, baseTraits(stage, context.images))),
  ),
);

/** What the entry point of the base image puts in front of the command of a stage. */
function entryOf(stage: Stage, traits: ImageTraits | undefined): readonly string[] {
  const [first = ''] = startCommand(stage).words;
  const own = traits?.entryVerbs;
  const isOwn = own !== undefined && (first.startsWith('-') || own.verbs.includes(first));
  return traits?.entrypoint ?? (isOwn ? [own.program] : []);
}

/** The process that a container of a stage starts, followed through scripts and package managers. */
export function startedProcess(context: AnalysisContext, stage: Stage): Known<StartedProcess> {
  const { commands, notFollowed, managers } = commandsOf(context)(stage);
  const evidence = commands.map(evidenceOf);
  const [why] = notFollowed;
  if (why !== undefined) {
    return unknown(why, ...evidence);
  }
  const work = commands.flatMap((command) => {
    const kind = startWork(command.words);
    const name = command.words.slice(0, 3).join(' ');
    return kind === undefined
      ? []
      : [
          kind === 'compiles'
            ? `\`${name}\` compiles when the container starts, and writes to the project’s folder`
            : `\`${name}\` installs when the container starts, and writes to the project’s folder`,
        ];
  });
  // The last command is the program that stays, also where it is called like a tool of the shell.
  const doing = commands.filter(
    ({ words, outputs }, i) => i === commands.length - 1 || outputs.length > 0 || !isHarmless(words),
  );
  return known({ commands: doing, managers, work: work[0] }, ...evidence);
}

/** What of a start is known although the rest of it is not: enough to refuse, never enough to go ahead. */
export function startedSoFar(context: AnalysisContext, stage: Stage): readonly StartedCommand[] {
  return commandsOf(context)(stage).commands;
}

/** Names of all programs that a start calls, those that only start another one included. */
export function calledAtStart(context: AnalysisContext, stage: Stage): readonly string[] {
  return commandsOf(context)(stage).called;
}

/**
 * Why a container has to start as root, in one sentence without a stop: it drops root by itself, or does what only root
 * may. Undefined where nothing says so.
 */
export function needsRootToStart(context: AnalysisContext, stage: Stage): string | undefined {
  const action = githubAction(context.project);
  if (action !== undefined) {
    return `${action} makes it an action of GitHub, which has to run as root`;
  }
  for (const command of startedSoFar(context, stage)) {
    const name = baseName(command.words[0] ?? '');
    if (command.userWrapper !== undefined) {
      return `${command.where} changes the user with ${command.userWrapper}`;
    }
    if (isRootProgram(command.words[0] ?? '') || isRootCommand(name)) {
      return `${command.where} calls ${name}`;
    }
    const dropped = dropsRoot(context, stage, command);
    if (dropped !== undefined) {
      return dropped;
    }
  }
  return undefined;
}

/** Manifests that tell in which language a compiled program is written. */
const manifests: readonly (readonly [RegExp, Language])[] = [
  [/^go\.mod$/, 'go'],
  [/^Cargo\.toml$/, 'rust'],
  [/\.(?:csproj|fsproj|sln|slnx)$/, 'dotnet'],
  [/^(?:pom\.xml|build\.gradle(?:\.kts)?|build\.sbt|build\.sc)$/, 'java'],
  [/^mix\.exs$/, 'elixir'],
  [/^(?:package|deno)\.jsonc?$/, 'node'],
  [/^(?:pyproject\.toml|requirements\.txt)$/, 'python'],
  [/^(?:CMakeLists\.txt|Makefile|meson\.build|configure\.ac)$/, 'c'],
];

const compiled: readonly Language[] = ['go', 'rust', 'c', 'dotnet', 'java'];

/**
 * The language of the sources that say what a command does: its own for an interpreter, that of the project for a program
 * that the project is built to. Undefined for programs of others.
 */
export function languageOfCommand(
  { dockerfile, project }: AnalysisContext,
  stage: Stage,
  command: StartedCommand,
  directory: ContextPath,
): Language | undefined {
  const interpreted = languageOf(command.words);
  if (interpreted !== undefined) {
    return interpreted;
  }
  const [word = ''] = command.words;
  const name = baseName(word);
  // What a package brings is not built from the project; what is, some instruction names, or it lies in its folder.
  const isNamed = dockerfile.stages
    .flatMap((one) => allSteps(one))
    .some(
      (step) =>
        ['RUN', 'COPY', 'ADD'].includes(step.instruction.keyword) &&
        step.instruction.line.text.includes(name),
    );
  if (installsPackage(stage, name) || !(word.includes('/') || isNamed)) {
    return undefined;
  }
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  const byManifest = manifests.find(([pattern]) => names.some((one) => pattern.test(one)))?.[1];
  return byManifest ?? compiled.find((one) => names.some((each) => sourceEndings[one].test(each)));
}

function evidenceOf({ words, where, at }: StartedCommand): Evidence {
  return { says: `${where} starts \`${words.slice(0, 4).join(' ')}\``, at };
}
