import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Promise<string>;
}

/** A registry that does what a test tells it to, and keeps what it was asked. */
export interface FakeRegistry {
  readonly host: string;
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** Decides before anything else; leaves the request to the stored files when it does not answer. */
  intercept: Handler | undefined;
  /** Stores a file under a path below `/v2/`. */
  put(path: string, body: Buffer | string, headers?: Readonly<Record<string, string>>): void;
  /** Stores an image of two layers and gives what a client should find. */
  putImage(repository: string, tag: string, config?: object): StoredImage;
  close(): Promise<void>;
}

export interface StoredImage {
  readonly manifest: Buffer;
  readonly digest: string;
  readonly configDigest: string;
  readonly pull: number;
  readonly disk: number;
}

export function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

export interface FakeRegistryOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Address to listen at; that of this machine to itself by default. */
  readonly address?: string;
}

export async function startFakeRegistry({
  tls,
  address = '127.0.0.1',
}: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const files = new Map<
    string,
    { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> }
  >();
  const seen: SeenRequest[] = [];

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '/';
    const { method = 'GET' } = request;
    const body = (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) {
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString('utf8');
    })().catch(() => '');
    seen.push({ method, path, authorization: request.headers.authorization, body });
    registry.intercept?.(request, response);
    if (response.headersSent || response.destroyed || response.writableEnded || handled.has(response)) {
      return;
    }
    const file = files.get(path);
    if (file === undefined) {
      response.writeHead(404).end('{}');
      return;
    }
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) {
      response.writeHead(200, file.headers).end(file.body);
    } else {
      response.writeHead(206, file.headers).end(file.body.subarray(Number(from), Number(to) + 1));
    }
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const host = `${address}:${(server.address() as AddressInfo).port}`;

  const registry: FakeRegistry = {
    host,
    origin: `${tls === undefined ? 'http' : 'https'}://${host}`,
    seen,
    intercept: undefined,
    put(path, body, headers = {}) {
      files.set(`/v2/${path}`, { body: Buffer.from(body), headers });
    },
    putImage(repository, tag, extra = {}) {
      const layers = ['first', 'second'].map((name) => Buffer.from(`${repository} ${name} `.repeat(500)));
      const blobs = layers.map((layer) => gzipSync(layer));
      const config = Buffer.from(
        JSON.stringify({
          os: 'linux',
          architecture: 'amd64',
          created: '2026-10-01T00:00:00Z',
          config: {},
          ...extra,
        }),
      );
      const manifest = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: ociManifest,
          config: {
            mediaType: 'application/vnd.oci.image.config.v1+json',
            digest: digestOf(config),
            size: config.length,
          },
          layers: blobs.map((blob) => ({
            mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
            digest: digestOf(blob),
            size: blob.length,
          })),
        }),
      );
      for (const blob of [config, ...blobs]) {
        registry.put(`${repository}/blobs/${digestOf(blob)}`, blob);
      }
      const headers = { 'content-type': ociManifest, 'docker-content-digest': digestOf(manifest) };
      registry.put(`${repository}/manifests/${tag}`, manifest, headers);
      registry.put(`${repository}/manifests/${digestOf(manifest)}`, manifest, headers);
      return {
        manifest,
        digest: digestOf(manifest),
        configDigest: digestOf(config),
        pull: blobs.reduce((sum, blob) => sum + blob.length, 0),
        disk: layers.reduce((sum, layer) => sum + layer.length, 0),
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return registry;
}

const handled = new WeakSet<ServerResponse>();

/** Leaves a request without an answer. */
export function keepWaiting(response: ServerResponse): void {
  handled.add(response);
}
