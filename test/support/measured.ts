import type { MeasuredNode } from '../../server/src/project/context.ts';

/** A measured file of a build context. */
export function measuredFile(bytes: number): MeasuredNode {
  return { files: 1, bytes, isFolder: false };
}

/** A measured folder of a build context, with the sums of what lies in it. */
export function measuredFolder(entries: Readonly<Record<string, MeasuredNode>>): MeasuredNode {
  const nodes = Object.values(entries);
  const sum = (key: 'files' | 'bytes') => nodes.reduce((total, node) => total + node[key], 0);
  return {
    files: sum('files'),
    bytes: sum('bytes'),
    isFolder: true,
    entries: new Map(Object.entries(entries)),
  };
}
