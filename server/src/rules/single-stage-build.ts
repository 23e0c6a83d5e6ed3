import { packageName, packagesOf, takenAway } from '../distros/build-packages.ts';
import { namedUser } from '../distros/users.ts';
import type { Ecosystem } from '../ecosystems/ecosystem.ts';
import { builderOf, ecosystems, readInstall } from '../ecosystems/index.ts';
import { unfixedBy } from '../ecosystems/refusal.ts';
import type { Refusal, RuntimePlan } from '../ecosystems/runtime-plan.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { buildFolderOf, findReordering } from '../facts/installs/install-order.ts';
import { lostProgram, lostRun } from '../facts/siblings/lost-runs.ts';
import { otherRuns } from '../facts/siblings/other-runs.ts';
import { baseTraits, runningStage } from '../facts/stage.ts';
import type { WritablePlace } from '../facts/writes/place.ts';
import { writablePlaces } from '../facts/writes/writable-places.ts';
import { surveyWrites } from '../facts/writes/written-places.ts';
import { type Converted, convertToBuilder, hasShellIn } from '../fixes/convert/convert-to-builder.ts';
import type { Fix } from '../fixes/fix.ts';
import { reorderCopy } from '../fixes/reorder-copy.ts';
import type { ImageKnowledge } from '../images/knowledge.ts';
import { type ImageReference, parseImageReference } from '../images/reference.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { findStage } from '../model/copy.ts';
import { type Dockerfile, rootBase, type Stage } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import { formatSize, type SizeAnswer, unknownSize } from '../sizes/size.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import { findFlag } from '../syntax/tree.ts';
import { applyEdits } from '../text/edits.ts';
import { lineEdits } from '../text/line-edits.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { Rule } from './rule.ts';
import { userChange } from './runs-as-root.ts';

