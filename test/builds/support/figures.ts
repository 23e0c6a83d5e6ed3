import type { Evidence, Trial } from './evidence.ts';
import type { ImageConfig } from './image.ts';
import type { Observation } from './prove.ts';

/** What the page says of a project that was built and run with one Dockerfile. */
export interface TrialFigures
  extends Pick<Trial, 'rebuilt' | 'estimate' | 'estimateWhenInstalled' | 'bases' | 'pull'> {
  readonly observed: Pick<Observation, 'size' | 'userIds' | 'probe' | 'stops'> & {
    readonly config: Pick<ImageConfig, 'user'>;
  };
}

/** What the page says of a project before and after fixes: evidence without the texts of the project. */
export interface Figures {
  readonly before: TrialFigures;
  readonly after: TrialFigures;
  /** What is wrong with the program before the fixes: nothing can be proven of such a project. */
  readonly wrongBefore: readonly string[];
  /** How the program differs after the fixes. */
  readonly wrongAfter: readonly string[];
}

/** The part of the evidence that the page shows, and that may be kept with the repository. */
export function figuresOf({ before, after, wrongBefore, wrongAfter }: Evidence): Figures {
  return { before: trialFigures(before), after: trialFigures(after), wrongBefore, wrongAfter };
}

function trialFigures({
  observed,
  rebuilt,
  estimate,
  estimateWhenInstalled,
  bases,
  pull,
}: Trial): TrialFigures {
  const { size, config, userIds, probe, stops } = observed;
  return {
    observed: { size, config: { user: config.user }, userIds, probe, stops },
    rebuilt,
    estimate,
    estimateWhenInstalled,
    bases,
    pull,
  };
}
