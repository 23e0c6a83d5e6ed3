import type { CliHost } from './host.ts';

export interface Progress {
  step(): void;
  /** Takes the count off the terminal, at the end or because something else is printed. */
  clear(): void;
}

/** A run that takes no longer is not talked about. */
const patience = 1000;
const everyMilliseconds = 100;

/** Counts files on a terminal's standard error, `Checked 120 of 300`, once a run takes a while; says nothing elsewhere. */
export function showProgress(host: CliHost, total: number, verb: string): Progress {
  const output = host.stderr;
  if (!output.isTerminal || total < 2) {
    return { step: () => {}, clear: () => {} };
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
    clear() {
      if (shown) {
        shown = false;
        output.write('\r\u001b[K');
      }
    },
  };
}
