import { systemManagers } from '../../distros/build-packages.ts';
import { managesUsers } from '../../distros/user-commands.ts';
import { builderOf, ecosystems, packageManagers, readInstall } from '../../ecosystems/index.ts';
import type { AnalysisContext } from '../../facts/context.ts';
import { buildFolderOf } from '../../facts/installs/install-order.ts';
import { installsPackages } from '../../facts/installs/installs.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { type Copy, isWholeContext, readCopy } from '../../model/copy.ts';
import { type Dockerfile, lineage, type Stage, type Step } from '../../model/dockerfile.ts';
import { readMounts } from '../../model/mounts.ts';
import type { Span } from '../../text/span.ts';
import { isHarmless } from '../estimate/harmless.ts';
import { done, notApplicable, open, unknown, type Verdict } from './verdict.ts';

/** Done where an own stage of this file makes what the final one copies; a tool out of another image is no build. */
export function multiStage(stage: Stage, { dockerfile, project }: AnalysisContext): Verdict {
  const builds = (one: Stage): CommandStep | undefined =>
    lineage(one)
      .flatMap(commandSteps)
      .find(({ command }) => builderOf(project, command) !== undefined);
  const all = lineage(stage)
    .flatMap((one) => one.steps)
    .flatMap((step) => readCopy(step, dockerfile) ?? [])
    .filter((copy) => typeof copy.from === 'object' && makesSomething(copy.from));
  const taken =
    all.find((copy) => typeof copy.from === 'object' && builds(copy.from) !== undefined) ?? all[0];
  const ownBuild = builds(stage);
  const isElsewhere =
    taken !== undefined && typeof taken.from === 'object' && builds(taken.from) === undefined;
  if (ownBuild !== undefined && isElsewhere) {
    return open(`${words(ownBuild)} builds in the stage that ships.`, placeOf(ownBuild));
  }
  if (taken !== undefined && typeof taken.from === 'object') {
    const name = taken.from.name ?? String(taken.from.index);
    const what = taken.sources.map((source) => source.value).join(', ');
    return done(`The final stage takes ${what} from the stage ${name}.`, taken.step.instruction.keywordSpan);
  }
  const runs = lineage(stage)
    .flatMap((one) => one.steps)
    .filter((step) => step.instruction.keyword === 'RUN');
  if (runs.length === 0) {
    return notApplicable('The stage that ships runs no command: nothing is built in it.');
  }
  const hidden = runs.find((step) => step.script?.isUnderstood !== true);
  if (hidden !== undefined) {
    return unknown('What this command makes could not be read.', hidden.instruction.keywordSpan);
  }
  const unclear = lineage(stage)
    .flatMap(commandSteps)
    .find((at) => !buildsNothing(at));
  return unclear === undefined
    ? notApplicable('The commands of the stage that ships only install and set up.')
    : unknown(`What ${words(unclear)} makes is not known: it may compile or bundle.`, placeOf(unclear));
}

/** A stage that is nothing but another image under a name makes nothing. */
function makesSomething(stage: Stage): boolean {
  return lineage(stage).some((one) =>
    one.steps.some(({ instruction }) => instruction.keyword === 'RUN' || instruction.keyword === 'COPY'),
  );
}

/** Commands that fetch, unpack, move and set up files, beside those that write next to nothing. */
const settingUp: ReadonlySet<string> = new Set([
  ...['curl', 'wget', 'git', 'tar', 'unzip', 'gunzip', 'xz', 'dpkg', 'rpm', 'gpg', 'cp', 'mv', 'rm', 'rmdir'],
  ...[
    'install',
    'setcap',
    'locale-gen',
    'localedef',
    'update-ca-certificates',
    'dpkg-reconfigure',
    'corepack',
  ],
  ...['a2enmod', 'a2dismod', 'a2ensite', 'a2dissite', 'a2enconf', 'docker-php-ext-enable', 'pecl', 'crontab'],
  ...['debconf-set-selections', 'add-apt-repository', 'apt-key', 'apt-mark', 'yum-config-manager', 'openssl'],
]);

/** What package managers do beside installing and building. */
const keepingHouse =
  /^(?:npm|pnpm|yarn|bun|bundle|composer|gem|pip[\d.]*|poetry|uv|conda|mamba|micromamba)\b[^;]*\b(?:prune|cache|config|set|pkg|clean|clear-cache|dedupe|version|update)\b/;

function buildsNothing({ command }: CommandStep): boolean {
  const name = command.name ?? '';
  const isEnvironment =
    command.args[0]?.text === '-m' && ['venv', 'virtualenv'].includes(command.args[1]?.text ?? '');
  return (
    // An assignment alone has no name.
    (command.name !== undefined && name === '') ||
    isHarmless(command) ||
    settingUp.has(name) ||
    systemManagers.includes(name) ||
    managesUsers(command) ||
    isEnvironment ||
    readInstall(command) !== undefined ||
    // By name, an interpreted language's packages: what compiles them is the finding of its own rule.
    (/^(?:pip[\d.]*|gem|npm|yarn|pnpm|bun|composer|conda|mamba|micromamba)$/.test(name) &&
      installsPackages(command)) ||
    keepingHouse.test([name, ...command.args.map((word) => word.text)].join(' '))
  );
}

