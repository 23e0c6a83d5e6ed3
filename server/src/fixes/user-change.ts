import { preparedUser } from '../distros/created-users.ts';
import { namedUser, type RuntimeUser, runtimeUser } from '../distros/users.ts';
import type { Refused } from '../ecosystems/refusal.ts';
import { sourceQuestion } from '../ecosystems/source-text.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { programFolderOf } from '../facts/installs/install-order.ts';
import { baseName, baseTraits, effectiveUser, isRoot } from '../facts/stage.ts';
import { installsRootPackage } from '../facts/start/needs-root.ts';
import { needsRootToStart, startedProcess } from '../facts/start/started-process.ts';
import type { WritablePlace } from '../facts/writes/place.ts';
import { rootHomeReason } from '../facts/writes/root-home.ts';
import { writablePlaces } from '../facts/writes/writable-places.ts';
import { surveyWrites } from '../facts/writes/written-places.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { commandSteps } from '../model/commands.ts';
import { readCopy } from '../model/copy.ts';
import { allSteps, lineage, rootBase, type Stage } from '../model/dockerfile.ts';
import { installsPackage } from '../model/installed-packages.ts';
import { startCommand } from '../model/start-command.ts';
import { findFlag } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { addUser } from './add-user.ts';
import type { Fix } from './fix.ts';
import { moveUserSite, userSite } from './move-user-site.ts';

/** How a container that runs as root can run as somebody else. */
export interface UserChange {
  /** Why it cannot, in one sentence without the stop. */
  readonly refused: Refused | undefined;
  /** What could not be read, so that the fix is a sketch only; a sentence without the stop. */
  readonly doubt: string | undefined;
  readonly fix: () => Fix | undefined;
}

/** What is known beside the file of the program that is to run as another user. */
export interface KnownProgram {
  /** Places that it writes to. */
  readonly places: readonly WritablePlace[];
  /** True for the servers of PHP’s own images, which can run as the user that those images have for them. */
  readonly isPhpServer: boolean;
}

/**
 * How a container that runs as root can run as somebody else, or why it cannot. Undefined where it does not run as root,
 * where that is not known, and where it is as it should be.
 */
export function userChange(
  context: AnalysisContext,
  stage: Stage,
  known: KnownProgram = { places: [], isPhpServer: false },
): UserChange | undefined {
  const user = effectiveUser(stage, context.images);
  const traits = baseTraits(stage, context.images);
  const isServer = traits?.isServer === true || installsRootPackage(stage);
  if (
    user === undefined ||
    !isRoot(user) ||
    ((isServer || needsRootToStart(context, stage) !== undefined) && !known.isPhpServer)
  ) {
    return undefined;
  }
  const moved = moveUserSite(context.dockerfile, stage);
  const home = rootHomeReason(context, stage, traits, moved === undefined ? undefined : userSite);
  const refused: Refused | undefined =
    home === undefined
      ? (startReason(context, stage) ?? socketReason(context, stage))
      : { code: 'needs-home-of-root', reason: home };
  const [doubt] = refused === undefined ? surveyWrites(context, stage).missing : [];
  return {
    refused,
    doubt,
    fix() {
      const fix = refused === undefined ? changeUser(context, stage, traits, known.places) : undefined;
      return fix === undefined || moved === undefined ? fix : withMoved(fix, moved);
    },
  };
}

/** The packages come along, to where the user may enter. */
function withMoved(fix: Fix, moved: readonly TextEdit[]): Fix {
  return {
    ...fix,
    title: `Move the packages to a virtual environment; ${fix.title.replace(/^\w/, (first) => first.toLowerCase())}`,
    edits: [...moved, ...fix.edits].sort((a, b) => a.span.start - b.span.start),
    assumptions: [
      'The packages lie in a virtual environment, at /opt/venv in both stages.',
      ...(fix.assumptions ?? []),
    ],
  };
}

/** No more than this is said of what could not be read. */
const mostDoubts = 3;

function changeUser(
  context: AnalysisContext,
  stage: Stage,
  traits: ImageTraits | undefined,
  known: readonly WritablePlace[],
): Fix | undefined {
  const user = chooseUser(stage, traits);
  const survey = surveyWrites(context, stage);
  const hasShell = rootBase(stage).kind !== 'scratch' && traits?.hasShell !== false;
  const port = lowPort(stage);
  return addUser(context.dockerfile, stage, {
    user,
    places: writablePlaces(context, stage, user, survey.places, known),
    hasShell,
    looked: survey.looked,
    doubts: survey.missing.slice(0, mostDoubts).map((one) => `Not certain: ${one}.`),
    assumptions: [
      ...(user.name === undefined && user.id.includes(':')
        ? ['The program needs neither a home folder nor the name of its user: there is none.']
        : []),
      ...(port === undefined
        ? []
        : [
            `Port ${port} may be opened without root. Docker allows it since 20.10; elsewhere take one above 1023.`,
          ]),
    ],
  });
}

