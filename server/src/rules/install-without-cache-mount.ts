import { ecosystemsOf } from '../ecosystems/index.ts';
import type { CacheTarget } from '../ecosystems/toolchain.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { baseTraits, isDevContainer, isRoot, isWindows } from '../facts/stage.ts';
import { deployedStart } from '../facts/start/deployed-start.ts';
import { goReloaders } from '../facts/start/start-work.ts';
import { calledAtStart } from '../facts/start/started-process.ts';
import { stepUser } from '../facts/writes/step-user.ts';
import { addCacheMounts } from '../fixes/add-cache-mounts.ts';
import { type CommandStep, commandSteps, commandsOfStep } from '../model/commands.ts';
import { isTriggered, type Stage, withTriggered } from '../model/dockerfile.ts';
import { readMounts } from '../model/mounts.ts';
import { shippedStages } from '../model/shipped-stages.ts';
import { startCommand } from '../model/start-command.ts';
import { type Project, unknownProject } from '../project/project.ts';
import { hasOption } from '../syntax/shell/script.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { Rule } from './rule.ts';

/** Variables that switch a cache off: with one of them a mount would stay empty. */
const switches = [
  'PIP_NO_CACHE_DIR',
  'UV_NO_CACHE',
  'npm_config_cache',
  'NPM_CONFIG_CACHE',
  'YARN_CACHE_FOLDER',
  'GOFLAGS',
];

