import type { ContextMeasurement } from '../project/context.ts';
import type { Dockerignore } from '../project/dockerignore.ts';
import { readIgnoreFile } from '../project/ignore-file.ts';
import type { Project } from '../project/project.ts';
import { type MeasureInput, measureContext } from './context-measure.ts';

/** Measurements of folders under the ignore file that applies to them. */
export interface MeasurementCache<T> {
  /** What was measured last for this folder and this .dockerignore, even if it has expired; undefined where nothing was. */
  peek(root: string, ignore: Dockerignore | undefined): T | undefined;
  /**
   * Measures unless it has been done, and answers whether there is something new to peek at. Who asks for the same
   * while it runs shares the answer. False where it was stopped.
   */
  measure(
    root: string,
    ignore: Dockerignore | undefined,
    onProgress?: MeasureInput['onProgress'],
  ): Promise<boolean>;
  /** Something has changed: what is known, or is being measured, has to be measured anew when it is asked for next. */
  expire(): void;
  /** Stops what runs for a folder, under one .dockerignore or under all. */
  stop(root: string, ignore?: Dockerignore): void;
}

export type ContextCache = MeasurementCache<ContextMeasurement>;

interface Entry<T> {
  readonly root: string;
  measured?: T;
  /** How often something had changed when the last measurement began; undefined before the first. */
  measuredAt?: number;
  /** Milliseconds that the last measurement took, and when it ended. */
  last?: { readonly duration: number; readonly end: number };
  running?: { readonly controller: AbortController; readonly done: Promise<boolean> };
}

/** Measurements that are kept: one for each .dockerignore text of each folder, the oldest dropped first. */
const maxEntries = 16;

/** A folder in which files come and go all the time is measured again after so many times as long as it took. */
const restFactor = 4;

/** Keeps measurements of build contexts until they are told to be out of date. */
export function createContextCache(
  measure: (input: MeasureInput) => Promise<ContextMeasurement> = measureContext,
): ContextCache {
  return createMeasurementCache(measure);
}

/** Keeps what `measure` says of a folder under an ignore file. */
export function createMeasurementCache<T>(measure: (input: MeasureInput) => Promise<T>): MeasurementCache<T> {
  const entries = new Map<string, Entry<T>>();
  let changes = 0;
  const keyOf = (root: string, ignore: Dockerignore | undefined) =>
    `${root}\0${ignore === undefined ? '' : `\0${ignore.text}`}`;

  function entryFor(root: string, ignore: Dockerignore | undefined): Entry<T> {
    const key = keyOf(root, ignore);
    const known = entries.get(key);
    if (known !== undefined) {
      return known;
    }
    for (const [oldKey, old] of entries) {
      if (entries.size >= maxEntries) {
        entries.delete(oldKey);
        old.running?.controller.abort();
      }
    }
    const entry: Entry<T> = { root };
    entries.set(key, entry);
    return entry;
  }

  async function run(
    entry: Entry<T>,
    ignore: Dockerignore | undefined,
    signal: AbortSignal,
    onProgress: MeasureInput['onProgress'],
  ): Promise<boolean> {
    try {
      const { last } = entry;
      if (last !== undefined) {
        await sleep(last.end + restFactor * last.duration - performance.now(), signal);
      }
      const start = performance.now();
      const measuredAt = changes;
      const measured = await measure({
        root: entry.root,
        signal,
        ...(ignore === undefined ? {} : { ignore }),
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      signal.throwIfAborted();
      entry.measured = measured;
      entry.measuredAt = measuredAt;
      entry.last = { duration: performance.now() - start, end: performance.now() };
      return true;
    } catch {
      return false;
    }
  }

  return {
    peek: (root, ignore) => entries.get(keyOf(root, ignore))?.measured,
    async measure(root, ignore, onProgress) {
      const entry = entryFor(root, ignore);
      if (entry.running !== undefined && !entry.running.controller.signal.aborted) {
        return entry.running.done;
      }
      if (entry.measuredAt === changes) {
        return false;
      }
      const controller = new AbortController();
      const running = { controller, done: run(entry, ignore, controller.signal, onProgress) };
      entry.running = running;
      const isNew = await running.done;
      if (entry.running === running) {
        delete entry.running;
      }
      return isNew;
    },
    expire() {
      changes++;
    },
    stop(root, ignore) {
      for (const [key, entry] of entries) {
        if (entry.root === root && (ignore === undefined || key === keyOf(root, ignore))) {
          entry.running?.controller.abort();
        }
      }
    },
  };
}

/** Waits; an abort ends it at once. @throws the signal's reason when it is aborted. */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    signal.throwIfAborted();
  }
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
export function measureProject(
  project: Project,
  root: string,
  cache: ContextCache,
  onProgress?: MeasureInput['onProgress'],
): Promise<boolean> {
  return cache.measure(root, readIgnoreFile(project)?.dockerignore, onProgress);
}
