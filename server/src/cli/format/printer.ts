import type { CheckResult, FileFailure, FileResult } from '../results.ts';

/**
 * Prints the results of a run as they come, so that a run over many files need not hold them. The texts it gives, one
 * behind the other, are what is printed.
 */
export interface Printer {
  file(result: FileResult): string;
  /** What comes behind the last file. */
  end(failures: readonly FileFailure[]): string;
}

/** What is known of a run from the start. */
export type Run = Pick<CheckResult, 'version' | 'rules'>;

/** A printer for a format that needs all results at once. */
export function printAtEnd(run: Run, format: (result: CheckResult) => string): Printer {
  const files: FileResult[] = [];
  return {
    file(result) {
      files.push(result);
      return '';
    },
    end: (failures) => format({ ...run, files, failures }),
  };
}
