import type { CliHost } from './host.ts';

export interface Progress {
  step(): void;
  end(): void;
}

/** A run that takes no longer is not talked about. */
const patience = 1000;
const everyMilliseconds = 100;

/** Counts files on a terminal's standard error, `Checked 120 of 300`, once a run takes a while; says nothing elsewhere. */
export function showProgress(host: CliHost, total: number, verb: string): Progress {
  const output = host.stderr;
  if (!output.isTerminal || total < 2) {
    return { step: () => {}, end: () => {} };
  }
  let done = 0;
  let shownAt = host.clock() + patience - everyMilliseconds;
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
