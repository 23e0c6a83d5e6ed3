import type { CliHost } from './host.ts';

export interface Progress {
  step(): void;
  end(): void;
}

/** Runs of fewer files are over before a count could be read. */
const fewest = 20;
const everyMilliseconds = 100;

/** Counts files on a terminal's standard error, `Checked 120 of 300`; says nothing elsewhere or for a few files. */
export function showProgress(host: CliHost, total: number, verb: string): Progress {
  const output = host.stderr;
  if (!output.isTerminal || total < fewest) {
    return { step: () => {}, end: () => {} };
  }
  let done = 0;
  let shownAt = host.clock();
  let shown = false;
  return {
    step() {
      done++;
      if (host.clock() - shownAt >= everyMilliseconds) {
        shownAt = host.clock();
        shown = true;
        output.write(`\r${verb} ${done} of ${total}`);
      }
    },
    end() {
      if (shown) {
        output.write('\r\u001b[K');
      }
    },
  };
}
