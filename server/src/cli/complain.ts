import type { RuleFailure } from '../engine/report.ts';
import { AnalysisEnded } from '../engine/watch.ts';
import { UsageError } from './exit.ts';
import { printable } from './format/layout.ts';
import { type CliHost, FileError } from './host.ts';
import type { FileFailure } from './results.ts';

/** Says what went wrong, on a line of standard error of its own whatever the text holds. */
export function complain(host: Pick<CliHost, 'stderr'>, message: string): void {
  host.stderr.write(`${printable(`ballast: ${message}`)}\n`);
}

/** Names the files that could not be used. */
export function complainOf(host: Pick<CliHost, 'stderr'>, failures: readonly FileFailure[]): void {
  for (const { path, message } of failures) {
    complain(host, `${path}: ${message}`);
  }
}

/** What became of one file when something was thrown: the others go on. */
export function failureOf(path: string, error: unknown): FileFailure {
  return { path, message: reasonOf(error) };
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof FileError || error instanceof UsageError || error instanceof AnalysisEnded
    ? message
    : `unexpected error: ${message.split('\n')[0]}`;
}

/**
 * Names the rules that failed on a file. Work that was ended is a failure of the file: what it would have found is
 * missing, and a pipeline must not go on as if there was nothing.
 */
export function failuresOf(
  host: Pick<CliHost, 'stderr'>,
  path: string,
  failures: readonly RuleFailure[],
): FileFailure[] {
  const said = new Set<string>();
  return failures.flatMap(({ rule, error }) => {
    if (error instanceof AnalysisEnded) {
      return [{ path, message: `not everything was found: ${error.message}, in ${rule}` }];
    }
    const message = `${path}: rule ${rule} failed and was left out: ${error instanceof Error ? error.message : String(error)}`;
    if (!said.has(message)) {
      said.add(message);
      complain(host, message);
    }
    return [];
  });
}