export const installWithoutCacheMount: Rule = {
  meta: {
    id: 'install-without-cache-mount',
    aliases: [],
    summary: 'An install downloads everything again whenever its layer is rebuilt.',
    category: 'cache',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'The folder of the cache or the user of the step is not known, or the command cleans it in a way that is not understood.',
    needs: [],
    docs: {
      what: 'A `RUN` installs dependencies or compiles without a cache mount for the folder in which the package manager keeps what it fetched.',
      why: 'When one line of the manifest changes, the layer is rebuilt from nothing: all dependencies are downloaded again. A cache mount keeps the downloads between builds, and never becomes part of the image.',
      silent:
        'A cache mount is there; the container starts through the same tool (`mvn spring-boot:run`, `go run`), also by a script, or through one that runs whatever a file says (`make`), or a later step fetches nothing (`--offline`), so that the layer has to hold what was fetched; an environment variable or option switches the cache off for good; the user of the step is not known; the shell text was not understood. Packages of apt are a hint, and only in stages that another one takes files from: they change seldom, and in what ships a clean-up does as well.',
      fix: 'Adds `--mount=type=cache` with the folder of that manager and user, and takes a clean-up of the same cache away, because the two contradict each other. A `# syntax=` line from before mounts is brought up to date. For apt, the mount is locked, and the file that makes Debian’s images throw packages away is removed. Needs BuildKit (the default since Docker 23) or Buildah: for review.',
      bad: { dockerfile: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci\n' },
      good: {
        dockerfile:
          'FROM node:24-slim\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      },
      switchOff: 'Where builds run on machines that keep nothing between builds.',
      references: ['https://docs.docker.com/build/cache/optimize/#use-cache-mounts'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    const shipping = withTriggered([...shippedStages(context.dockerfile)]);
    for (const stage of withTriggered(context.dockerfile.stages)) {
      if (isWindows(stage)) {
        continue;
      }
      const traits = baseTraits(stage, context.images);
      const project = isTriggered(stage) ? unknownProject : context.project;
      const seen = new Set<CommandStep['step']>();
      const cachesAt = memoizeFor((at: CommandStep): readonly CacheTarget[] =>
        ecosystemsOf(at.command).flatMap((one) => one.caches(at, traits, project)),
      );
      for (const at of commandSteps(stage)) {
        if (seen.has(at.step) || isMountedOrOff(at) || needsCacheLater(context, at, stage, project)) {
          continue;
        }
        const isOfLanguage = cachesAt(at).length > 0;
        const isOfSystem = !isOfLanguage && !shipping.includes(stage) && isAptInstall(at);
        if (!isOfLanguage && !isOfSystem) {
          continue;
        }
        seen.add(at.step);
        const same = commandsOfStep(at.step).filter(
          (other) => !needsCacheLater(context, other, stage, project),
        );
        const caches = isOfSystem ? aptCaches : withoutRepeats(same.flatMap(cachesAt));
        const user = userOf(stage, at, context.images);
        const fix =
          user === undefined ? undefined : addCacheMounts(context.dockerfile, stage, at, caches, user);
        if (fix !== undefined) {
          const work = caches.every(({ path }) => path.endsWith('/go-build')) ? 'compiles' : 'downloads';
          yield {
            message: `Without a cache mount, \`${at.command.name}\` ${work} everything again whenever this layer is rebuilt.`,
            span: at.script.sourceSpan(at.command.nameWord.span),
            ...(isOfSystem ? { severity: 'hint' as const } : {}),
            fixes: [fix],
          };
        }
      }
    }
  },
};

/** Each folder once. */
function withoutRepeats(found: readonly CacheTarget[]): CacheTarget[] {
  return found.filter((cache, i) => found.findIndex((one) => one.path === cache.path) === i);
}

/** Lists and packages of apt. Two builds at once would wait for each other's lock, or fail. */
const aptCaches: readonly CacheTarget[] = [
  { path: '/var/cache/apt', sharing: 'locked' },
  { path: '/var/lib/apt', sharing: 'locked' },
];

/** True for an apt install in a RUN that fetches its lists itself: with those of another layer a mount would hide them. */
function isAptInstall(at: CommandStep): boolean {
  const uses = (one: CommandStep, verb: string): boolean =>
    ['apt-get', 'apt'].includes(one.command.name ?? '') &&
    one.command.args.some((word) => word.text === verb);
  return uses(at, 'install') && commandsOfStep(at.step).some((other) => uses(other, 'update'));
}

/** Tools that run what lies in their cache, or take it from there without fetching; those of a line share one cache. */
const cacheRunners: readonly (readonly string[])[] = [
  ['mvn', 'mvnw', 'lein', 'clojure', 'clj'],
  ['gradle', 'gradlew'],
  ['sbt'],
  ['go'],
  ['cargo'],
  ['dotnet'],
  ['dart'],
];

/** Programs that run whatever a file of theirs says, which may be any of these tools. */
const taskRunners = ['make', 'just', 'task', 'mage'];

/** True where the layer itself has to hold the cache: the container starts through the same tool, or a later step is offline. */
function needsCacheLater(context: AnalysisContext, at: CommandStep, stage: Stage, project: Project): boolean {
  const { name = '' } = at.command;
  const own = cacheRunners.find((names) => names.includes(name));
  if (own === undefined) {
    return false;
  }
  const names = [...own, ...(name === 'go' ? goReloaders : [])];
  const starts =
    calledAtStart(context, stage).some((one) => names.includes(one) || taskRunners.includes(one)) ||
    startCommand(stage).words.some((word) => word.split(/[\s/]+/).some((part) => names.includes(part))) ||
    deployedStart(project, names) !== undefined;
  return starts || (name !== 'go' && offlineTools(stage).has(name));
}

/** The programs that a command of a stage has work without the network. */
const offlineTools = memoizeFor(
  (stage: Stage): ReadonlySet<string> =>
    new Set(
      commandSteps(stage)
        .filter(({ command }) => hasOption(command, '-o', '--offline', '--frozen', '--no-restore'))
        .map(({ command }) => command.name ?? ''),
    ),
);

function isMountedOrOff(at: CommandStep): boolean {
  const { instruction, before } = at.step;
  return (
    readMounts(instruction).some((mount) => mount.type === 'cache' || mount.type === 'tmpfs') ||
    switches.some((name) => before.variables.has(name))
  );
}

/** The user a step runs as, with the ids that a mount needs; undefined where it is not known. */
function userOf(
  stage: Stage,
  at: CommandStep,
  images: Parameters<typeof baseTraits>[1],
): { home: string; uid: number } | undefined {
  const traits = baseTraits(stage, images);
  const name = at.step.before.user ?? traits?.defaultUser;
  if (name === undefined) {
    return undefined;
  }
  if (isRoot(name)) {
    return { home: '/root', uid: 0 };
  }
  const user = stepUser(stage, at.step, traits);
  return user?.uid === undefined || user.home === undefined ? undefined : { home: user.home, uid: user.uid };
}
