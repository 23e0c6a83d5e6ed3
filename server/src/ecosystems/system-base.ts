import type { ImageTraits } from '../images/knowledge.ts';
import { table } from '../text/table.ts';

/**
 * The plain image of the system that an image is built on, so that what was linked there runs there. What is linked to
 * nothing but the C library (`isPlain`) also runs on a newer release, where the image does not say which it has.
 */
export function systemBase(traits: ImageTraits | undefined, isPlain = false): string | undefined {
  const { id, version } = traits?.distribution ?? {};
  if (id === 'alpine') {
    return version === undefined ? 'alpine' : `alpine:${version}`;
  }
  const names: Readonly<Record<string, string>> = table({
    '11': 'bullseye',
    '12': 'bookworm',
    '13': 'trixie',
  });
  const name = id === 'debian' ? names[version?.split('.')[0] ?? ''] : undefined;
  if (name !== undefined) {
    return `debian:${name}-slim`;
  }
  if (id === 'debian' && version === undefined && isPlain) {
    return 'debian:trixie-slim';
  }
  return id === 'ubuntu' && version !== undefined ? `ubuntu:${version}` : undefined;
}
