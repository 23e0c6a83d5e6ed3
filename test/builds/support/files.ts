import { createHash } from 'node:crypto';
import { createReadStream, type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { buildah, tryBuildah } from './buildah.ts';

export interface ImageFile {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** Hash of a file's contents, or the target of a link. */
  readonly content: string;
}

/** Every path of an image's file system with all that a program can tell from it, but times. */
export async function imageFiles(image: string): Promise<ReadonlyMap<string, ImageFile>> {
  const container = (await buildah(['from', '--pull-never', image])).stdout.trim();
  try {
    const root = (await buildah(['mount', container])).stdout.trim();
    const files = new Map<string, ImageFile>();
    await collect(root, '', files);
    return files;
  } finally {
    await tryBuildah(['umount', container]);
    await tryBuildah(['rm', container]);
  }
}

async function collect(root: string, below: string, files: Map<string, ImageFile>): Promise<void> {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = `${below}/${entry.name}`;
    const stat = lstatSync(join(root, path));
    const kind = kindOf(entry);
    const content =
      kind === 'file'
        ? await hashOf(join(root, path))
        : kind === 'link'
          ? readlinkSync(join(root, path))
          : '';
    const size = kind === 'directory' ? 0 : stat.size;
    files.set(path, { kind, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, size, content });
    if (kind === 'directory') await collect(root, path, files);
  }
}

function kindOf(entry: Dirent): ImageFile['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
