import { Feed } from 'feed';

/** The changes of a product as an Atom feed. */
export function changesFeed(changes: readonly { title: string; date: Date }[]): string {
  const feed = new Feed({ id: 'urn:changes', title: 'Changes', copyright: '', updated: changes[0]?.date ?? new Date(0) });
  for (const change of changes) {
    feed.addItem({ title: change.title, link: `urn:change:${change.title}`, date: change.date });
  }
  return feed.atom1();
}
