import type { MeasuredNode, Totals } from '../project/context.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A file or folder while everything below it is being counted. */
export interface TreeNode extends Mutable<MeasuredNode> {
  entries?: Map<string, TreeNode>;
  /** The folder that it lies in, to which everything is added too. */
  readonly parent: TreeNode | undefined;
}

/** The files and folders of a walk by name, up to a limit behind which of folders only the sum is kept. */
export class MeasuredTree {
  readonly root: TreeNode = { files: 0, bytes: 0, isFolder: true, entries: new Map(), parent: undefined };
  private readonly maxNodes: number;
  private nodes = 0;

  constructor(maxNodes: number) {
    this.maxNodes = maxNodes;
  }

  /** A new entry of a folder; the folder itself where only its sum is kept. */
  start(name: string, parent: TreeNode, kind: 'file' | 'folder' | 'sum'): TreeNode {
    if (++this.nodes > this.maxNodes) {
      delete parent.entries;
    }
    if (parent.entries === undefined) {
      return parent;
    }
    const started: TreeNode = {
      files: 0,
      bytes: 0,
      isFolder: kind !== 'file',
      parent,
      ...(kind === 'folder' ? { entries: new Map() } : {}),
    };
    parent.entries.set(name, started);
    return started;
  }

  /** Counts a file in its folder and in those above. */
  addFile(name: string, folder: TreeNode, bytes: number): void {
    for (
      let node: TreeNode | undefined = this.start(name, folder, 'file');
      node !== undefined;
      node = node.parent
    ) {
      addTo(node, bytes);
    }
  }
}

/** Counts one more file. */
export function addTo(sum: Mutable<Totals>, bytes: number): void {
  sum.files++;
  sum.bytes += bytes;
}
