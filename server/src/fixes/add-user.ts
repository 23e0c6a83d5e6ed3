import type { RuntimeUser } from '../distros/users.ts';
import type { WritablePlace } from '../facts/writes/place.ts';
import { type CommandStep, commandSteps, pathOf } from '../model/commands.ts';
import { allSteps, type Dockerfile, lineage, type Stage, type Step } from '../model/dockerfile.ts';
import { normalizePath } from '../model/paths.ts';
import { operands } from '../syntax/shell/script.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** What is known of the program that is to run as another user. */
export interface UserChange {
  readonly user: RuntimeUser;
  readonly places: readonly WritablePlace[];
  /** False where no command can run in the image, so that no place can be given away. */
  readonly hasShell: boolean;
  /** What was looked at to know where it writes, for people; empty where nothing was. */
  readonly looked: string;
  /** What speaks for a sketch only, and else what was taken for granted. */
  readonly doubts: readonly string[];
  readonly assumptions: readonly string[];
}

/** Instructions that write into the image, and so have to run before root is left. */
const writes = ['RUN', 'COPY', 'ADD', 'WORKDIR'];

/** Instructions above which USER reads best when nothing behind them writes. */
const closing = ['EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD', 'STOPSIGNAL', 'VOLUME'];

/** Commands of one RUN stand on one line up to this length. */
const widestLine = 100;

/**
 * Makes a stage end as another user than root: creates the user where the image has none, hands over the places that the
 * program writes to, and sets USER after the last step that writes. The user is created above the first copy, so that a
 * changed source does not create it anew. A volume is handed over above its VOLUME, because some builders drop what is
 * changed below. Only a sketch where there are doubts. Undefined where there is no place for it.
 */
export function addUser(dockerfile: Dockerfile, stage: Stage, change: UserChange): Fix | undefined {
  const { user } = change;
  const places = change.hasShell ? change.places : [];
  const given = change.places.map((place) => place.path).join(', ');
  const shown = user.name ?? user.id;
  const doubts = [
    ...change.doubts,
    ...(change.hasShell || given === ''
      ? []
      : [`${given} has to be given to ${shown} where it is copied: no command can run in this image.`]),
  ];
  const result = {
    title: user.create === undefined ? `Run as \`${shown}\`` : `Create user \`${shown}\` and run as it`,
    applicability: doubts.length > 0 ? ('manual' as const) : ('review' as const),
    assumptions: [...doubts, writesSentence(given, change.looked), ...change.assumptions],
  };
  const layout = new Layout(dockerfile.syntax);
  const comment = userComment(user);
  const lastUser = stage.steps.findLast((step) => step.instruction.keyword === 'USER');
  const lastWrite = stage.steps.findLast((step) => writes.includes(step.instruction.keyword));
  const isWrongName = lastUser !== undefined && (lastWrite === undefined || isAfter(lastUser, lastWrite));
  if (isWrongName && user.create === undefined && places.length === 0) {
    // Nothing is written behind it: the USER itself says the wrong name.
    const span = lastUser.instruction.words[0]?.span;
    const edits = [
      ...(comment.length === 0 ? [] : [layout.insertRightBefore(lastUser.instruction, comment)]),
      ...(span === undefined ? [] : [{ span, text: user.id }]),
    ];
    return span === undefined ? undefined : { ...result, edits };
  }
  const place = stage.steps.find(
    (step) =>
      closing.includes(step.instruction.keyword) &&
      [lastWrite, lastUser].every((one) => one === undefined || isAfter(step, one)),
  );
  const firstVolume = stage.steps.find((step) => step.instruction.keyword === 'VOLUME');
  const isEarly =
    firstVolume !== undefined &&
    lastWrite !== undefined &&
    isAfter(lastWrite, firstVolume) &&
    isRootName(firstVolume.before.user);
  const early = isEarly ? places.filter((one) => one.isVolume) : [];
  const late = places.filter((one) => !early.includes(one));
  const made = new Set([
    ...allSteps(stage)
      .filter((step) => step.instruction.keyword === 'WORKDIR')
      .map((step) => step.instruction.words.map((word) => word.value).join(' '))
      .map((path) => (path.startsWith('/') ? normalizePath(path) : path)),
    ...(isEarly ? [] : madeByCommands(stage)),
  ]);
  const run = (commands: readonly string[]): string[] =>
    commands.length === 0 ? [] : runLines(dockerfile, layout, commands);
  const handing = (some: readonly WritablePlace[]): string[] => handOver(user.owner, some, made);
  // The user is created in one place: above the copies, else with the first places that it is given.
  const volume = early.length === 0 ? undefined : firstVolume;
  const aboveCopies = user.create === undefined ? undefined : creationSite(stage);
  const site =
    aboveCopies !== undefined && (volume === undefined || isAfter(volume, aboveCopies))
      ? aboveCopies
      : undefined;
  const create = user.create === undefined || site !== undefined ? [] : [user.create];
  const lines = [
    ...run(volume === undefined ? [...create, ...handing(late)] : handing(late)),
    ...comment,
    `${layout.keyword('USER')} ${user.id}`,
  ];
  const anchor = stage.steps.at(-1)?.instruction ?? stage.from;
  if (
    place !== undefined &&
    layout.blockStart(place.instruction) < layout.lineStart(place.instruction.span.start)
  ) {
    // A comment below speaks of its own instruction: a blank line keeps USER out of it.
    lines.push('');
  }
  return {
    ...result,
    edits: [
      ...(site === undefined || user.create === undefined
        ? []
        : [layout.insertBefore(site.instruction, run([user.create]))]),
      ...(volume === undefined
        ? []
        : [layout.insertBefore(volume.instruction, run([...create, ...handing(early)]))]),
      place === undefined ? layout.insertAfter(anchor, lines) : layout.insertBefore(place.instruction, lines),
    ],
  };
}

