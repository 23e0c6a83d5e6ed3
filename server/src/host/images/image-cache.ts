import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { readRegularFile } from '../regular-file.ts';
import type { RegistryImage } from './registry-client.ts';

/** What a registry said about an image, and when. */
export interface CachedImage {
  /** Milliseconds since 1970. */
  readonly learned: number;
  readonly image: RegistryImage;
}

/** Answers of registries that outlive the process. */
export interface ImageCache {
  /** Everything that is kept, by key. */
  read(): Promise<ReadonlyMap<string, CachedImage>>;
  /** Adds answers to what is kept. */
  add(entries: ReadonlyMap<string, CachedImage>): Promise<void>;
}

/** No name, digest or user is longer. */
const longestText = 1000;
const shortText = z.string().max(longestText);

const imageSchema = z.strictObject({
  registry: shortText,
  digest: shortText,
  platform: shortText,
  pull: z.int().nonnegative(),
  disk: z.int().nonnegative().optional(),
  layers: z.int().nonnegative(),
  created: shortText.optional(),
  user: shortText,
  entrypoint: z.array(shortText).max(100).optional(),
  exposedPorts: z.array(z.int()).max(1000),
});

const fileSchema = z.object({
  version: z.literal(1),
  images: z.record(z.string(), z.unknown()),
});

const entrySchema = z.object({ learned: z.number(), image: imageSchema });

/** Each entry by itself: one that is wrong takes no other with it. */
function validEntries(entries: Iterable<readonly [string, unknown]>): [string, CachedImage][] {
  return [...entries].flatMap(([key, value]): [string, CachedImage][] => {
    const { data } = entrySchema.safeParse(value);
    return data === undefined || key.length > longestText ? [] : [[key, data as CachedImage]];
  });
}

/** Answers are dropped after 30 days, and the oldest ones when there are more than these. */
const longestAge = 30 * 24 * 60 * 60 * 1000;
const mostImages = 1000;
const largestFile = 4 * 1024 * 1024;

/**
 * Keeps answers in one file that only its owner may read. It holds names, sizes and digests, never a login. A file that
 * cannot be read counts as empty, and one that cannot be written is given up: a cache is a convenience.
 */
export function fileCache(path: string, now: () => number = Date.now): ImageCache {
  async function read(): Promise<Map<string, CachedImage>> {
    try {
      const text = readRegularFile(path, largestFile).toString('utf8');
      const { images } = fileSchema.parse(JSON.parse(text));
      const oldest = now() - longestAge;
      return new Map(
        validEntries(Object.entries(images)).filter(
          ([, { learned }]) => learned > oldest && learned <= now(),
        ),
      );
    } catch {
      return new Map();
    }
  }

  return {
    read,
    async add(entries) {
      // Another process may have written since this one read.
      const all = [...new Map([...(await read()), ...validEntries(entries)])]
        .sort(([, left], [, right]) => right.learned - left.learned)
        .slice(0, mostImages);
      const temporary = `${path}.${process.pid}.tmp`;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(temporary, JSON.stringify({ version: 1, images: Object.fromEntries(all) }), {
          mode: 0o600,
        });
        await chmod(temporary, 0o600);
        await rename(temporary, path);
      } catch {
        await rm(temporary, { force: true }).catch(() => {});
      }
    },
  };
}

/** Where this system keeps what may be deleted at any time. */
export function cacheFile(environment: NodeJS.ProcessEnv, system: NodeJS.Platform): string {
  const folder =
    system === 'win32'
      ? environment['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local')
      : environment['XDG_CACHE_HOME'] ||
        join(homedir(), system === 'darwin' ? join('Library', 'Caches') : '.cache');
  return join(folder, 'ballast', 'images.json');
}
