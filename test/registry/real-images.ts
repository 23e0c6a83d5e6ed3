import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

  buildah(...args: readonly string[]): string {
    return run('buildah', [...this.storeOptions, ...args]);
  }

  /** Builds a Dockerfile in a context that holds busybox and some files, one layer for each instruction. */
  build(name: string, dockerfile: string, ...options: readonly string[]): void {
    const context = join(this.directory, 'context');
    mkdirSync(context, { recursive: true });
    copyFileSync(run('sh', ['-c', 'command -v busybox']).trim(), join(context, 'busybox'));
    writeFileSync(join(context, 'notes.txt'), 'one line\n'.repeat(5000));
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    this.buildah('bud', '--isolation', 'chroot', '--layers', ...options, '-t', name, context);
  }

  push(name: string, target: string, ...options: readonly string[]): void {
    this.buildah('push', '--tls-verify=false', ...options, name, `docker://${target}`);
  }

  /** Size of an image as `buildah images` reports it, in bytes. */
  buildahSize(name: string): number {
    const [image] = JSON.parse(this.buildah('images', '--json', name)) as { id: string }[];
    const inspected = JSON.parse(
      run('buildah', [...this.storeOptions, 'inspect', '--type', 'image', image?.id ?? '']),
    ) as {
      Docker?: { size?: number };
    };
    return inspected.Docker?.size ?? -1;
  }
}

/** The manifest as the registry has it, byte for byte. */
export function rawManifest(image: string, ...options: readonly string[]): Buffer {
  return execFileSync('skopeo', ['inspect', '--raw', '--tls-verify=false', ...options, `docker://${image}`]);
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
export function unpackedBytes(image: string, directory: string, ...options: readonly string[]): number {
  mkdirSync(directory, { recursive: true });
  execFileSync(
    'skopeo',
    ['copy', '--src-tls-verify=false', ...options, `docker://${image}`, `dir:${directory}`],
    {
      stdio: 'ignore',
    },
  );
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as RawManifest;
  const names = new Set(readdirSync(directory));
  return [...new Set(manifest.layers.map(({ digest }) => digest.replace(/^sha256:/, '')))]
    .filter((name) => names.has(name))
    .reduce((sum, name) => sum + gunzipSync(readFileSync(join(directory, name))).length, 0);
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}
