/** What the suites do of the fuzz run, which `npm run fuzz` does for as long as one likes. */
export interface FuzzRun {
  readonly name: string;
  readonly seed: number;
  readonly mostMutants: number;
  readonly mostEdits: number;
  /** What the run may take on a machine that is slow: then it ends early. */
  readonly milliseconds: number;
}

/**
 * One run with a seed that never changes, so that what was right stays right, and a small one with that of the day, which
 * looks at new texts. In continuous integration the first is the longer one.
 */
export function fuzzRuns(): readonly FuzzRun[] {
  const isLong = process.env['CI'] === 'true';
  const day = new Date().toISOString().slice(0, 10);
  const short = { mostMutants: 400, mostEdits: 15, milliseconds: 10_000 };
  const long = { mostMutants: 15_000, mostEdits: 100, milliseconds: 60_000 };
  return [
    { name: 'the fixed seed', seed: 20_261_130, ...(isLong ? long : short) },
    {
      name: `the seed of ${day}`,
      seed: Number(day.replaceAll('-', '')),
      ...short,
      mostMutants: isLong ? 2000 : 400,
    },
  ];
}
