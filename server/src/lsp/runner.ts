import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Log } from './log.ts';

/**
 * Runs one handler. A waiting cancellation is read before the work starts and looked at again after it, so that
 * nothing is computed for an editor that has moved on. What the work throws is logged once and answered with `empty`.
 */
export type Run = <T>(
  name: string,
  token: CancellationToken,
  empty: T,
  work: () => T | PromiseLike<T>,
) => Promise<T | ResponseError<never>>;

export function createRunner(log: Log, yieldToMessages: () => Promise<void>): Run {
  return async (name, token, empty, work) => {
    await yieldToMessages();
    if (token.isCancellationRequested) {
      return cancelled();
    }
    let result = empty;
    try {
      result = await work();
    } catch (error) {
      log.failure(name, error);
    }
    return token.isCancellationRequested ? cancelled() : result;
  };
}

function cancelled(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'Request cancelled');
}
