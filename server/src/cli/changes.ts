import { join, relative, sep } from 'node:path';
import type { FixAllResult } from '../engine/apply.ts';
import type { FileChange } from '../fixes/fix.ts';
import { formatDiff } from './format/diff.ts';
import type { Colors } from './format/layout.ts';
import { type CliHost, FileError, type OpenProject } from './host.ts';
import { displayPath, type Input } from './inputs.ts';
import { refuseToWriteOutside } from './inside.ts';

/** One file that a run changes. */
export interface Change {
  /** Absolute path; undefined for standard input. */
  readonly path: string | undefined;
  readonly name: string;
  /** What the file held; undefined where it is created. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array;
}

/** A Dockerfile as it was read, to be written back with no other bytes changed than those of a fix. */
export interface Original {
  readonly bytes: Uint8Array;
  /** Without the byte order mark. */
  readonly text: string;
  readonly byteOrderMark: string;
}

/** @throws FileError when the file cannot be read, or not be written back exactly. */
export async function readOriginal(input: Input): Promise<Original> {
  const bytes = await input.bytes();
  return { bytes, ...decodeExactly(bytes) };
}

/**
 * The files that fixes change. Those beside the Dockerfile come first: if one of them cannot be written, the Dockerfile stays
 * as it was.
 * @throws FileError when one of them cannot be used.
 */
export function changesOf(
  host: CliHost,
  input: Input,
  opened: OpenProject,
  original: Original,
  result: FixAllResult,
): Change[] {
  // Text from standard input has no folder in which other files could be written.
  const files = input.path === undefined ? [] : result.files;
  const changes = files.map((change) => changeOf(host, opened, change));
  if (result.text !== original.text) {
    const after = new TextEncoder().encode(original.byteOrderMark + result.text);
    changes.push({ path: input.path, name: input.name, before: original.bytes, after });
  }
  return changes;
}

/** @throws FileError when a file cannot be written, or is no longer what it was. */
export function writeChanges(host: CliHost, changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.path !== undefined) {
      host.files.replace(change.path, change.before, change.after);
    }
  }
}

function changeOf(host: CliHost, opened: OpenProject, change: FileChange): Change {
  if (opened.root === undefined) {
    throw new FileError(`cannot write ${change.path}: the build context is not known`);
  }
  const path = join(opened.root, change.path);
  const below = relative(opened.root, path);
  if (below === '' || below === '..' || below.startsWith(`..${sep}`)) {
    throw new FileError(`will not write ${change.path}: it lies outside the build context`);
  }
  refuseToWriteOutside(host.files, opened.root, path);
  const exists = host.files.kindOf(path) !== 'missing';
  if (exists !== (change.before !== undefined)) {
    throw new FileError(
      `${change.path} was ${exists ? 'created' : 'removed'} meanwhile; nothing was written`,
    );
  }
  const name = displayPath(host, path);
  if (!exists) {
    return { path, name, before: undefined, after: new TextEncoder().encode(change.after) };
  }
  const before = host.files.read(path);
  const { text, byteOrderMark } = decodeExactly(before);
  if (text !== change.before) {
    throw new FileError(`${change.path} changed meanwhile; nothing was written`);
  }
  return { path, name, before, after: new TextEncoder().encode(byteOrderMark + change.after) };
}

/** Text of a file that is to be written back. @throws FileError when that would change bytes that no fix touches. */
function decodeExactly(bytes: Uint8Array): { text: string; byteOrderMark: string } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\ufeff')
      ? { text: text.slice(1), byteOrderMark: '\ufeff' }
      : { text, byteOrderMark: '' };
  } catch {
    throw new FileError('is not UTF-8 text; nothing was written');
  }
}

/** Diffs of the changes; a file that several Dockerfiles share is shown once. */
export function newDiffs(changes: readonly Change[], shown: Set<string>, colors: Colors): string {
  let text = '';
  // The Dockerfile is what one reads first.
  for (const change of changes.toReversed()) {
    const diff = formatDiff(change, colors);
    if (!shown.has(diff)) {
      shown.add(diff);
      text += diff;
    }
  }
  return text;
}
