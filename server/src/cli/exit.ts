/** How a run ended; what a shell sees as `$?`. */
export const exitCodes = {
  /** Nothing at or above the threshold, or the work was done. */
  ok: 0,
  /** Findings at or above the threshold. */
  findings: 1,
  /** Wrong usage, or a file that cannot be read or written. */
  failure: 2,
} as const;

/** Something that ends the run with one line on standard error and exit code 2. */
export class UsageError extends Error {}
