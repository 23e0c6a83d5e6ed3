import { namedUser } from '../../distros/users.ts';
import { readInstall } from '../../ecosystems/index.ts';
import type { Refusal, RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import type { AnalysisContext } from '../../facts/context.ts';
import { buildFolderOf, findReordering } from '../../facts/installs/install-order.ts';
import { findBuilds, isSingleStage } from '../../facts/installs/stage-builds.ts';
import { lostProgram, lostRun } from '../../facts/siblings/lost-runs.ts';
import { otherRuns } from '../../facts/siblings/other-runs.ts';
import { baseTraits, runningStage } from '../../facts/stage.ts';
import type { WritablePlace } from '../../facts/writes/place.ts';
import { writablePlaces } from '../../facts/writes/writable-places.ts';
import { surveyWrites } from '../../facts/writes/written-places.ts';
import type { ImageKnowledge } from '../../images/knowledge.ts';
import { parseImageReference } from '../../images/reference.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { rootBase, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { formatSize, type SizeAnswer, unknownSize } from '../../sizes/size.ts';
import { applyEdits } from '../../text/edits.ts';
import { lineEdits } from '../../text/line-edits.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { Fix } from '../fix.ts';
import { reorderCopy } from '../reorder-copy.ts';
import { userChange } from '../user-change.ts';
import { type Converted, convertToBuilder, hasShellIn } from './convert-to-builder.ts';

/**
 * What can be made of a stage that builds what it ships: `offers` a stage for its build, says why it `refuses`, or has
 * `nothing` to say.
 */
export function singleStageVerdict(context: AnalysisContext, stage: Stage): 'offers' | 'refuses' | 'nothing' {
  if (!isSingleStage(context, stage)) {
    return 'nothing';
  }
  if (stage !== runningStage(context)) {
    return 'offers';
  }
  const result = conversionOf(context);
  if ('reason' in result && result.isForDevelopment === true) {
    return 'nothing';
  }
  return 'reason' in result ? 'refuses' : 'offers';
}

/** The conversion of the stage that ships into a stage that builds and one that runs, or why there is none. */
export const conversionOf = memoizeFor((context: AnalysisContext): Conversion | Refusal => {
  const stage = runningStage(context);
  const builds = stage === undefined ? [] : findBuilds(context, stage);
  const { refusal } = builds.find(({ ecosystem }) => ecosystem.refusal !== undefined)?.ecosystem ?? {};
  return (
    refusal ??
    (stage === undefined ? { code: 'stage-of-stage', reason: 'No stage ships.' } : convert(context, stage))
  );
});

/** A conversion that can be made. */
export interface Conversion {
  readonly fix: () => Fix;
  readonly needless: readonly string[];
  readonly saving?: SizeAnswer;
}

function convert(context: AnalysisContext, stage: Stage): Conversion | Refusal {
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
