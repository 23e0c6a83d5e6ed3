import { firstIndex } from '../text/first-index.ts';
import type { Variables } from './expansion.ts';

interface Entry {
  readonly version: number;
  readonly value: string | undefined;
}

/**
 * The variables at one place of a file. What an instruction sets makes a scope of its own, and those before it stay as
 * they were: all of them share one log of what was set when, so that a file of thousands of ENV takes no more room than
 * what it sets.
 */
export class Scope implements Variables {
  private readonly log: Map<string, Entry[]>;
  private readonly versions: { latest: number };
  private readonly version: number;
  private names: readonly string[] | undefined;

  private constructor(log: Map<string, Entry[]>, versions: { latest: number }, version: number) {
    this.log = log;
    this.versions = versions;
    this.version = version;
  }

  static empty(): Scope {
    return new Scope(new Map(), { latest: 0 }, 0);
  }

  /** This scope and what is set now. */
  with(pairs: Iterable<readonly [string, string | undefined]>): Scope {
    // Two stages that start from a third each go their own way.
    const base = this.versions.latest === this.version ? this : this.copy();
    const version = base.version + 1;
    base.versions.latest = version;
    for (const [name, value] of pairs) {
      const entries = base.log.get(name);
      if (entries === undefined) {
        base.log.set(name, [{ version, value }]);
      } else {
        entries.push({ version, value });
      }
    }
    return new Scope(base.log, base.versions, version);
  }

  get size(): number {
    return this.nameList().length;
  }

  get(name: string): string | undefined {
    return this.entry(name)?.value;
  }

  has(name: string): boolean {
    return this.entry(name) !== undefined;
  }

  *entries(): MapIterator<[string, string | undefined]> {
    for (const name of this.nameList()) {
      yield [name, this.get(name)];
    }
  }

  [Symbol.iterator](): MapIterator<[string, string | undefined]> {
    return this.entries();
  }

  /** Found one by one: who looks for a name stops at it. */
  *keys(): MapIterator<string> {
    for (const name of this.names ?? this.log.keys()) {
      if (this.has(name)) {
        yield name;
      }
    }
  }

  *values(): MapIterator<string | undefined> {
    for (const name of this.nameList()) {
      yield this.get(name);
    }
  }

  forEach(work: (value: string | undefined, name: string, scope: Variables) => void): void {
    for (const [name, value] of this) {
      work(value, name, this);
    }
  }

  private copy(): Scope {
    const log = new Map([...this].map(([name, value]) => [name, [{ version: 0, value }]]));
    return new Scope(log, { latest: 0 }, 0);
  }

  /** The last entry that is no younger than this scope. */
  private entry(name: string): Entry | undefined {
    const entries = this.log.get(name) ?? [];
    return entries[firstIndex(entries.length, (i) => (entries[i]?.version ?? 0) > this.version) - 1];
  }

  private nameList(): readonly string[] {
    this.names ??= [...this.log.keys()].filter((name) => this.has(name));
    return this.names;
  }
}
