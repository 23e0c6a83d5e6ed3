import { traitsOf } from '../../images/families/index.ts';
import type { ImageReference } from '../../images/reference.ts';
import { commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import type { AnalysisContext } from '../context.ts';
import { calledAtStart } from '../start/started-process.ts';

/**
 * The program that a stage, or one that starts from it, calls and that its image would lack, although other releases of
 * that image bring it; undefined where there is none. `others` are those releases.
 */
export function droppedProgram(
  context: AnalysisContext,
  stage: Stage,
  image: ImageReference,
  others: readonly ImageReference[],
): string | undefined {
  const own = traitsOf(image)?.tools;
  if (own === undefined) {
    return undefined;
  }
  const lost = new Set(
    others.flatMap((one) => traitsOf(one)?.tools ?? []).filter((name) => !own.includes(name)),
  );
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
