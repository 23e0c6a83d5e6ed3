import { type Profiler, Session } from 'node:inspector';

const session = new Session();
session.connect();
post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * How much a call does, which is the same on every machine however busy: how often functions and blocks of `server/src` and
 * of libraries run, as the engine counts them. What the engine does by itself, such as the matching of patterns, is not in it.
 */
export function workOf(call: () => void): number {
  executions();
  call();
  return executions();
}

/** The executions since they were last asked for. */
function executions(): number {
  const { result } = post<Profiler.TakePreciseCoverageReturnType>('Profiler.takePreciseCoverage');
  let sum = 0;
  for (const { url, functions } of result) {
    if (/^file:.*\/(?:server\/src|node_modules)\//.test(url)) {
      for (const { ranges } of functions) {
        for (const { count } of ranges) {
          sum += count;
        }
      }
    }
  }
  return sum;
}

/** Asks the engine, which answers at once: it is the one that runs this. */
function post<T>(method: string, params: object = {}): T {
  let answer: { readonly error: Error | null; readonly result: unknown } | undefined;
  session.post(method, params, (error, result) => {
    answer = { error, result };
  });
  if (answer === undefined || answer.error !== null) {
    throw answer?.error ?? new Error(`${method} did not answer`);
  }
  return answer.result as T;
}
