/** What the suites do of the fuzz run, which `npm run fuzz` does for as long as one likes. */
interface FuzzRun {
  readonly seed: number;
  readonly mostMutants: number;
  readonly mostEdits: number;
  /** What each of the two suites may take on a machine that is slow: then it ends early. */
  readonly milliseconds: number;
}

/**
 * The seed never changes, so that a run fails by the change that it tests and by nothing else. New texts are looked at by the
 * nightly workflow.
 */
export const fuzzRun: FuzzRun = {
  seed: 20_261_130,
  ...(process.env['CI'] === 'true'
    ? { mostMutants: 15_000, mostEdits: 100, milliseconds: 60_000 }
    : { mostMutants: 400, mostEdits: 15, milliseconds: 10_000 }),
};
