import { randomBytes } from 'node:crypto';

export type Link = { code: string; target: string; visits: number };

/** Short links, kept in memory: they are gone after a restart. */
export class LinkStore {
  readonly #links = new Map<string, Link>();

  /** Stores a target and returns its new link. */
  add(target: string): Link {
    const link = { code: randomBytes(4).toString('base64url'), target, visits: 0 };
    this.#links.set(link.code, link);
    return link;
  }

  /** Counts one visit and returns the link, or nothing when the code is not known. */
  visit(code: string): Link | undefined {
    const link = this.#links.get(code);
    if (link) link.visits += 1;
    return link;
  }

  /** All links, the most visited first. */
  list(): Link[] {
    return [...this.#links.values()].sort((a, b) => b.visits - a.visits);
  }
}
