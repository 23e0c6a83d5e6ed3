import type { Refused } from '../../ecosystems/refusal.ts';

/** Whether a smaller variant of the base would do. */
export interface SmallerBaseVerdict {
  /** Why not, or why that is not known, in one sentence; undefined where nothing speaks against it. */
  readonly obstacle?: Refused;
  /** What is taken for granted where nothing does. */
  readonly assumptions: readonly string[];
  /** True where the obstacle is a command that nobody knows. */
  readonly isUnknownCommand?: true;
}

/** The verdict on an install that fetches with Git; `text` is its command, for people. */
export function lacksGit(text: string): SmallerBaseVerdict {
  return {
    obstacle: {
      code: 'needs-more-than-smaller-base',
      reason: `\`${text}\` fetches with Git, which it lacks.`,
    },
    assumptions: [],
  };
}
