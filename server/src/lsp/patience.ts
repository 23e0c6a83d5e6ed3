import type { CancellationToken } from 'vscode-languageserver';
import type { ServerHost } from './host.ts';

/** How long an editor that waits for an answer is kept waiting for somebody who may know more. */
const patience = 300;

/**
 * The answer to a question that may take long, or `late` when it is not there soon. The work goes on then, so that the
 * next one who asks finds the answer; it is given up when the editor cancels. Failures count as no answer.
 */
export async function answerSoon<T>(
  { startTimer }: Pick<ServerHost, 'startTimer'>,
  token: CancellationToken,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T | 'late' | undefined> {
  const abort = new AbortController();
  let stopTimer: () => void = () => {};
  const late = new Promise<'late'>((resolve) => {
    stopTimer = startTimer(patience, () => resolve('late'));
    token.onCancellationRequested(() => {
      abort.abort();
      resolve('late');
    });
  });
  try {
    return await Promise.race([question(abort.signal).catch(() => undefined), late]);
  } finally {
    stopTimer();
  }
}
