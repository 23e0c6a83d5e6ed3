import { type ContextMeasurement, copiedNodes, type MeasuredEntry, type MeasuredNode } from './context.ts';

/** A folder of which one entry holds at least this share says less than that entry. */
const dominance = 0.8;

/**
 * The largest of what a COPY or ADD of sources sends, largest first: the copied files, and what lies in the copied
 * folders. A folder stands for everything below it, unless nearly all of that is one of its entries. Undefined where a
 * source lies in a folder of which only the sum is known.
 */
export function largestPaths(
  measured: ContextMeasurement,
  sources: readonly string[],
  most: number,
): MeasuredEntry[] | undefined {
  const nodes = copiedNodes(measured, sources);
  if (nodes === undefined) {
    return undefined;
  }
  const found = new Map<string, MeasuredEntry>();
  for (const [path, node] of nodes) {
    const entries = node.entries === undefined ? [[path, node] as const] : childrenOf(path, node);
    for (const [at, entry] of entries) {
      const one = heaviest(at, entry);
      found.set(one.path, one);
    }
  }
  return [...found.values()]
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, most);
}

function childrenOf(path: string, { entries }: MeasuredNode): (readonly [string, MeasuredNode])[] {
  return [...(entries ?? [])].map(([name, node]) => [`${path}/${name}`, node] as const);
}

/** Follows a folder down to where its weight spreads. */
function heaviest(path: string, node: MeasuredNode): MeasuredEntry {
  for (const [below, entry] of childrenOf(path, node)) {
    if (entry.bytes >= node.bytes * dominance && entry.bytes > 0) {
      return heaviest(below, entry);
    }
  }
  const { files, bytes, isFolder } = node;
  return { path: `${path.slice(1)}${isFolder ? '/' : ''}`, files, bytes };
}
