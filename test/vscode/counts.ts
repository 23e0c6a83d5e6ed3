/** How the tests of one VS Code window went. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
