import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { buildah, layerList } from './buildah.ts';
import { cached } from './paths.ts';

/** What a container started from the image is given. */
export interface ImageConfig {
  readonly user: string;
  readonly workdir: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The probe as Docker keeps it, for example `["CMD", "curl", …]`; empty when there is none. */
  readonly healthcheck: readonly string[];
  readonly stopSignal: string;
}

export interface ImageSize {
  /** Sum of the layers' tar archives in bytes: what `docker images` calls the size. */
  readonly disk: number;
  readonly layers: number;
}

interface DockerConfig {
  User?: string;
  WorkingDir?: string;
  Env?: string[] | null;
  Entrypoint?: string[] | null;
  Cmd?: string[] | null;
  ExposedPorts?: Record<string, unknown> | null;
  Labels?: Record<string, string> | null;
  Healthcheck?: { Test?: string[] };
  StopSignal?: string;
}

/** The configuration of an image in the suite's storage. */
export async function imageConfig(image: string): Promise<ImageConfig> {
  const inspected = await buildah(['inspect', '--type', 'image', image]);
  const config: DockerConfig = JSON.parse(inspected.stdout).Docker?.config ?? {};
  return {
    user: config.User ?? '',
    workdir: config.WorkingDir || '/',
    env: config.Env ?? [],
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    ports: Object.keys(config.ExposedPorts ?? {}).sort(),
    labels: Object.fromEntries(
      Object.entries(config.Labels ?? {}).filter(([name]) => !name.startsWith('io.buildah')),
    ),
    healthcheck: config.Healthcheck?.Test ?? [],
    stopSignal: config.StopSignal ?? '',
  };
}

/** How large an image is on disk. */
export async function imageSize(image: string): Promise<ImageSize> {
  const layers = await layersOf(image);
  return { disk: layers.reduce((sum, layer) => sum + layer.size, 0), layers: layers.length };
}

/**
 * Sum of the gzipped layers in bytes: what a pull transfers. Slow, because layers that were never measured are written
 * out and compressed; those measured before are memoized by digest.
 */
export async function pullSize(image: string): Promise<number> {
  const digests = (await layersOf(image)).map((layer) => layer.digest);
  if (!digests.every((digest) => existsSync(compressedRecord(digest)))) await compressLayers(image);
  return digests.reduce((sum, digest) => sum + Number(readFileSync(compressedRecord(digest), 'utf8')), 0);
}

interface Layer {
  /** Digest of the uncompressed archive, in hexadecimal. */
  readonly digest: string;
  /** Size of the uncompressed archive in bytes. */
  readonly size: number;
}

async function layersOf(image: string): Promise<Layer[]> {
  const inspected = await buildah(['inspect', '--type', 'image', image]);
  const digests: string[] = JSON.parse(inspected.stdout).OCIv1.rootfs.diff_ids;
  const stored: { 'diff-digest'?: string; 'diff-size'?: number }[] = JSON.parse(
    readFileSync(await layerList(), 'utf8'),
  );
  const sizes = new Map(stored.map((layer) => [layer['diff-digest'], layer['diff-size']]));
  return digests.map((digest) => {
    const size = sizes.get(digest);
    if (size === undefined) throw new Error(`${image}: layer ${digest} is not in the storage`);
    return { digest: digest.replace('sha256:', ''), size };
  });
}

function compressedRecord(digest: string): string {
  return join(cached('compressed'), digest);
}

async function compressLayers(image: string): Promise<void> {
  const folder = mkdtempSync(join(cached('measure'), 'image-'));
  try {
    await buildah(['push', '--quiet', '--disable-compression', image, `dir:${folder}`]);
    for (const { digest } of await layersOf(image)) {
      if (!existsSync(compressedRecord(digest))) {
        writeFileSync(compressedRecord(digest), String(await compressedSize(join(folder, digest))));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compressedSize(archive: string): Promise<number> {
  let bytes = 0;
  const counter = new PassThrough();
  counter.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await pipeline(createReadStream(archive), createGzip({ level: 6 }), counter);
  return bytes;
}