/** Where the program writes, and what that rests on. */
function writesSentence(given: string, looked: string): string {
  const places =
    given === '' ? 'only to its home folder and to /tmp' : `to ${given}, to its home folder and to /tmp`;
  return looked === '' ? `The program writes ${places}.` : `By ${looked}, the program writes ${places}.`;
}

/** Says who a number is: a reader of the Dockerfile knows names, Kubernetes takes none. */
export function userComment(user: RuntimeUser): string[] {
  return user.name !== undefined && /^\d/.test(user.id)
    ? [`# User ${user.name}, by number: Kubernetes' runAsNonRoot takes no name.`]
    : [];
}

/**
 * The instruction above which a user is created: the first copy, or the WORKDIR, ARG and ENV that lead to it. Undefined where
 * nothing is copied as root, and where the command that creates users is installed only behind it.
 */
function creationSite(stage: Stage): Step | undefined {
  const first = stage.steps.findIndex((step) => ['COPY', 'ADD'].includes(step.instruction.keyword));
  const copy = stage.steps[first];
  const installsTool = (step: Step): boolean =>
    step.instruction.keyword === 'RUN' && /\bshadow\b/.test(step.instruction.line.text);
  if (copy === undefined || !isRootName(copy.before.user) || stage.steps.slice(first).some(installsTool)) {
    return undefined;
  }
  let at = first;
  while (['WORKDIR', 'ARG', 'ENV'].includes(stage.steps[at - 1]?.instruction.keyword ?? '')) {
    at--;
  }
  return stage.steps[at];
}

function isRootName(user: string | undefined): boolean {
  return /^(?:root|0)(?:$|:)/.test(user ?? 'root');
}

/** The folders that a RUN of the stage makes for certain, and that none removes. */
function madeByCommands(stage: Stage): string[] {
  const commands = lineage(stage).flatMap(commandSteps);
  const pathsOf = ({ command, directory }: CommandStep): (string | undefined)[] =>
    operands(command).map((word) => pathOf(word, directory));
  const removed = commands
    .filter(({ command }) => ['rm', 'mv', 'rmdir'].includes(command.name ?? ''))
    .flatMap(pathsOf);
  return commands
    .filter(({ command }) => command.name === 'mkdir' && command.isUnconditional)
    .flatMap(pathsOf)
    .flatMap((path) =>
      path === undefined || removed.some((one) => one === undefined || `${path}/`.startsWith(`${one}/`))
        ? []
        : [path],
    );
}

/** The commands that give places to a user. */
function handOver(owner: string, places: readonly WritablePlace[], made: ReadonlySet<string>): string[] {
  const pathsOf = (...kinds: WritablePlace['kind'][]): string[] =>
    places.filter((place) => kinds.includes(place.kind)).map((place) => place.path);
  const folders = pathsOf('folder', 'new tree').filter((path) => !made.has(path));
  const files = pathsOf('new file');
  const own = pathsOf('folder', 'file', 'new file');
  const trees = pathsOf('tree', 'new tree');
  return [
    ...(folders.length === 0 ? [] : [`mkdir -p ${folders.join(' ')}`]),
    ...(files.length === 0 ? [] : [`touch ${files.join(' ')}`]),
    ...(own.length === 0 ? [] : [`chown ${owner} ${own.join(' ')}`]),
    ...(trees.length === 0 ? [] : [`chown -R ${owner} ${trees.join(' ')}`]),
  ];
}

/** A RUN on one line where it fits, else with each command on a line of its own. */
function runLines(dockerfile: Dockerfile, layout: Layout, commands: readonly string[]): string[] {
  const line = `${layout.keyword('RUN')} ${commands.join(' && ')}`;
  if (line.length <= widestLine) {
    return [line];
  }
  const [first, ...rest] = commands;
  const lines = [`${layout.keyword('RUN')} ${first}`, ...rest.map((command) => `    && ${command}`)];
  return lines.map((one, i) => (i < lines.length - 1 ? `${one} ${dockerfile.syntax.escape}` : one));
}

function isAfter(step: Step, other: Step): boolean {
  return step.instruction.span.start > other.instruction.span.start;
}
