import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { buildah } from './buildah.ts';
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
  /** Sum of the gzipped layers in bytes: what a pull transfers. */
  readonly pull: number;
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

/** Measures an image by writing its layers out. Layers measured before are remembered by digest. */
export async function imageSize(image: string): Promise<ImageSize> {
  const folder = mkdtempSync(join(cached('measure'), 'image-'));
  try {
    await buildah(['push', '--quiet', '--disable-compression', image, `dir:${folder}`]);
    const manifest: { layers: { digest: string; size: number }[] } = JSON.parse(
      readFileSync(join(folder, 'manifest.json'), 'utf8'),
    );
    let disk = 0;
    let pull = 0;
    for (const layer of manifest.layers) {
      const digest = layer.digest.replace('sha256:', '');
      disk += statSync(join(folder, digest)).size;
      pull += await compressedSize(join(folder, digest), digest);
    }
    return { disk, pull, layers: manifest.layers.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compressedSize(archive: string, digest: string): Promise<number> {
  const record = join(cached('compressed'), digest);
  if (existsSync(record)) return Number(readFileSync(record, 'utf8'));
  let bytes = 0;
  const counter = new PassThrough();
  counter.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await pipeline(createReadStream(archive), createGzip({ level: 6 }), counter);
  writeFileSync(record, String(bytes));
  return bytes;
}
