import type { ContextMeasurement } from '../project/context.ts';
import type { Dockerignore } from '../project/dockerignore.ts';
import { measureContext } from './context-measure.ts';

export interface ContextCache {
  /** What was measured for this folder and this .dockerignore; undefined where nothing was, or it was forgotten. */
  peek(root: string, ignore: Dockerignore | undefined): ContextMeasurement | undefined;
  /** What `peek` knows, or a new measurement; who asks for the same one while it runs shares it. Undefined where it was forgotten meanwhile. */
  measure(root: string, ignore: Dockerignore | undefined): Promise<ContextMeasurement | undefined>;
  /** Drops what is known of a folder, and stops what is running: something in it has changed. All folders without `root`. */
  forget(root?: string): void;
}

interface Entry {
  readonly root: string;
  readonly controller: AbortController;
  readonly running: Promise<ContextMeasurement | undefined>;
  measured?: ContextMeasurement;
}

/** Measurements that are kept: one for each .dockerignore text of each folder, the oldest dropped first. */
const maxEntries = 32;

/** Keeps measurements of build contexts until they are told to be out of date. */
export function createContextCache(measure: typeof measureContext = measureContext): ContextCache {
  const entries = new Map<string, Entry>();
  const keyOf = (root: string, ignore: Dockerignore | undefined) => `${root}\0${ignore?.text ?? ''}`;

  function drop(key: string, entry: Entry): void {
    entries.delete(key);
    entry.controller.abort();
  }

  return {
    peek: (root, ignore) => entries.get(keyOf(root, ignore))?.measured,
    measure(root, ignore) {
      const key = keyOf(root, ignore);
      const known = entries.get(key);
      if (known !== undefined) {
        return known.running;
      }
      for (const [oldKey, old] of entries) {
        // A newer text of .dockerignore makes what runs for an older one worthless.
        if (entries.size >= maxEntries || (old.root === root && old.measured === undefined)) {
          drop(oldKey, old);
        }
      }
      const controller = new AbortController();
      const input = { root, signal: controller.signal, ...(ignore === undefined ? {} : { ignore }) };
      const running = measure(input).then(
        (measured) => {
          if (controller.signal.aborted) {
            return undefined;
          }
          entry.measured = measured;
          return measured;
        },
        () => {
          if (entries.get(key) === entry) {
            entries.delete(key);
          }
          return undefined;
        },
      );
      const entry: Entry = { root, controller, running };
      entries.set(key, entry);
      return running;
    },
    forget(root) {
      for (const [key, entry] of entries) {
        if (root === undefined || entry.root === root) {
          drop(key, entry);
        }
      }
    },
  };
}
