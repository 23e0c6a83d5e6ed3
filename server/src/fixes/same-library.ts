import { packagesOf } from '../distros/build-packages.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { packagesWorseOnMusl } from '../facts/needs/musl-packages.ts';
import { comesAsSources } from '../facts/needs/source-packages.ts';
import type { TakenOver } from '../facts/needs/taken-over.ts';
import { baseTraits } from '../facts/stage.ts';
import { systemBase } from '../images/families/runtime-bases.ts';
import { formatImageReference } from '../images/reference.ts';
import type { Stage } from '../model/dockerfile.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';

/**
 * Gives what a stage takes over the C library that it was built for: by a build that needs none, by another image under
 * one of the two stages. Undefined where something in the stage relies on the system it has.
 */
export function sameLibrary(context: AnalysisContext, stage: Stage, taken: TakenOver): Fix | undefined {
  return (
    withoutCgo(taken) ?? builderLikeFinal(context, stage, taken) ?? finalLikeBuilder(context, stage, taken)
  );
}

function withoutCgo({ build }: TakenOver): Fix | undefined {
  if (build?.remedy !== 'no cgo' || build.at.step.instruction.form !== 'shell') {
    return undefined;
  }
  const name = build.at.script.sourceSpan(build.at.command.nameWord.span);
  return {
    title: 'Build with CGO_ENABLED=0',
    applicability: 'review',
    edits: [{ span: span(name.start, name.start), text: 'CGO_ENABLED=0 ' }],
    assumptions: ['No module of the program has C code.'],
  };
}

/** What is installed or made by an image of the language is made by its variant on the system of the final stage. */
function builderLikeFinal(context: AnalysisContext, stage: Stage, taken: TakenOver): Fix | undefined {
  const { stage: builder, traits } = taken.origin;
  const isMusl = baseTraits(stage, context.images)?.libc === 'musl' && traits?.libc === 'glibc';
  // Gems are compiled where they are installed, and interpreters need libraries that plain Alpine lacks.
  const isBoundToSystem = taken.interpreter === 'ruby' || taken.needsLibraries === true;
  if (
    builder?.base.kind !== 'image' ||
    !isMusl ||
    taken.build !== undefined ||
    isBoundToSystem ||
    reliesOnSystem(builder)
  ) {
    return undefined;
  }
  const worse =
    taken.interpreter === 'node' || taken.interpreter === 'python'
      ? packagesWorseOnMusl(context.project, taken.interpreter)
      : [];
  if (taken.interpreter === 'python' && compilesPackages(context)) {
    return undefined;
  }
  const variant = context.images
    .smallerVariants(builder.base.reference, builder.platform)
    .find(
      (one) =>
        one.traits?.libc === 'musl' &&
        one.traits.family === traits?.family &&
        one.traits?.variant !== 'jre-alpine',
    );
  return variant === undefined || worse?.every((one) => one.effect === 'may-compile') !== true
    ? undefined
    : replaceImage(context, builder, formatImageReference(variant.reference), 'Build on');
}

/** True where pip compiles a requirement: the variant on Alpine has no compiler for it. */
function compilesPackages({ project }: AnalysisContext): boolean {
  const text = project.reader.read('requirements.txt') ?? '';
  return text.split('\n').some(comesAsSources);
}

/** Languages whose programs need other libraries than that of C and what it brings. */
const needsMore = ['Elixir', 'Swift', 'Haskell', 'Crystal', 'OCaml'];

/** The final stage starts from the system of the builder. */
function finalLikeBuilder(context: AnalysisContext, stage: Stage, taken: TakenOver): Fix | undefined {
  const traits = baseTraits(stage, context.images);
  const image = systemBase(taken.origin.traits);
  const isPlain = ['alpine', 'debian', 'ubuntu'].includes(traits?.family ?? '');
  const isOfOtherKind = traits?.libc !== taken.origin.traits?.libc;
  return stage.base.kind !== 'image' ||
    image === undefined ||
    !isPlain ||
    needsMore.includes(taken.build?.language ?? '') ||
    (isOfOtherKind ? reliesOnSystem(stage) : installsLibraries(stage))
    ? undefined
    : replaceImage(context, stage, image, 'Start from');
}

/** True where a stage installs packages whose names may be others in another release. */
function installsLibraries(stage: Stage): boolean {
  return stage.steps.some((step) =>
    step.script?.commands
      .flatMap((command) => packagesOf(command))
      .some(({ word }) => /^lib|\d/.test(word.value ?? word.text)),
  );
}

function replaceImage(context: AnalysisContext, stage: Stage, image: string, verb: string): Fix | undefined {
  const written = context.dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
  return written.includes('$') || written.includes('@')
    ? undefined
    : {
        title: `${verb} ${image}`,
        applicability: 'review',
        edits: [{ span: stage.imageSpan, text: image }],
        assumptions: ['Nothing else in the stage relies on the system it had.'],
      };
}

/** True where commands of a stage are those of its distribution. */
function reliesOnSystem(stage: Stage): boolean {
  return stage.steps.some(
    (step) =>
      step.script !== undefined &&
      (!step.script.isUnderstood ||
        step.script.commands.some((command) =>
          /^(?:apk|apt|apt-get|dpkg|dnf|microdnf|yum|addgroup|adduser|groupadd|useradd|update-ca-certificates|bash|setup-.*)$/.test(
            command.name ?? '',
          ),
        )),
  );
}
