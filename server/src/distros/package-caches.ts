import { type CommandStep, commandSteps, commandsOfStep } from '../model/commands.ts';
import type { Stage } from '../model/dockerfile.ts';
import { readMounts } from '../model/mounts.ts';
import type { Project } from '../project/project.ts';
import { hasOption, type ShellCommand } from '../syntax/shell/script.ts';
import { memoizeFor } from '../text/memoize.ts';
import { type Span, span } from '../text/span.ts';
import { type CacheOf, caches } from './package-cache-table.ts';

/** A cache that an install leaves in its layer. */
export interface CacheLeft {
  /** The package manager, by the name of its program. */
  readonly tool: string;
  /** One sentence that names the cache. */
  readonly message: string;
  /** The word to mark, in the script's text. */
  readonly span: Span;
  /** How to leave none: an option behind the verb, or a command at the end of the same RUN. */
  readonly remedy:
    | { readonly kind: 'option'; readonly option: string; readonly after: Span }
    | { readonly kind: 'command'; readonly command: string };
  /** True when a later step may need what the remedy takes away. */
  readonly isNeededLater: boolean;
  /** A later command that removes the cache and fails where it is gone already: `rm` without `-f`. */
  readonly removedBy: string | undefined;
}

/**
 * The cache that a command fills and its RUN leaves behind; undefined where it leaves none. `all` are the commands of the
 * stage; `stages` all stages of the file, to see who goes on from this one.
 */
export function findCacheLeft(
  at: CommandStep,
  stage: Stage,
  stages: readonly Stage[],
  project: Project,
): CacheLeft | undefined {
  const command = throughPython(at.command);
  const cache = caches.find((one) => one.tools.includes(command.name ?? ''));
  if (cache === undefined || !fills(command, cache) || isOfLaterYarn(cache, stage, project)) {
    return undefined;
  }
  const verb = command.args.find((word) => cache.verbs.includes(word.text)) ?? command.nameWord;
  const same = commandsOfStep(at.step);
  const filling = same.filter((other) => {
    const one = throughPython(other.command);
    return fills(one, cache) && !isKeptOut(other, one, cache);
  });
  const remedy = remedyOf(cache, verb.span, filling);
  // A clean-up at the end fixes the whole RUN, so that one finding is enough; an option belongs to its own command.
  const isReported = remedy.kind === 'option' || filling[0]?.command === at.command;
  const isLeft = filling.some((other) => other.command === at.command);
  // A clean-up in front of the last install leaves what that one fetches.
  const last = same.findLastIndex((other) => filling.some((one) => one.command === other.command));
  if (!isReported || !isLeft || same.slice(last + 1).some((other) => cleans(other.command, cache))) {
    return undefined;
  }
  return {
    tool: cache.name,
    message: cache.message,
    span: span(command.nameWord.span.start, verb.span.end),
    remedy,
    isNeededLater:
      (['apt', 'apk'].includes(cache.name) && isNeededLater(at, cache, stage, stages)) ||
      (cache.name === 'go' && usesGoLater(at, stage)),
    removedBy: strictRemoval(at, cache, stage, stages),
  };
}

/** The words of the first `rm` without `-f` of a later RUN, in the stage or in one that goes on from it, that takes the cache away. */
function strictRemoval(
  at: CommandStep,
  cache: CacheOf,
  stage: Stage,
  stages: readonly Stage[],
): string | undefined {
  const own = commandSteps(stage);
  let next = firstBehind(stage).get(at.step) ?? 0;
  while (next < own.length && !usesAgain(own[next], cache)) {
    next++;
  }
  const found = own[next];
  if (found !== undefined) {
    // What is fetched once more is there to be removed.
    return removesStrictly(found.command, cache)
      ? ['rm', ...found.command.args.map(({ text }) => text)].join(' ')
      : undefined;
  }
  for (const other of startedFrom(stages).get(stage) ?? []) {
    const words = strictRemoval(at, cache, other, stages);
    if (words !== undefined) {
      return words;
    }
  }
  return undefined;
}

function usesAgain(at: CommandStep | undefined, cache: CacheOf): boolean {
  return at !== undefined && (fills(throughPython(at.command), cache) || removesStrictly(at.command, cache));
}

/** Where among the commands of a stage those behind each of its RUNs begin. */
const firstBehind = memoizeFor(
  (stage: Stage): ReadonlyMap<CommandStep['step'], number> =>
    new Map(commandSteps(stage).map(({ step }, i) => [step, i + 1])),
);

/** The stages that start from each stage. */
const startedFrom = memoizeFor((stages: readonly Stage[]): ReadonlyMap<Stage, readonly Stage[]> => {
  const all = new Map<Stage, Stage[]>();
  for (const one of stages) {
    if (one.base.kind === 'stage' && one.base.stage !== one) {
      all.set(one.base.stage, [...(all.get(one.base.stage) ?? []), one]);
    }
  }
  return all;
});

/** True for a removal of a cache that fails where there is nothing to remove. */
function removesStrictly(command: ShellCommand, cache: CacheOf): boolean {
  const isForced = command.args.some(({ text }) => text === '--force' || /^-[a-zA-Z]*f/.test(text));
  return command.name === 'rm' && !isForced && cleans(command, cache);
}

function remedyOf(cache: CacheOf, verb: Span, filling: readonly CommandStep[]): CacheLeft['remedy'] {
  if ('command' in cache.remedy) {
    return { kind: 'command', command: cache.remedy.command };
  }
  // `apk update` leaves the index, whatever the installs behind it are told.
  const hasUpdate = filling.some(
    (other) => other.command.name === 'apk' && other.command.args[0]?.text !== 'add',
  );
  return hasUpdate
    ? { kind: 'command', command: 'rm -rf /var/cache/apk/*' }
    : { kind: 'option', option: cache.remedy.option, after: verb };
}

