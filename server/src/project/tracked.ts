import { firstIndex } from '../text/first-index.ts';

/** What Git tracks in a folder. Paths are relative to it, with `/`. */
export interface TrackedFiles {
  /** True for a file that is tracked, and for a folder that holds one. */
  holds(path: string): boolean;
  /** The tracked files below a folder, `''` for all of them. */
  below(folder: string): readonly string[];
}

/** Answers from the list of tracked paths. Paths that end in `/` stand for all that lies in the folder. */
export function trackedFiles(paths: readonly string[]): TrackedFiles {
  const sorted = [...paths].sort();
  const below = (folder: string): readonly string[] =>
    folder === '' ? sorted : sorted.slice(firstFrom(sorted, `${folder}/`), firstFrom(sorted, `${folder}0`));
  return {
    holds(path) {
      const at = firstFrom(sorted, path);
      const inside = firstFrom(sorted, `${path}/`);
      return path === '' || sorted[at] === path || sorted[inside]?.startsWith(`${path}/`) === true;
    },
    below,
  };
}

/** The same knowledge, with paths relative to `folder`. */
export function trackedBelow(tracked: TrackedFiles, folder: string): TrackedFiles {
  return folder === ''
    ? tracked
    : {
        holds: (path) => tracked.holds(path === '' ? folder : `${folder}/${path}`),
        below: (path) =>
          tracked
            .below(path === '' ? folder : `${folder}/${path}`)
            .map((found) => found.slice(folder.length + 1)),
      };
}

/** Index of the first text that is not before the wanted one. `0` is the character behind `/`. */
function firstFrom(sorted: readonly string[], wanted: string): number {
  return firstIndex(sorted.length, (i) => (sorted[i] ?? '') >= wanted);
}
