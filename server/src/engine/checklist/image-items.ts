import { baseOf } from '../../facts/base.ts';
import type { AnalysisContext } from '../../facts/context.ts';
import { baseTraits, effectiveUser, isRoot, runningStage, servingStage } from '../../facts/stage.ts';
import { installsRootPackage } from '../../facts/start/needs-root.ts';
import { needsRootToStart } from '../../facts/start/started-process.ts';
import { smallerReferences } from '../../images/families/index.ts';
import { isWholeContext, readCopy } from '../../model/copy.ts';
import { lastStep, rootBase, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { largestPaths } from '../../project/largest-paths.ts';
import { formatBytes, formatSize } from '../../sizes/size.ts';
import { argumentText } from '../../syntax/tree.ts';
import { done, notApplicable, open, unknown, type Verdict } from './verdict.ts';

/** Variants that hold little beside what their name says. */
const smallVariant =
  /slim|alpine|distroless|chiseled|minimal|micro|jre|static|nodejs|^cc$|^base(?:-nossl)?$|java|python3/;

/** Families whose only variant is a plain small system. */
const smallFamilies: ReadonlySet<string> = new Set([
  'alpine',
  'busybox',
  'distroless',
  'nginx-unprivileged',
  'caddy',
]);

/** Done where the base is known to be a small variant, or none smaller is there. */
export function smallBase(stage: Stage, context: AnalysisContext): Verdict {
  const root = rootBase(stage);
  if (root.kind === 'scratch') {
    return done('The final stage starts from nothing.', stage.imageSpan);
  }
  const base = baseOf(stage, context.images);
  if (base.state === 'unknown' || root.kind !== 'image') {
    const why = base.state === 'unknown' ? base.why : 'the name of the base image is not known';
    return unknown(`${why.charAt(0).toUpperCase()}${why.slice(1)}.`, stage.imageSpan);
  }
  const { name, traits, disk } = base.value;
  const size = disk.kind === 'known' ? ` (${formatSize(disk)})` : '';
  if (smallFamilies.has(traits.family) || smallVariant.test(traits.variant ?? '')) {
    return done(`${name} is a small variant${size}.`, stage.imageSpan);
  }
  const [smaller] = context.images.smallerVariants(root.reference, stage.platform);
  if (smaller === undefined) {
    return smallerReferences(root.reference).length > 0
      ? done(`No variant of ${name}${size} is smaller.`, stage.imageSpan)
      : unknown(`No smaller variant of ${name}${size} is known.`, stage.imageSpan);
  }
  return open(
    disk.kind === 'known'
      ? `${name} takes ${formatSize(disk)}; there are smaller variants of the same version.`
      : `There are smaller variants of ${name}.`,
    stage.imageSpan,
  );
}

/** More than this is hardly ever what a build reads. */
const largeContext = 50_000_000;

/** Done where an ignore file is there, its rule found nothing that gets through, and what is sent is little. */
export function dockerignore(_stage: Stage, { dockerfile, project }: AnalysisContext): Verdict {
  const copies = dockerfile.stages
    .flatMap((stage) => stage.steps.flatMap((step) => readCopy(step, dockerfile) ?? []))
    .filter((copy) => copy.from === 'context');
  const whole = copies.find((copy) =>
    copy.sources.some((source) => isWholeContext(source.value) || source.value.includes('$')),
  );
  if (whole === undefined) {
    return copies[0] === undefined
      ? notApplicable('Nothing is copied from the build context.')
      : notApplicable(
          'Only named paths are copied from the build context, and nothing else is sent.',
          copies[0].step.instruction.keywordSpan,
        );
  }
  if (!project.isKnown) {
    return unknown('The build context is not known.');
  }
  const file = readIgnoreFile(project);
  if (file === undefined) {
    return open('There is no .dockerignore.', whole.step.instruction.keywordSpan);
  }
  const measured = project.context;
  if (measured === undefined) {
    return done(`${file.path} is there, and no clutter that is known gets through.`);
  }
  const sent = `${measured.isComplete ? '' : 'at least '}${formatBytes(measured.sent.bytes)}`;
  if (measured.sent.bytes < largeContext) {
    return done(`With ${file.path}, ${sent} are sent to the build.`);
  }
  const [largest] = largestPaths(measured, ['.'], 1) ?? [];
  const most = largest === undefined ? '' : ` (${largest.path}: ${formatBytes(largest.bytes)})`;
  return unknown(
    `${sent} are sent to the build in spite of ${file.path}${most}; whether it reads all of that is not known.`,
    whole.step.instruction.keywordSpan,
  );
}

/** Done where the container is known to run as another user than root. */
export function nonRoot(stage: Stage, context: AnalysisContext): Verdict {
  const user = effectiveUser(stage, context.images);
  const written = lastStep(stage, 'USER')?.instruction.keywordSpan;
  if (user === undefined) {
    return unknown(
      written === undefined
        ? 'The user of the base image is not known.'
        : 'The user is the value of a variable that is not known.',
      written ?? stage.imageSpan,
    );
  }
  if (!isRoot(user)) {
    return done(`The container runs as ${user}.`, written ?? stage.imageSpan);
  }
  const start = startOf(stage);
  const why = needsRootToStart(context, stage);
  if (why !== undefined || installsRootPackage(stage)) {
    const reason = why === undefined ? '' : `: ${why}`;
    return notApplicable(`The program that starts needs root, or drops it by itself${reason}.`, start);
  }
  if (servingStage(context) !== undefined) {
    if (baseTraits(stage, context.images)?.keepsRoot === true) {
      return unknown(
        'The server of the base image goes on as root; whether it needs that is not known.',
        stage.imageSpan,
      );
    }
    return notApplicable(
      'The server of the base image starts as root and drops it by itself.',
      stage.imageSpan,
    );
  }
  return runningStage(context) === undefined
    ? notApplicable(whyNothingRuns(stage), start)
    : unknown(
        'The container runs as root; whether the program needs it is not known.',
        start ?? stage.imageSpan,
      );
}

/** Done where a probe is set. */
export function healthCheck(stage: Stage, context: AnalysisContext): Verdict {
  const probe = lastStep(stage, 'HEALTHCHECK');
  if (probe !== undefined) {
    return /^NONE$/i.test(argumentText(probe.instruction).trim())
      ? notApplicable('HEALTHCHECK NONE says that none is wanted.', probe.instruction.keywordSpan)
      : done('HEALTHCHECK is set.', probe.instruction.keywordSpan);
  }
  if (runningStage(context) === undefined && servingStage(context) === undefined) {
    return notApplicable(whyNothingRuns(stage), startOf(stage));
  }
  const exposed = lastStep(stage, 'EXPOSE');
  return exposed === undefined && (baseTraits(stage, context.images)?.exposedPorts ?? []).length === 0
    ? notApplicable('No port is exposed: there is nothing to ask.', startOf(stage))
    : unknown('How to ask the service on this port is not known.', exposed?.instruction.keywordSpan);
}

/** Why the rules about the running container have nothing to say of a stage. */
function whyNothingRuns(stage: Stage): string {
  return startCommand(stage).words.length === 0
    ? 'The image starts nothing of its own.'
    : 'The image is a tool, made to be built upon, or for development.';
}

function startOf(stage: Stage): Verdict['span'] {
  const { entrypoint, cmd } = startCommand(stage);
  return (cmd ?? entrypoint)?.step.instruction.keywordSpan;
}