/** `python -m pip …` read as `pip …`. */
function throughPython(command: ShellCommand): ShellCommand {
  const isPip =
    /^python[\d.]*$/.test(command.name ?? '') &&
    command.args[0]?.text === '-m' &&
    command.args[1]?.text === 'pip';
  return isPip ? { ...command, name: 'pip', args: command.args.slice(2) } : command;
}

function fills(command: ShellCommand, cache: CacheOf): boolean {
  if (!cache.tools.includes(command.name ?? '')) {
    return false;
  }
  return cache.form === undefined
    ? command.args.some((word) => cache.verbs.includes(word.text))
    : cache.form.test([command.name, ...command.args.map((word) => word.text)].join(' '));
}

/**
 * True where Yarn may be of version 2 or later: its cache may lie in the project, and be what runs. That it is not is only
 * known where the project is.
 */
function isOfLaterYarn(cache: CacheOf, stage: Stage, project: Project): boolean {
  return (
    cache.name === 'yarn' &&
    (!project.isKnown ||
      project.reader.read('.yarnrc.yml') !== undefined ||
      /"packageManager":\s*"yarn@(?!1\.)/.test(project.reader.read('package.json') ?? '') ||
      stage.steps.some(({ instruction }) => instruction.line.text.includes('.yarn')) ||
      commandSteps(stage).some(
        ({ command }) =>
          command.name === 'corepack' ||
          (command.name === 'yarn' && ['set', 'workspaces', 'plugin'].includes(command.args[0]?.text ?? '')),
      ))
  );
}

/** True when a later command of the stage compiles with Go, from the modules that are there. */
function usesGoLater(at: CommandStep, stage: Stage): boolean {
  const steps = commandSteps(stage);
  return steps
    .slice(steps.findIndex((one) => one.command === at.command) + 1)
    .some(({ command, step }) => command.name === 'go' && step !== at.step);
}

function isKeptOut(at: CommandStep, command: ShellCommand, cache: CacheOf): boolean {
  if (hasOption(command, ...cache.options)) {
    return true;
  }
  const { variables } = at.step.before;
  const own = command.assignments.map((assignment) => assignment.name);
  const isOff = cache.variables.some(
    (name) =>
      own.includes(name) ||
      (variables.has(name) && !/^(?:0|false|off|no|)$/i.test(variables.get(name) ?? 'unknown')),
  );
  const mounts = readMounts(at.step.instruction).filter(
    (mount) => mount.type === 'cache' || mount.type === 'tmpfs',
  );
  const isMounted = mounts.some((mount) => {
    const target = mount.target ?? '';
    // A target with a variable, or in another user's home, may well be the one: no warning is better than a wrong one.
    return (
      target.includes('$') || target.includes('~') || cache.folders.some((folder) => covers(target, folder))
    );
  });
  return isOff || isMounted;
}

function covers(target: string, folder: string): boolean {
  const path = target.replace(/\/$/, '');
  const last = folder.slice(folder.lastIndexOf('/') + 1);
  return folder === path || folder.startsWith(`${path}/`) || path.endsWith(`/${last}`);
}

function cleans(command: ShellCommand, cache: CacheOf): boolean {
  const words = [command.name ?? '', command.args[0]?.text ?? ''].join(' ');
  if (cache.cleaners.includes(words)) {
    return true;
  }
  const removes = command.name === 'rm' || command.name === 'find';
  const { cleanedBy } = cache;
  if (removes && cleanedBy !== undefined && command.args.some((word) => word.text.includes(cleanedBy))) {
    return true;
  }
  return (
    removes &&
    command.args.some((word) => {
      const path = word.text.replace(/["']/g, '').replace(/^(?:~|\$HOME|\$\{HOME\})/, '/root');
      return cache.folders.some(
        (folder) => folder.startsWith(path.replace(/\/?\*?$/, '')) || path.startsWith(folder),
      );
    })
  );
}

/**
 * True when a later RUN, of this stage or of one that goes on from it, installs from the lists that `at` has fetched:
 * there is an install before anything fetches them anew.
 */
function isNeededLater(at: CommandStep, cache: CacheOf, stage: Stage, stages: readonly Stage[]): boolean {
  const last = commandsOfStep(at.step).at(-1) ?? at;
  const verdict = firstUse(commandSteps(stage), cache, commandSteps(stage).indexOf(last) + 1);
  if (verdict !== undefined) {
    return verdict;
  }
  return (startedFrom(stages).get(stage) ?? []).some((other) => goesOn(other, cache, stages));
}

function goesOn(stage: Stage, cache: CacheOf, stages: readonly Stage[]): boolean {
  const verdict = firstUse(commandSteps(stage), cache);
  if (verdict !== undefined) {
    return verdict;
  }
  return (startedFrom(stages).get(stage) ?? []).some((other) => goesOn(other, cache, stages));
}

/** Whether the next use of a package manager relies on lists that are there; undefined where it is not used again. */
function firstUse(commands: readonly CommandStep[], cache: CacheOf, from = 0): boolean | undefined {
  for (let at = from; at < commands.length; at++) {
    const command = commands[at]?.command;
    if (command === undefined || !cache.tools.includes(command.name ?? '')) {
      continue;
    }
    if (
      command.args.some(
        (word) => word.text === 'update' || word.text === '-U' || word.text === '--update-cache',
      )
    ) {
      return false;
    }
    if (
      command.args.some((word) =>
        [
          'install',
          'build-dep',
          'source',
          'download',
          'add',
          'upgrade',
          'dist-upgrade',
          'full-upgrade',
        ].includes(word.text),
      )
    ) {
      return !hasOption(command, '--no-cache', '--update');
    }
  }
  return undefined;
}
