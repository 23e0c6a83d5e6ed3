import type { Part } from './parts.ts';

/** A place in the order in which parts came, whose part may be exchanged for what is left of it. */
interface Slot {
  readonly order: number;
  part: Part;
}

/**
 * What a container of a stage sees, in the order in which it came. Each part is found by the folders it lies in, so that a
 * file of thousands of instructions does not go through all parts for each of them.
 */
export class Held {
  private readonly slots = new Set<Slot>();
  /** By folder: what lies in it, at any depth, or is the folder itself. */
  private readonly inFolder = new Map<string, Set<Slot>>();
  private readonly atPath = new Map<string, Set<Slot>>();
  private readonly dependencyPaths = new Map<string | undefined, number>();
  /** Those that have a part for development. */
  private readonly withDevelopment = new Set<Slot>();
  private count = 0;

  copy(): Held {
    const copy = new Held();
    copy.add(this.all());
    return copy;
  }

  add(parts: readonly Part[]): void {
    for (const part of parts) {
      const slot = { order: this.count++, part };
      this.slots.add(slot);
      for (const folder of foldersOf(part.path)) {
        addTo(this.inFolder, folder, slot);
      }
      if (part.path !== undefined) {
        addTo(this.atPath, part.path, slot);
      }
      if (part.kind === 'dependencies') {
        this.dependencyPaths.set(part.path, (this.dependencyPaths.get(part.path) ?? 0) + 1);
      }
      if (part.development !== undefined) {
        this.withDevelopment.add(slot);
      }
    }
  }

  all(): readonly Part[] {
    return [...this.slots].map(({ part }) => part);
  }

  /** What lies below a folder, or is the folder itself. */
  below(folder: string): readonly Part[] {
    return [...(this.inFolder.get(folder) ?? [])].map(({ part }) => part);
  }

  /** What is one of the folders above a path as such, the latest first. */
  above(path: string): readonly Part[] {
    return foldersOf(path)
      .flatMap((folder) => (folder === path ? [] : [...(this.atPath.get(folder) ?? [])]))
      .sort((a, b) => b.order - a.order)
      .map(({ part }) => part);
  }

  /** True where dependencies were installed into that very folder. */
  hasDependencies(path: string | undefined): boolean {
    return (this.dependencyPaths.get(path) ?? 0) > 0;
  }

  hasDevelopment(): boolean {
    return this.withDevelopment.size > 0;
  }

  /** Dependencies of which a part is for development. */
  forDevelopment(): readonly Part[] {
    return [...this.withDevelopment].map(({ part }) => part);
  }

  /** Takes away what lies below a folder, and returns it. */
  remove(folder: string): readonly Part[] {
    const gone = [...(this.inFolder.get(folder) ?? [])];
    for (const slot of gone) {
      this.slots.delete(slot);
      this.withDevelopment.delete(slot);
      for (const one of foldersOf(slot.part.path)) {
        this.inFolder.get(one)?.delete(slot);
        this.atPath.get(one)?.delete(slot);
      }
      if (slot.part.kind === 'dependencies') {
        const { path } = slot.part;
        this.dependencyPaths.set(path, (this.dependencyPaths.get(path) ?? 1) - 1);
      }
    }
    return gone.map(({ part }) => part);
  }

  /** Leaves of the dependencies what `left` says. */
  keepOfDependencies(left: (part: Part) => Part): void {
    for (const slot of [...this.withDevelopment]) {
      slot.part = left(slot.part);
      if (slot.part.development === undefined) {
        this.withDevelopment.delete(slot);
      }
    }
  }
}

function addTo(slots: Map<string, Set<Slot>>, key: string, slot: Slot): void {
  const known = slots.get(key);
  if (known === undefined) {
    slots.set(key, new Set([slot]));
  } else {
    known.add(slot);
  }
}

/** A path and every folder above it; none where it is not known. */
function foldersOf(path: string | undefined): readonly string[] {
  if (path === undefined) {
    return [];
  }
  const folders = path.startsWith('/') ? ['/'] : [];
  for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
    folders.push(path.slice(0, slash));
  }
  return path === '/' ? folders : [...folders, path];
}
