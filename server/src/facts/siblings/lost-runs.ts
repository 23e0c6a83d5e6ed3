import { namesProgram, programsOf } from '../../ecosystems/node/development-programs.ts';
import { readNodePackage } from '../../ecosystems/node/package.ts';
import type { RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import type { Toolchain } from '../../ecosystems/toolchain.ts';
import { isWholeContext, readCopy } from '../../model/copy.ts';
import type { Dockerfile, Stage } from '../../model/dockerfile.ts';
import { joinImage, normalizePath } from '../../model/paths.ts';
import { resolvePath } from '../../project/paths.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import { findsProgram } from '../base/programs.ts';
import type { AnalysisContext } from '../context.ts';
import { liesOnHost, type OtherRun, otherRuns } from './other-runs.ts';

/** The stage that would be converted, and what would be left of it. */
export interface Converting {
  readonly stage: Stage;
  readonly ecosystem: Pick<Toolchain, 'isBuildTool'>;
  readonly content: RuntimePlan['content'];
  /** The converted file. */
  readonly converted: Dockerfile;
  /** Folder of the build context that the project lies in, and the folder of the image. */
  readonly directory: ContextPath;
  readonly workdir: ImagePath;
}

/** Programs that compile and run sources; a runtime of .NET has `dotnet` as well, and no such verbs. */
const toolchains =
  /^(?:go|air|reflex|cargo|mvnw?|gradlew?|sbt|lein|clojure|stack|cabal|swift|make|dotnet (?:run|watch|test|build|ef|restore|publish))$/;

/** What every image has that serves files. */
const shells = /^(?:sh|ash|nginx|httpd|cat|echo|exec|sleep|env|true|test|\[|set|cp|envsubst)$/;

/**
 * What a service, a workload or a pipeline starts in a container of the stage and would no longer find, a sentence without a
 * stop; undefined where nothing is known to.
 */
export function lostRun(context: AnalysisContext, converting: Converting): string | undefined {
  const run = otherRuns(context, converting.stage).find(
    (one) => !one.isBuild && !one.isProbe && isLost(context, converting, one),
  );
  return run === undefined
    ? undefined
    : `${run.by} starts \`${run.words.slice(0, 3).join(' ')}\` in this image, which needs more than what is built`;
}

function isLost(context: AnalysisContext, converting: Converting, { words, mounts }: OtherRun): boolean {
  const { ecosystem, content, directory, workdir } = converting;
  const [program = '', verb = ''] = words;
  if (content === 'server') {
    return !shells.test(program);
  }
  if ([program, `${program} ${verb}`].some((one) => toolchains.test(one) || ecosystem.isBuildTool?.(one))) {
    return true;
  }
  if (liesOnHost(mounts, workdir)) {
    return false;
  }
  const development = Object.keys(readNodePackage(context.project, directory)?.devDependencies ?? {});
  return (
    namesProgram(words, programsOf(development)) ||
    (content === 'built' && words.some((word) => isLeftBehind(context, converting, word)))
  );
}

/**
 * Which program that a service, a workload or a pipeline runs in a container another base would lack, a sentence without a
 * stop; undefined where none is known to be missing there. `context` and `stage` are those of the other base.
 */
export function lostProgram(
  context: AnalysisContext,
  stage: Stage,
  runs: readonly OtherRun[],
): string | undefined {
  for (const { words, by, isBuild } of runs) {
    const [program = ''] = words;
    const found = isBuild || !/^[\w.+-]+$/.test(program) ? undefined : findsProgram(context, stage, program);
    if (found?.state === 'known' && !found.value) {
      return `${by} runs \`${program}\` in this image, and ${found.evidence[0]?.says ?? 'it is lost'}`;
    }
  }
  return undefined;
}

/** True for a file of the project that the final stage does not take. */
function isLeftBehind({ project }: AnalysisContext, converting: Converting, word: string): boolean {
  const { converted, directory, workdir } = converting;
  const path = /^[\w.@/-]+$/.test(word) ? resolvePath(directory, word) : undefined;
  if (path === undefined || project.reader.read(path) === undefined) {
    return false;
  }
  const inImage = normalizePath(joinImage(workdir, word));
  const copies = (converted.final?.steps ?? []).flatMap((step) => readCopy(step, converted) ?? []);
  return !copies.some(({ from, sources }) =>
    sources.some(({ value }) =>
      from === 'context'
        ? isWholeContext(value) || `${path}/`.startsWith(`${value.replace(/^\.?\/|\/$/g, '')}/`)
        : `${inImage}/`.startsWith(`${normalizePath(value)}/`),
    ),
  );
}
