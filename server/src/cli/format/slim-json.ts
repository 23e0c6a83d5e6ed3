import { imageSize } from '../../engine/estimate/estimate.ts';
import type { FileFailure } from '../results.ts';
import { toSpan } from './json.ts';
import type { Slimmed } from './slim.ts';
import type { SlimJson } from './slim-schema.ts';

/** What slimming makes of Dockerfiles, for programs; described by schema/slim.schema.json. */
export function formatSlimJson(
  version: string,
  files: readonly Slimmed[],
  failures: readonly FileFailure[],
): string {
  const json: SlimJson = {
    ballast: version,
    format: 1,
    files: files.map(toFile),
    failures: failures.map((failure) => ({ ...failure })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function toFile({ name, before, after, items, left, lines, changes }: Slimmed): SlimJson['files'][number] {
  const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return {
    path: name,
    size: { ...imageSize(before.image) },
    sizeAfter: { ...imageSize(after.image) },
    changes: items.map(({ rule, titles, reason, assumptions }) => ({
      rule,
      titles: [...titles],
      reason,
      assumptions: [...assumptions],
    })),
    left: left.map(({ rule, message, span }) => ({ rule, message, span: toSpan(lines, span) })),
    files: changes.map((change) => ({
      path: change.name,
      before: change.before === undefined ? null : decode(change.before),
      after: decode(change.after),
    })),
  };
}
