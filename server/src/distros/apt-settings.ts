import { allSteps, type Stage, type Step } from '../model/dockerfile.ts';
import { memoizeFor } from '../text/memoize.ts';

/** True where the stage adds a package source: its packages are not those of the distribution's index. */
export const hasOtherSource = memoizeFor((stage: Stage): boolean =>
  allSteps(stage).some((step) =>
    mentions(step, /sources\.list|add-apt-repository|nodesource|apt-key|\.asc\b|keyrings/),
  ),
);

/** True where a configuration file of apt leaves recommended packages out. */
export const leavesRecommendedOut = memoizeFor((stage: Stage): boolean =>
  allSteps(stage).some((step) => mentions(step, /install-recommends\W+(?:false|0)/i)),
);

function mentions(step: Step, pattern: RegExp): boolean {
  return pattern.test(step.instruction.line.text);
}
