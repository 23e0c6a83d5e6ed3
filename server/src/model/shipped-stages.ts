import { memoizeFor } from '../text/memoize.ts';
import { readCopy } from './copy.ts';
import { type Dockerfile, lineage, type Stage, type Step } from './dockerfile.ts';
import { readMounts } from './mounts.ts';

/**
 * The stages whose layers may be those of an image that somebody runs or starts from: the last one, those that no other stage takes
 * anything from, as they are only built by their names, and all that these start from.
 */
export const shippedStages = memoizeFor((dockerfile: Dockerfile): ReadonlySet<Stage> => {
  const taken = new Set(
    dockerfile.stages.flatMap((stage) => [
      ...(stage.base.kind === 'stage' ? [stage.base.stage] : []),
      ...stage.steps.flatMap((step) => takenBy(step, dockerfile)),
    ]),
  );
  return new Set(
    dockerfile.stages.filter((stage) => stage === dockerfile.final || !taken.has(stage)).flatMap(lineage),
  );
});

/** The stages that a COPY or a mount takes files from. */
function takenBy(step: Step, dockerfile: Dockerfile): Stage[] {
  const from = readCopy(step, dockerfile)?.from;
  const named = readMounts(step.instruction).flatMap(
    ({ options }) => options.get('from')?.toLowerCase() ?? [],
  );
  return [
    ...(typeof from === 'object' ? [from] : []),
    ...dockerfile.stages.filter(
      ({ name, index }) => named.includes(name?.toLowerCase() ?? '') || named.includes(String(index)),
    ),
  ];
}