/** The user that the Dockerfile was written for, where it names or makes one, else the one that the image is best run as. */
function chooseUser(stage: Stage, traits: ImageTraits | undefined): RuntimeUser {
  const prepared = preparedUser(stage);
  if (prepared !== undefined) {
    return namedUser(prepared.name, prepared.uid, traits);
  }
  const tools = [
    ...(traits?.tools ?? []),
    ...(installsPackage(stage, 'shadow-utils') || installsPackage(stage, 'shadow') ? ['useradd'] : []),
  ];
  return runtimeUser(traits === undefined ? undefined : { ...traits, tools });
}

/** A port below 1024 that the image exposes: by old custom, only root may open it. */
function lowPort(stage: Stage): number | undefined {
  return allSteps(stage)
    .filter((step) => step.instruction.keyword === 'EXPOSE')
    .flatMap((step) => step.instruction.words.map((word) => Number.parseInt(word.value, 10)))
    .find((port) => port > 0 && port < 1024);
}

/** Why the start command itself does not work as another user; one sentence without the stop. */
function startReason(context: AnalysisContext, stage: Stage): Refused | undefined {
  const started = startedProcess(context, stage);
  const work = started.state === 'known' ? started.value.work : undefined;
  if (work !== undefined) {
    return { code: 'starts-with-work-of-root', reason: work };
  }
  const script = closedScript(context, stage);
  return script === undefined
    ? undefined
    : { code: 'file-closed-to-others', reason: `${script} may be run by root alone` };
}

const engineSocket = /docker\.sock\b|\bdocker\.from_env\(|\bnew Docker\(|\bdockerode\b|client\.FromEnv\b/;
const asksEngine = sourceQuestion(engineSocket, /\.(?:[cm]?[jt]sx?|py|go|rb|rs|java|php|sh)$/);

/** The socket of the engine belongs to root, and to a group whose number every host has its own of. */
function socketReason({ dockerfile, project }: AnalysisContext, stage: Stage): Refused | undefined {
  const isNamed = allSteps(stage).some((step) => engineSocket.test(step.instruction.line.text));
  return isNamed || asksEngine(project, programFolderOf(dockerfile, stage) ?? '')
    ? {
        code: 'needs-engine-socket',
        reason: 'the program talks to the socket of the container engine, which belongs to root',
      }
    : undefined;
}

/** A file that the container starts and whose mode lets nobody else read or run it. */
function closedScript({ dockerfile }: AnalysisContext, stage: Stage): string | undefined {
  const names = startCommand(stage)
    .words.filter((word) => /^[./\w-]*\w$/.test(word))
    .map(baseName);
  const modes = [
    ...allSteps(stage).flatMap((step) => {
      const mode = findFlag(step.instruction, 'chmod')?.value;
      const copy = readCopy(step, dockerfile);
      return mode === undefined || copy === undefined
        ? []
        : [{ mode, paths: [copy.destination.value, ...copy.sources.map((source) => source.value)] }];
    }),
    ...lineage(stage)
      .flatMap((one) => commandSteps(one))
      .filter(({ command }) => command.name === 'chmod')
      .map(({ command }) => {
        const [mode, ...paths] = command.args.filter((word) => !/^-[a-zA-Z]*[Rvfc]/.test(word.text));
        return { mode: mode?.value ?? '', paths: paths.map((word) => word.value ?? '') };
      }),
  ];
  const [program] = names;
  for (const { mode, paths } of modes) {
    const path = paths.find((one) => names.includes(baseName(one)));
    if (path !== undefined && isClosed(mode, baseName(path) === program)) {
      return baseName(path);
    }
  }
  return undefined;
}

/** True for a mode that keeps others than the owner from reading a file, or from running it: `700`, `744`, `u+x`. */
function isClosed(mode: string, isProgram: boolean): boolean {
  const digit = /^0?[0-7]?[0-7]([0-7])$/.exec(mode)?.[1];
  if (digit === undefined) {
    return isProgram && mode === 'u+x';
  }
  const bits = Number(digit);
  return bits < 4 || (isProgram && bits % 2 === 0);
}
