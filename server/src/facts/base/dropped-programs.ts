import { traitsOf } from '../../images/families/index.ts';
import type { ImageReference } from '../../images/reference.ts';
import { commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import type { AnalysisContext } from '../context.ts';
import { calledAtStart } from '../start/started-process.ts';

/** The programs that an image lacks, although other releases of it, `others`, bring them. */
export function lostPrograms(image: ImageReference, others: readonly ImageReference[]): ReadonlySet<string> {
  const own = traitsOf(image)?.tools;
  return new Set(
    own === undefined
      ? []
      : others.flatMap((one) => traitsOf(one)?.tools ?? []).filter((name) => !own.includes(name)),
  );
}

/** Which of the programs that its image lost a stage, or one that starts from it, calls; undefined where it calls none. */
export function droppedProgram(
  context: AnalysisContext,
  stage: Stage,
  lost: ReadonlySet<string>,
): string | undefined {
  if (lost.size === 0) {
    return undefined;
  }
  const stages = context.dockerfile.stages.filter((one) => lineage(one).includes(stage));
  const commands = stages.flatMap((one) => commandSteps(one).map(({ command }) => command));
  // A program that another one puts in place (`corepack enable`) does not come from the image, nor does one that is installed.
  const enabler = commands.find(
    ({ name, args }) => lost.has(name ?? '') && ['enable', 'prepare'].includes(args[0]?.value ?? ''),
  )?.name;
  const called = new Set([
    ...commands.map(({ name }) => name ?? ''),
    ...stages.flatMap((one) => calledAtStart(context, one)),
  ]);
  const isInstalled = (program: string): boolean =>
    commands.some(({ args }) => args.some(({ text }) => text === program || text.startsWith(`${program}@`)));
  return [...lost].find(
    (program) =>
      called.has(program) && !isInstalled(program) && (enabler === undefined || program === enabler),
  );
}
