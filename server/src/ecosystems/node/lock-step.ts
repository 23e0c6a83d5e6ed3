import {
  type LockedManifests,
  readBunLock,
  readPnpmLock,
  readYarnRequests,
} from '../../project/formats/node-locks.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { type NodePackage, readNodePackage } from './package.ts';

/**
 * How a lock file contradicts the manifests, so that an install that keeps to it would stop; undefined where it does not, or where
 * the file does not say what it was made for.
 */
export function lockContradiction(
  project: Project,
  directory: ContextPath,
  lock: string,
): string | undefined {
  const text = project.reader.read(joinPath(directory, lock));
  if (text === undefined) {
    return undefined;
  }
  if (lock === 'yarn.lock') {
    return yarnContradiction(readYarnRequests(text), project, directory);
  }
  const locked =
    lock === 'pnpm-lock.yaml' ? readPnpmLock(text) : lock === 'bun.lock' ? readBunLock(text) : undefined;
  if (locked === undefined || project.reader.read(joinPath(directory, '.pnpmfile.cjs')) !== undefined) {
    return undefined;
  }
  for (const [folder, requests] of locked.packages) {
    const place = joinPath(directory, folder);
    const manifest = joinPath(place, 'package.json');
    const found = readNodePackage(project, place);
    const difference = found === undefined ? undefined : differenceOf(found, requests, locked);
    if (difference !== undefined) {
      return `${lock} is out of step with ${manifest}: ${difference}`;
    }
  }
  return undefined;
}

function differenceOf(
  found: NodePackage,
  requests: ReadonlyMap<string, string>,
  { isOverridden }: LockedManifests,
): string | undefined {
  const asked = askedFor(found);
  const missing = Object.keys(asked).find((name) => !requests.has(name));
  const changed = Object.entries(asked).find(([name, range]) => requests.get(name) !== range);
  // pnpm locks what the project is a peer of as well.
  const left = [...requests.keys()].find((name) => asked[name] === undefined && !found.peers.includes(name));
  if (missing !== undefined) {
    return `it lacks ${missing}`;
  }
  if (changed !== undefined && !isOverridden) {
    return `it has ${changed[0]} as ${requests.get(changed[0])}, not as ${changed[1]}`;
  }
  return left === undefined ? undefined : `it still has ${left}`;
}

/** Yarn stops where a request is not answered; entries that nobody asks for are no reason for it. */
function yarnContradiction(
  requests: ReadonlySet<string>,
  project: Project,
  directory: ContextPath,
): string | undefined {
  const found = readNodePackage(project, directory);
  if (requests.size === 0 || found === undefined || found.fields.includes('resolutions')) {
    return undefined;
  }
  // Where a range has a colon or a slash, it names no version, and Yarn has its own way to write it.
  const unanswered = Object.entries(askedFor(found)).find(
    ([name, range]) => !/[:/]/.test(range) && !found.hasWorkspaces && !requests.has(`${name}@${range}`),
  );
  return unanswered === undefined
    ? undefined
    : `yarn.lock is out of step with ${joinPath(directory, 'package.json')}: it lacks ${unanswered.join('@')}`;
}

function askedFor(found: NodePackage): Readonly<Record<string, string>> {
  return { ...found.devDependencies, ...found.dependencies, ...found.optionalDependencies };
}

/** The majors of pnpm that read a format of its lock file (pnpm.io/compatibility, and its own refusals; 2026-12-01). */
const readers: readonly { readonly format: number; readonly from: number; readonly to: number }[] = [
  { format: 5, from: 3, to: 7 },
  { format: 6, from: 8, to: 9 },
  { format: 9, from: 9, to: Number.POSITIVE_INFINITY },
];

/**
 * Why the pnpm of a stage may not read the lock file; undefined where it does. Its version is the first number, `latest`, or undefined
 * where nothing says it.
 */
export function pnpmFormatObstacle(
  project: Project,
  directory: ContextPath,
  version: number | 'latest' | undefined,
): string | undefined {
  const text = project.reader.read(joinPath(directory, 'pnpm-lock.yaml'));
  const format = text === undefined ? undefined : readPnpmLock(text)?.format;
  const reader = readers.find((one) => one.format === format);
  if (reader === undefined) {
    return undefined;
  }
  const isNewest = reader.to === Number.POSITIVE_INFINITY;
  if (version === undefined || version === 'latest') {
    return isNewest
      ? undefined
      : `pnpm-lock.yaml is of format ${format}, which today’s pnpm does not read, and ${version === 'latest' ? 'the newest one is installed' : 'nothing says which one runs'}`;
  }
  return version >= reader.from && version <= reader.to
    ? undefined
    : `pnpm-lock.yaml is of format ${format}, which pnpm ${version} does not read`;
}