/** The first command of some stages of which nobody knows whether it builds or installs. */
export function unclearCommand(
  stages: readonly Stage[],
  { project }: AnalysisContext,
): CommandStep | undefined {
  return stages
    .flatMap(commandSteps)
    .find(
      (at) =>
        !buildsNothing(at) &&
        !ecosystems.some((one) => one.refusal === undefined && one.isBuild(at.command, project, '')),
    );
}

/** Done where every install stands above the copy of the sources, as the order of the file says. */
export function dependenciesFirst(stage: Stage, context: AnalysisContext): Verdict {
  const { dockerfile, project } = context;
  const fetching = dockerfile.stages.flatMap((one) =>
    commandSteps(one)
      .filter((at) => fetches(at, context, one))
      .map((at) => ({ at, stage: one })),
  );
  const [first] = fetching;
  if (first === undefined) {
    return nothingFetched(stage, context);
  }
  for (const { at, stage: one } of fetching) {
    const copy = sourcesAbove(dockerfile, one, at);
    if (copy === undefined) {
      continue;
    }
    const needsSources = at.command.args.some(({ text }) =>
      /^(?:\.|\.\/|\.\[.*\]|-e|--editable)$/.test(text),
    );
    const isBuild = builderOf(project, at.command) !== undefined;
    return needsSources || isBuild
      ? unknown(
          `${words(at)} fetches dependencies as it works on the sources, which are copied above it; whether they can be fetched first is not known.`,
          placeOf(at),
        )
      : open(
          `${words(at)} stands below the copy of the sources: every change of a source installs everything again.`,
          copy.step.instruction.keywordSpan,
        );
  }
  const install = fetching.find((one) => readInstall(one.at.command) !== undefined);
  // A build has its sources above it, in whatever folder: it is no place to fetch anything first.
  if (install === undefined && builderOf(project, first.at.command) !== undefined) {
    return unknown(
      `${words(first.at)} fetches dependencies as it works on the sources; whether they can be fetched first is not known.`,
      placeOf(first.at),
    );
  }
  const { at } = install ?? first;
  return done(`No copy of the sources stands above ${words(at)}.`, placeOf(at));
}

/** True for an install, by manifest or by name, and for a build that fetches what it needs by itself. */
function fetches(at: CommandStep, { dockerfile, project }: AnalysisContext, stage: Stage): boolean {
  const folder = at.directory === undefined ? undefined : buildFolderOf(dockerfile, stage, at.directory);
  return (
    installsPackages(at.command) ||
    ecosystems.some((one) => one.download?.(at.command, project, folder ?? '') !== undefined)
  );
}

/** A copy of a whole folder of the build context above a command, in its stage or in those it starts from. */
function sourcesAbove(dockerfile: Dockerfile, stage: Stage, at: CommandStep): Copy | undefined {
  return lineage(stage)
    .flatMap((one) => one.steps)
    .filter((step) => step.instruction.span.start < at.step.instruction.span.start)
    .flatMap((step) => readCopy(step, dockerfile) ?? [])
    .find((copy) => copy.from === 'context' && copy.sources.some(({ value }) => isWholeContext(value)));
}

function nothingFetched(stage: Stage, { dockerfile }: AnalysisContext): Verdict {
  const hidden = dockerfile.stages
    .flatMap((one) => one.steps)
    .find((step) => step.instruction.keyword === 'RUN' && step.script?.isUnderstood !== true);
  const unclear = dockerfile.stages.flatMap(commandSteps).find((at) => !buildsNothing(at));
  return hidden !== undefined || unclear !== undefined
    ? unknown(
        'Whether this command installs dependencies is not known.',
        hidden?.instruction.keywordSpan ?? (unclear === undefined ? undefined : placeOf(unclear)),
      )
    : notApplicable('No command of this file installs dependencies.', stage.from.keywordSpan);
}

/**
 * Done where every install keeps its downloads in a cache mount. Packages that are named in the file itself change with its
 * line alone: beside an install of a manifest they do not count.
 */
export function cacheMounts(stage: Stage, context: AnalysisContext): Verdict {
  const all = context.dockerfile.stages
    .flatMap((one) => commandSteps(one))
    .filter((at) => installsPackages(at.command));
  const ofManifests = all.filter((at) => readInstall(at.command) !== undefined);
  const installs = ofManifests.length > 0 ? ofManifests : all;
  const [first] = installs;
  if (first === undefined) {
    return nothingFetched(stage, context);
  }
  const without = installs.find((at) => !hasCacheMount(at.step) && !runsFromCache(at));
  if (installs.every(runsFromCache)) {
    return notApplicable(
      `The program reads what ${words(first)} fetches where it lies: a cache mount would leave it empty.`,
      placeOf(first),
    );
  }
  return without === undefined
    ? done(`${words(first)} keeps its downloads in a cache mount.`, first.step.instruction.keywordSpan)
    : open(
        `${words(without)} has no cache mount: each run of it downloads everything again.`,
        placeOf(without),
      );
}

function runsFromCache({ command }: CommandStep): boolean {
  const manager = packageManagers.find((one) => one.programs.includes(command.name ?? ''));
  return manager?.runsFromCache === true;
}

function hasCacheMount(step: Step): boolean {
  return readMounts(step.instruction).some((mount) => mount.type === 'cache');
}

/** The first words of a command, as a sentence names it. */
export function words({ command }: CommandStep): string {
  const text = [command.nameWord.text, ...command.args.slice(0, 2).map((word) => word.text)].join(' ');
  return `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``;
}

export function placeOf(at: CommandStep): Span {
  return at.script.sourceSpan(at.command.nameWord.span);
}
