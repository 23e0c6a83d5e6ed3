import { Script } from 'node:vm';
import type { Watch } from '../engine/watch.ts';

/** Where the script finds the work of the innermost call. */
const name = Symbol.for('ballast.watched');

const script = new Script(`globalThis[Symbol.for('ballast.watched')]()`);

/**
 * Ends work by the engine's own means: loops, deep recursions and the matching of patterns stop where they are, and no
 * `catch` or `finally` of theirs runs. Costs a tenth of a millisecond.
 */
export const watch: Watch = (work, seconds) => {
  const outer: unknown = Reflect.get(globalThis, name);
  Reflect.set(globalThis, name, work);
  try {
    script.runInThisContext({ timeout: Math.ceil(seconds * 1000) });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      return false;
    }
    throw error;
  } finally {
    Reflect.set(globalThis, name, outer);
  }
};
