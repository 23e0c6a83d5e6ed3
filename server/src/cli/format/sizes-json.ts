import type { ImageFacts } from '../../images/knowledge.ts';
import { formatImageReference } from '../../images/reference.ts';
import type { SizedImage } from '../results.ts';
import type { JsonImage, JsonSizes } from './sizes-schema.ts';

/** What images weigh, for programs; described by schema/sizes.schema.json. */
export function formatSizesJson(version: string, images: readonly SizedImage[]): string {
  const sizes: JsonSizes = {
    ballast: version,
    format: 1,
    images: images.map(({ facts, smaller }) => ({ ...toJson(facts), smaller: smaller.map(toJson) })),
  };
  return `${JSON.stringify(sizes, null, 2)}\n`;
}

function toJson(facts: ImageFacts): JsonImage {
  const { traits, endOfLife } = facts;
  const { distribution } = traits ?? {};
  return {
    image: formatImageReference(facts.reference),
    platform: facts.platform,
    pull: { ...facts.pull },
    disk: { ...facts.disk },
    layers: facts.layers ?? null,
    created: facts.created ?? null,
    digest: facts.digest ?? null,
    distribution:
      distribution === undefined ? null : [distribution.id, distribution.version].filter(Boolean).join(' '),
    libc: traits?.libc ?? null,
    hasShell: traits?.hasShell ?? null,
    defaultUser: traits?.defaultUser ?? null,
    users: (traits?.users ?? []).map(({ name, uid }) => ({ name, uid })),
    endOfLife:
      endOfLife === undefined
        ? null
        : {
            date: endOfLife.date,
            what: endOfLife.what,
            source: endOfLife.source,
            replacement: endOfLife.successor ?? endOfLife.replacement ?? null,
          },
    problem: facts.lookupProblem ?? null,
  };
}
