import { directoryOf, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';

/** True where a path lies in the build context; what a link leads to outside of it counts as there. */
export function existsInContext(project: Project, path: string): boolean {
  return (
    path === '' ||
    project.reader.list(directoryOf(path))?.some((entry) => entry.name === nameOf(path)) === true
  );
}

/**
 * The path that was probably meant: the one entry of the same folder whose name differs in case, or by two letters at
 * most (one where it is short). Undefined where there is none, or several are as near.
 */
export function nearestPath(project: Project, path: string): string | undefined {
  const folder = directoryOf(path);
  const wanted = nameOf(path);
  const distances = (project.reader.list(folder) ?? []).slice(0, 1000).map(({ name }) => ({
    name,
    distance: name.toLowerCase() === wanted.toLowerCase() ? 0 : editDistance(name, wanted),
  }));
  const limit = wanted.length < 5 ? 1 : 2;
  const least = Math.min(...distances.map(({ distance }) => distance), limit + 1);
  const nearest = distances.filter(({ distance }) => distance === least);
  const [only] = nearest;
  if (least > limit || nearest.length !== 1 || only === undefined) {
    return undefined;
  }
  return folder === '' ? only.name : `${folder}/${only.name}`;
}

/** How many letters have to be added, removed, replaced or swapped with their neighbour; 3 stands for more than 2. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length > 100 || b.length > 100) {
    return 3;
  }
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? 3, 3);
}