export const singleStageBuild: Rule = {
  meta: {
    id: 'single-stage-build',
    aliases: [],
    summary: 'The stage that ships is the stage that builds.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'What the program needs when it runs could not be told from what builds it.',
    needs: ['project'],
    docs: {
      what: 'One stage compiles or bundles the program and is also what ships, so that the image carries everything the build needed: the full base image, compilers and bundlers, development dependencies, package caches, sources.',
      why: 'None of that is used when the program runs. It has to be stored, pulled and scanned, and it is at hand for whoever breaks in.',
      silent:
        'Another stage already builds; the stage has no start command of its own, has `ONBUILD` or belongs to a development container; Rails runs for development, with its sources mounted from the host; no build command was recognized.',
      fix: 'Moves the build into a stage named `builder` and starts the final stage on the smallest image that runs the program: the slim variant of the same image for Node.js, Python and Ruby, a JRE for Java, the runtime for .NET, the plain system with the libraries that a program of Go, Rust, C or C++ is linked to, or an image without a shell where it needs none. It takes over what was built, what the program reads, and the production dependencies. Instructions and comments are kept where they belong, the dependencies are installed before the sources are copied, the start command of a plain script is written in exec form, and the container ends as a user without privileges, where that is certain to work. What had to be assumed is listed. For review, always. Nothing is offered where something is not understood; the message then says what.',
      bad: {
        dockerfile:
          'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nUSER node\nCMD ["node", "dist/server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM node:22 AS builder\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build && npm prune --omit=dev\n\nFROM node:22-slim\nWORKDIR /app\nCOPY --from=builder /app/package.json ./\nCOPY --from=builder /app/node_modules ./node_modules\nCOPY --from=builder /app/dist ./dist\nUSER node\nCMD ["node", "dist/server.js"]\n',
      },
      switchOff: 'Where the image is meant for development.',
      references: ['https://docs.docker.com/build/building/multi-stage/'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined || takesFromOtherStage(context.dockerfile, stage)) {
      return;
    }
    const builds = findBuilds(context, stage);
    const [first] = builds;
    if (first === undefined) {
      return;
    }
    const result = resultOf(context);
    const isInVain = 'needless' in result && result.needless.length === 0;
    if (isInVain || ('reason' in result && result.isForDevelopment === true)) {
      return;
    }
    const base = rootBase(stage);
    const name = base.kind === 'image' ? base.name : 'its base image';
    const size = base.kind === 'image' ? sizeText(context.images, base.reference, stage) : '';
    const message =
      'reason' in result
        ? `This image ships what built it, on ${name}${size}. No fix is offered. ${result.reason}`
        : `This image ships what built it: ${result.needless.join(', ')}.`;
    yield {
      message,
      span: stage.imageSpan,
      related: builds.slice(-1).map(({ at }) => ({
        span: at.script.sourceSpan(at.command.span),
        message: 'The build runs here.',
      })),
      ...('reason' in result || result.saving === undefined ? {} : { saving: result.saving }),
      fixes: 'reason' in result ? [] : () => [result.fix()],
      ...('reason' in result ? { unfixed: unfixedBy(result) } : {}),
    };
  },
};

/** True for a stage whose build tools are this rule's affair. */
export function isSingleStage(context: AnalysisContext, stage: Stage): boolean {
  return !takesFromOtherStage(context.dockerfile, stage) && findBuilds(context, stage).length > 0;
}

/** What this rule makes of a stage: `offers` a stage for its build, says why it `refuses`, or has `nothing` to say. */
export function singleStageVerdict(context: AnalysisContext, stage: Stage): 'offers' | 'refuses' | 'nothing' {
  if (!isSingleStage(context, stage)) {
    return 'nothing';
  }
  if (stage !== runningStage(context)) {
    return 'offers';
  }
  const result = resultOf(context);
  if ('reason' in result && result.isForDevelopment === true) {
    return 'nothing';
  }
  return 'reason' in result ? 'refuses' : 'offers';
}

/** The conversion of the stage that ships, for every rule that asks. */
const resultOf = memoizeFor((context: AnalysisContext): Result | Refusal => {
  const stage = runningStage(context);
  const builds = stage === undefined ? [] : findBuilds(context, stage);
  const { refusal } = builds.find(({ ecosystem }) => ecosystem.refusal !== undefined)?.ecosystem ?? {};
  return (
    refusal ??
    (stage === undefined ? { code: 'stage-of-stage', reason: 'No stage ships.' } : convert(context, stage))
  );
});

interface Build {
  readonly ecosystem: Ecosystem;
  readonly at: CommandStep;
}

function takesFromOtherStage(dockerfile: Dockerfile, stage: Stage): boolean {
  return (
    dockerfile.stages.length > 1 &&
    stage.steps.some((step) => {
      const from = ['COPY', 'ADD'].includes(step.instruction.keyword)
        ? findFlag(step.instruction, 'from')
        : undefined;
      return from?.value !== undefined && findStage(from.value, dockerfile) !== undefined;
    })
  );
}

/**
 * The build commands of a stage, in order; for interpreted languages the installs, where the image has what only they need
 * or another ecosystem builds a part of the project.
 */
function findBuilds(context: AnalysisContext, stage: Stage): Build[] {
  const builds: Build[] = [];
  const compiling: Build[] = [];
  for (const at of commandSteps(stage)) {
    if (!at.command.isUnconditional) {
      continue;
    }
    const ecosystem = builderOf(context.project, at.command);
    if (ecosystem !== undefined) {
      builds.push({ ecosystem, at });
      continue;
    }
    const compiler = dependencyCompilerOf(at.command);
    if (compiler !== undefined) {
      compiling.push({ ecosystem: compiler, at });
    }
  }
  const installing = compiling.find(({ at }) => readInstall(at.command) !== undefined)?.ecosystem;
  if (installing === undefined) {
    return builds;
  }
  if (builds.length === 0) {
    return carriesTools(context, stage, installing) ? compiling : [];
  }
  const isHelped = builds.every(
    ({ ecosystem }) => ecosystem === installing || installing.helpers?.includes(ecosystem.id) === true,
  );
  const position = ({ at }: Build): number => at.script.sourceSpan(at.command.span).start;
  return isHelped ? [...builds, ...compiling].sort((a, b) => position(a) - position(b)) : builds;
}

/** The ecosystem of a command on a project whose dependencies are compiled as they are installed. */
const dependencyCompilerOf = memoizeFor((command: ShellCommand): Ecosystem | undefined =>
  ecosystems.find((one) => one.compilesDependencies === true && one.isProjectCommand(command)),
);

/** True when the stage starts from the full variant of its image, or installs what only serves to build. */
function carriesTools(context: AnalysisContext, stage: Stage, ecosystem: Ecosystem): boolean {
  const traits = baseTraits(stage, context.images);
  return (
    traits?.variant === 'full' ||
    commandSteps(stage).some(
      ({ command, script }) =>
        ['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum'].includes(command.name ?? '') &&
        packagesOf(command).some(
          ({ word }) =>
            takenAway(script.commands)?.has(packageName(word)) === false &&
            (/^(?:build-essential|build-base|gcc|g\+\+|musl-dev|.*-dev)$/.test(word.text) ||
              ecosystem.isBuildPackage?.(word.text, context.project, '') === true),
        ),
    )
  );
}

interface Result {
  readonly fix: () => Fix;
  readonly needless: readonly string[];
  readonly saving?: SizeAnswer;
}

function convert(context: AnalysisContext, stage: Stage): Result | Refusal {
  if (!context.project.isKnown) {
    return { code: 'context-unknown', reason: 'The files of the project are not known.' };
  }
  if (context.dockerfile.syntax.problems.length > 0) {
    return {
      code: 'text-refused',
      reason: 'The file holds text that BuildKit refuses; it has to be fixed first.',
    };
  }
  if (stage.base.kind === 'stage') {
    return { code: 'stage-of-stage', reason: 'The stage starts from another stage of this file.' };
  }
  // Dependencies come before the sources in the result, so that order is fixed first.
  const reordering = findReordering(context.dockerfile, context.project, stage);
  const reorder =
    reordering === undefined ? undefined : reorderCopy(context.dockerfile, context.project, reordering);
  const text =
    reorder === undefined ? context.dockerfile.text : applyEdits(context.dockerfile.text, reorder.edits);
  const dockerfile = reorder === undefined ? context.dockerfile : context.reread(text);
  const target = dockerfile.stages[stage.index];
  const builds = target === undefined ? [] : findBuilds(context, target);
  const last = builds.at(-1);
  if (target === undefined || last === undefined) {
    return { code: 'text-refused', reason: 'The order of the instructions could not be fixed.' };
  }
  const steps = commandSteps(target);
  const installs = steps.flatMap((at) => readInstall(at.command) ?? []);
  const involved = [...builds, ...installs].map((one) => one.ecosystem);
  const main = involved.find((one) => one.helpers?.some((id) => involved.some((other) => other.id === id)));
  const ecosystem = main ?? last.ecosystem;
  const other = involved.find((one) => one !== ecosystem && ecosystem.helpers?.includes(one.id) !== true);
  if (other !== undefined) {
    return {
      code: 'several-ecosystems',
      reason: `The stage works with ${other.title} as well as with ${ecosystem.title}.`,
    };
  }
  const isWork = ({ command }: CommandStep): boolean =>
    ecosystem.isBuild(command, context.project, '') ||
    (ecosystem.compilesDependencies === true && ecosystem.readInstall(command) !== undefined);
  const folders = new Set(
    steps
      .filter((at) => at.command.isUnconditional && isWork(at))
      .map(({ directory: at }) => (at === undefined ? at : (ecosystem.sourceFolder?.(at) ?? at))),
  );
  if (folders.size > 1) {
    return {
      code: 'several-folders',
      reason: 'The build runs in several folders, and what each of them is needed for is not known.',
    };
  }
  const [workdir] = folders;
  const directory = workdir === undefined ? undefined : buildFolderOf(dockerfile, target, workdir);
  if (workdir === undefined || directory === undefined) {
    return {
      code: 'several-folders',
      reason: 'No COPY brings a whole folder of the build context to where the build runs.',
    };
  }
  const attempt = (needsShell: boolean): Converted | Refusal =>
    convertToBuilder(dockerfile, context.project, context.images, {
      stage: target,
      ecosystem,
      installs: installs.filter((one) => one.ecosystem === ecosystem),
      builds: builds.map((build) => build.at),
      directory,
      workdir,
      needsShell,
    });
  const first = attempt(false);
  // Where no command can run, nobody can be given what the program writes to.
  const isClosed =
    !('reason' in first) &&
    !hasShellIn(first.plan.base, context.images, stage) &&
    lacksPlaces(finalOf(context, first));
  const converted = isClosed ? attempt(true) : first;
  if ('reason' in converted) {
    return converted;
  }
  const { plan } = converted;
  const final = finalOf(context, converted);
  const program =
    final.stage === undefined
      ? undefined
      : lostProgram(final.context, final.stage, otherRuns(context, stage));
  if (program !== undefined) {
    return { code: 'run-time-need-unknown', reason: sentence(program) };
  }
  const lost = lostRun(context, {
    stage,
    ecosystem,
    content: plan.content,
    converted: final.context.dockerfile,
    directory,
    workdir,
  });
  if (lost !== undefined) {
    return { code: 'starts-otherwise-too', reason: sentence(lost) };
  }
  const saving = baseSaving(context.images, stage, plan.base);
  const gain =
    saving.kind === 'known' ? ` (saves ${formatSize({ ...saving, atLeast: false })} of base image)` : '';
  const files = [
    ...(reorder?.files ?? []),
    ...(plan.files ?? []).map((file) => ({ path: file.path, after: file.text })),
  ];
  return {
    fix() {
      const user = userOf(finalOf(context, converted));
      return {
        title: `Move the build to its own stage${gain}`,
        applicability: 'review',
        edits: lineEdits(context.dockerfile.text, applyEdits(converted.text, user?.edits ?? [])),
        ...(files.length === 0 ? {} : { files }),
        assumptions: [...plan.assumptions, ...(reorder?.assumptions ?? []), ...(user?.assumptions ?? [])],
      };
    },
    needless: [...baseText(context, stage, plan.base), ...plan.needless],
    ...(saving.kind === 'known' ? { saving } : {}),
  };
}

/** Words as a sentence; a file name or a command keeps its letters. */
function sentence(words: string): string {
  return `${/^[a-z]+ /.test(words) ? `${words[0]?.toUpperCase()}${words.slice(1)}` : words}.`;
}

/** The final stage of a converted file, with what is around it and what its program is known to write to. */
interface Final {
  readonly context: AnalysisContext;
  readonly stage: Stage | undefined;
  readonly plan: RuntimePlan;
  readonly places: readonly WritablePlace[];
}

function finalOf(context: AnalysisContext, { text, plan }: Converted): Final {
  const again = { ...context, dockerfile: context.reread(text) };
  const { writtenFolder } = plan;
  return {
    context: again,
    stage: runningStage(again),
    plan,
    places: [
      ...(writtenFolder === undefined || writtenFolder === '/'
        ? []
        : [{ path: writtenFolder, kind: 'folder' as const, isVolume: false }]),
      ...(plan.writtenFolders ?? []).map((path) => ({ path, kind: 'new tree' as const, isVolume: false })),
    ],
  };
}

/** True where the program of the final stage writes to places that somebody has to give to its user. */
function lacksPlaces({ context, stage, places }: Final): boolean {
  const traits = stage === undefined ? undefined : baseTraits(stage, context.images);
  const user = namedUser(traits?.defaultUser ?? 'root', undefined, traits);
  const survey = stage === undefined ? undefined : surveyWrites(context, stage);
  return (
    stage !== undefined &&
    survey !== undefined &&
    (survey.isHidden || writablePlaces(context, stage, user, survey.places, places).length > 0)
  );
}

/** The change that lets the converted stage end as a user without privileges; undefined where that is not certain. */
function userOf({ context, stage, places }: Final): Fix | undefined {
  if (stage === undefined) {
    return undefined;
  }
  const isPhpServer =
    baseTraits(stage, context.images)?.family === 'php' &&
    /^(?:apache2-foreground|php-fpm)?$/.test(startCommand(stage).words[0] ?? '');
  const fix = userChange(context, stage, { places, isPhpServer })?.fix();
  return fix?.applicability === 'review' ? fix : undefined;
}

/** What the base image weighs, against the one that is enough. */
function baseText({ images }: AnalysisContext, stage: Stage, base: string): string[] {
  const before = rootBase(stage);
  if (before.kind !== 'image' || before.name === base) {
    return [];
  }
  const reference = parseImageReference(base);
  const after = reference === undefined ? undefined : images.peek(reference, stage.platform).disk;
  const own = images.peek(before.reference, stage.platform).disk;
  const figures =
    own.kind !== 'known'
      ? ''
      : after?.kind === 'known' && after.low < own.low
        ? ` (${formatSize(own)} on disk, ${base} has ${formatSize(after)})`
        : ` (${formatSize(own)} on disk)`;
  return [`all of ${before.name}${figures}`];
}

function sizeText(images: ImageKnowledge, reference: ImageReference, stage: Stage): string {
  const weight = images.peek(reference, stage.platform).disk;
  return weight.kind === 'known' ? ` (${formatSize(weight)} on disk)` : '';
}

/** What the change of the base image alone saves on disk. */
function baseSaving(images: ImageKnowledge, stage: Stage, base: string): SizeAnswer {
  const before = rootBase(stage);
  const reference = parseImageReference(base);
  if (before.kind !== 'image' || reference === undefined) {
    return unknownSize('the base images are not known');
  }
  const from = images.peek(before.reference, stage.platform).disk;
  const to = images.peek(reference, stage.platform).disk;
  if (from.kind !== 'known' || to.kind !== 'known' || from.low <= to.high) {
    return unknownSize('the sizes of the base images are not known');
  }
  return {
    ...from,
    low: from.low - to.high,
    high: from.high - to.low,
    atLeast: false,
    basis: from.basis === 'estimated' || to.basis === 'estimated' ? 'estimated' : from.basis,
    source: `${from.source}; ${to.source}`,
    date: [from.date, to.date].sort()[0] ?? from.date,
  };
}
