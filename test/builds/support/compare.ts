import type { ImageFile } from './files.ts';
import type { ImageConfig } from './image.ts';

/** Names of what differs between two configurations, such as `user: root, was node`. */
export function configDifferences(before: ImageConfig, after: ImageConfig): string[] {
  const names = Object.keys(before) as (keyof ImageConfig)[];
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `${name}: ${JSON.stringify(after[name])}, was ${JSON.stringify(before[name])}`);
}

/** Paths that were added, removed or changed, each with what changed; paths matching `ignored` are left out. */
export function fileDifferences(
  before: ReadonlyMap<string, ImageFile>,
  after: ReadonlyMap<string, ImageFile>,
  ignored: readonly RegExp[] = [],
): string[] {
  const differences: string[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (ignored.some((pattern) => pattern.test(path))) continue;
    const was = before.get(path);
    const is = after.get(path);
    if (is === undefined) differences.push(`${path} removed`);
    else if (was === undefined) differences.push(`${path} added`);
    else differences.push(...aspects(was, is).map((aspect) => `${path} ${aspect}`));
  }
  return differences.sort();
}

function aspects(was: ImageFile, is: ImageFile): string[] {
  const found: string[] = [];
  if (was.kind !== is.kind) found.push(`is a ${is.kind}, was a ${was.kind}`);
  if (was.mode !== is.mode) found.push(`has mode ${is.mode.toString(8)}, had ${was.mode.toString(8)}`);
  if (was.uid !== is.uid || was.gid !== is.gid)
    found.push(`belongs to ${is.uid}:${is.gid}, was ${was.uid}:${was.gid}`);
  if (was.kind === is.kind && was.content !== is.content) found.push('has other contents');
  return found;
}
