import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

/** Builds images with buildah and moves them with buildah and skopeo, in a store of its own below `directory`. */
export class ImageWorkshop {
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  get storeOptions(): readonly string[] {
    return [
      '--storage-driver',
      'vfs',
      '--root',
      join(this.directory, 'store'),
      '--runroot',
      join(this.directory, 'run'),
    ];
  }

  buildah(...args: readonly string[]): Promise<string> {
    return run('buildah', [...this.storeOptions, ...args]);
  }

  /** Builds a Dockerfile in a context that holds busybox and some files, one layer for each instruction. */
  async build(name: string, dockerfile: string, ...options: readonly string[]): Promise<void> {
    const context = join(this.directory, 'context');
    mkdirSync(context, { recursive: true });
    copyFileSync((await run('sh', ['-c', 'command -v busybox'])).trim(), join(context, 'busybox'));
    writeFileSync(join(context, 'notes.txt'), 'one line\n'.repeat(5000));
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    await this.buildah('bud', '--isolation', 'chroot', '--layers', ...options, '-t', name, context);
  }

  async push(name: string, target: string, ...options: readonly string[]): Promise<void> {
    await this.buildah('push', '--tls-verify=false', ...options, name, `docker://${target}`);
  }

  /** Size of an image in the words of `buildah images`: `2.04 MB`. */
  async shownSize(name: string): Promise<string> {
    const [image] = JSON.parse(await this.buildah('images', '--json', name)) as { size: string }[];
    return image?.size ?? '';
  }

  /**
   * Bytes that buildah's store counts for an image: those of its layers, and those of its manifest and configuration,
   * which `buildah images` adds.
   */
  storedBytes(name: string): { readonly layers: number; readonly notes: number } {
    const layers = this.storeFile<{ id: string; parent?: string; 'diff-size': number }>('layers');
    const images = this.storeFile<{
      names?: string[];
      layer: string;
      'big-data-sizes': Record<string, number>;
    }>('images');
    const image = images.find(({ names }) => names?.includes(name));
    let sum = 0;
    for (let id = image?.layer; id !== undefined; ) {
      const layer = layers.find((candidate) => candidate.id === id);
      sum += layer?.['diff-size'] ?? Number.NaN;
      id = layer?.parent;
    }
    const notes = Object.values(image?.['big-data-sizes'] ?? {}).reduce((total, size) => total + size, 0);
    return { layers: sum, notes };
  }

  private storeFile<T>(kind: 'layers' | 'images'): readonly T[] {
    return JSON.parse(
      readFileSync(join(this.directory, 'store', `vfs-${kind}`, `${kind}.json`), 'utf8'),
    ) as T[];
  }
}

/** The manifest as the registry has it, byte for byte. */
export async function rawManifest(image: string, ...options: readonly string[]): Promise<Buffer> {
  return Buffer.from(
    await run('skopeo', ['inspect', '--raw', '--tls-verify=false', ...options, `docker://${image}`]),
  );
}

export function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export interface RawManifest {
  readonly manifests?: readonly {
    readonly digest: string;
    readonly platform: { readonly architecture: string };
  }[];
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

/** Bytes of the layers of a manifest, each counted once. */
export function layerBytes(manifest: RawManifest): number {
  return [...new Map(manifest.layers.map(({ digest, size }) => [digest, size])).values()].reduce(
    (a, b) => a + b,
    0,
  );
}

/** Bytes of the layers when unpacked, found by copying the image with skopeo and unpacking them. */
export async function unpackedBytes(image: string, directory: string): Promise<number> {
  mkdirSync(directory, { recursive: true });
  await run('skopeo', ['copy', '--src-tls-verify=false', `docker://${image}`, `dir:${directory}`]);
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as RawManifest;
  return [...new Set(manifest.layers.map(({ digest }) => digest.replace(/^sha256:/, '')))].reduce(
    (sum, name) => sum + gunzipSync(readFileSync(join(directory, name))).length,
    0,
  );
}

/** Runs a program without blocking, as servers of the tests run in this process. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
