import { test } from 'node:test';
import { whyMissing } from '../../scripts/setup/programs.ts';

/** Runs `define` where its programs are there; else leaves one skipped test with the reason, or a failed one in CI. */
export function withTools(title: string, define: () => void, programs: readonly string[]): void {
  const reason = whyMissing('registry', programs);
  if (reason === undefined) {
    define();
  } else if (process.env['CI'] === 'true') {
    test(title, () => {
      throw new Error(reason);
    });
  } else {
    console.error(`${title}: skipped, ${reason}`);
    test(title, { skip: reason }, () => {});
  }
}
