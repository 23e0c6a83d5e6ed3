/** Lets at most `limit` tasks run at once; the others wait in order. */
export function createLimiter(limit: number): <T>(task: () => Promise<T>, signal: AbortSignal) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function enter(signal: AbortSignal): Promise<void> {
    if (running < limit) {
      running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener('abort', give);
        resolve();
      };
      const give = (): void => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', give, { once: true });
      waiting.push(start);
    });
  }

  return async (task, signal) => {
    signal.throwIfAborted();
    await enter(signal);
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        running--;
      } else {
        next();
      }
    }
  };
}

/**
 * Answers equal questions that are asked at the same time with one piece of work. The work goes on until everybody who
 * waits for it has given up, or `deadline` milliseconds have passed.
 */
export function createSharedWork<T>(
  deadline: number,
): (key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T> {
  const running = new Map<
    string,
    { readonly answer: Promise<T>; readonly abort: AbortController; waiting: number }
  >();

  return async (key, work, signal) => {
    signal.throwIfAborted();
    let shared = running.get(key);
    if (shared === undefined) {
      const abort = new AbortController();
      // A timer of its own, which nothing collects: what `AbortSignal.any` and `AbortSignal.timeout` make is held weakly.
      const timer = setTimeout(() => abort.abort(timeout()), deadline);
      // Work that does not listen to its signal ends for those who wait all the same.
      const answer = unlessAborted(work(abort.signal), abort.signal).finally(() => {
        clearTimeout(timer);
        if (running.get(key) === created) {
          running.delete(key);
        }
      });
      // Nobody may be left to hear of a failure.
      answer.catch(() => {});
      const created = { answer, abort, waiting: 0 };
      running.set(key, created);
      shared = created;
    }
    const joined = shared;
    joined.waiting++;
    try {
      return await unlessAborted(joined.answer, signal);
    } finally {
      joined.waiting--;
      if (joined.waiting === 0) {
        // The next one who asks starts anew instead of joining work that is being given up.
        if (running.get(key) === joined) {
          running.delete(key);
        }
        joined.abort.abort();
      }
    }
  };
}

function timeout(): DOMException {
  return new DOMException('The deadline has passed.', 'TimeoutError');
}

/** Waits, unless the signal says that nobody cares any more. */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** The answer of a promise, or the reason of the signal if that comes first. */
export async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    answer.catch(() => {});
    throw signal.reason;
  }
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
