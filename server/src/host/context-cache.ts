import type { ContextMeasurement } from '../project/context.ts';
import type { Dockerignore } from '../project/dockerignore.ts';
import { readIgnoreFile } from '../project/ignore-file.ts';
import type { Project } from '../project/project.ts';
import { measureContext } from './context-measure.ts';

export interface ContextCache {
  /** What was measured last for this folder and this .dockerignore, even if it has expired; undefined where nothing was. */
  peek(root: string, ignore: Dockerignore | undefined): ContextMeasurement | undefined;
  /**
   * Measures unless it has been done, and answers whether there is something new to peek at. Who asks for the same
   * while it runs shares the answer. False where it was stopped.
   */
  measure(root: string, ignore: Dockerignore | undefined): Promise<boolean>;
  /** Something in the folder has changed: what is known has to be measured anew, and what is running stops. All folders without `root`. */
  expire(root?: string): void;
}

interface Entry {
  readonly root: string;
  measured?: ContextMeasurement;
  isExpired: boolean;
  running?: { readonly controller: AbortController; readonly done: Promise<boolean> };
}

/** Measurements that are kept: one for each .dockerignore text of each folder, the oldest dropped first. */
const maxEntries = 16;

/** Keeps measurements of build contexts until they are told to be out of date. */
export function createContextCache(measure: typeof measureContext = measureContext): ContextCache {
  const entries = new Map<string, Entry>();
  const keyOf = (root: string, ignore: Dockerignore | undefined) => `${root}\0${ignore?.text ?? ''}`;

  function entryFor(root: string, ignore: Dockerignore | undefined): Entry {
    const key = keyOf(root, ignore);
    const known = entries.get(key);
    if (known !== undefined) {
      return known;
    }
    for (const [oldKey, old] of entries) {
      if (entries.size >= maxEntries) {
        entries.delete(oldKey);
        old.running?.controller.abort();
      } else if (old.root === root) {
        // A newer text of .dockerignore makes what runs for an older one worthless.
        old.running?.controller.abort();
      }
    }
    const entry: Entry = { root, isExpired: true };
    entries.set(key, entry);
    return entry;
  }

  function start(entry: Entry, ignore: Dockerignore | undefined): Promise<boolean> {
    const controller = new AbortController();
    const input = {
      root: entry.root,
      signal: controller.signal,
      ...(ignore === undefined ? {} : { ignore }),
    };
    const done = measure(input).then(
      (measured) => {
        if (!controller.signal.aborted) {
          entry.measured = measured;
          entry.isExpired = false;
        }
        return !controller.signal.aborted;
      },
      () => false,
    );
    const running = { controller, done };
    entry.running = running;
    void done.then(() => {
      if (entry.running === running) {
        delete entry.running;
      }
    });
    return done;
  }

  return {
    peek: (root, ignore) => entries.get(keyOf(root, ignore))?.measured,
    async measure(root, ignore) {
      const entry = entryFor(root, ignore);
      if (entry.running !== undefined && !entry.running.controller.signal.aborted) {
        return entry.running.done;
      }
      return entry.isExpired ? start(entry, ignore) : false;
    },
    expire(root) {
      for (const entry of entries.values()) {
        if (root === undefined || entry.root === root) {
          entry.isExpired = true;
          entry.running?.controller.abort();
        }
      }
    },
  };
}

/** The project, with what its context weighs as soon as the cache knows: it is looked up anew with every reading. */
export function withContext(project: Project, root: string, cache: ContextCache): Project {
  return {
    ...project,
    get context() {
      return cache.peek(root, readIgnoreFile(project)?.dockerignore);
    },
  };
}

/** Measures the context of a project; answers whether the project has something new to say. */
export function measureProject(project: Project, root: string, cache: ContextCache): Promise<boolean> {
  return cache.measure(root, readIgnoreFile(project)?.dockerignore);
}
