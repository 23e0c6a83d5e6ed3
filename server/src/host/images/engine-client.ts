import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import * as z from 'zod';
import { buildDate, exposedPorts } from '../../images/oci.ts';
import { formatRepository, type ImageReference } from '../../images/reference.ts';
import { unlessAborted } from './work.ts';

/** What the engine of this machine says about an image that it holds. */
export interface EngineImage {
  /** Bytes of the unpacked layers. */
  readonly disk: number;
  readonly layers: number;
  readonly created?: string;
  readonly user: string;
  readonly entrypoint?: readonly string[];
  readonly exposedPorts: readonly number[];
}

export interface EngineClient {
  /** The image, where it is present for the platform; undefined where it is not, or no engine runs. Never throws. */
  lookUp(reference: ImageReference, platform: string, signal: AbortSignal): Promise<EngineImage | undefined>;
  close(): Promise<void>;
}

const imageSchema = z.object({
  Os: z.string(),
  Architecture: z.string(),
  Variant: z.string().optional(),
  Created: z.string().optional().catch(undefined),
  Config: z
    .object({
      User: z.string().max(256).catch(''),
      Entrypoint: z.array(z.string().max(1024)).max(32).nullish().catch(undefined),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish().catch(undefined),
    })
    .nullish(),
  RootFS: z.object({ Layers: z.array(z.string()).nullish() }).nullish(),
});

const historySchema = z.array(z.object({ Size: z.int().nonnegative() })).max(1000);

const longestAnswer = 4 * 1024 * 1024;

/**
 * A client for the engine API that Docker and Podman share, over their local socket. The HTTP library does it by itself:
 * two GET requests are all there is, while the libraries for the whole API bring gRPC and code for builds along.
 */
export function createEngineClient(sockets: readonly string[]): EngineClient {
  const agents = new Map<string, Agent>();

  async function get(socketPath: string, path: string, signal: AbortSignal): Promise<unknown> {
    const agent = agents.get(socketPath) ?? new Agent({ connect: { socketPath, timeout: 1_000 } });
    agents.set(socketPath, agent);
    const answer = request(`http://localhost${path}`, { dispatcher: agent, signal });
    const { statusCode, body } = await unlessAborted(answer, signal);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > longestAnswer) {
        return undefined;
      }
      chunks.push(chunk);
    }
    return statusCode === 200 ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : undefined;
  }

  async function ask(
    socket: string,
    reference: ImageReference,
    platform: string,
    signal: AbortSignal,
  ): Promise<EngineImage | undefined> {
    const path = `/images/${engineName(reference)}`;
    const image = imageSchema.safeParse(await get(socket, `${path}/json`, signal)).data;
    if (image === undefined || !isFor(image, platform)) {
      return undefined;
    }
    // The size that engines state for an image differs: Podman counts its own notes, containerd the compressed copies
    // as well. The sizes of single layers mean the same everywhere.
    const history = historySchema.safeParse(await get(socket, `${path}/history`, signal)).data;
    if (history === undefined) {
      return undefined;
    }
    const created = buildDate(image.Created);
    return {
      disk: history.reduce((sum, { Size }) => sum + Size, 0),
      layers: image.RootFS?.Layers?.length ?? history.filter(({ Size }) => Size > 0).length,
      ...(created === undefined ? {} : { created }),
      user: image.Config?.User ?? '',
      ...(image.Config?.Entrypoint ? { entrypoint: image.Config.Entrypoint } : {}),
      exposedPorts: exposedPorts(image.Config?.ExposedPorts),
    };
  }

  return {
    async lookUp(reference, platform, signal) {
      for (const socket of sockets) {
        try {
          const image = await ask(socket, reference, platform, signal);
          if (image !== undefined) {
            return image;
          }
        } catch {
          // No engine, no permission, or no JSON: the next one is asked.
        }
      }
      return undefined;
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/**
 * Sockets of the engines that may run here. `DOCKER_HOST` decides where it is set; an engine on another machine is not
 * asked, as what it holds says nothing about this one.
 */
export function engineSockets(environment: NodeJS.ProcessEnv, system: NodeJS.Platform): readonly string[] {
  const stated = environment['DOCKER_HOST'];
  if (stated) {
    const [, path] = /^(?:unix|npipe):\/\/(.+)$/.exec(stated) ?? [];
    return path === undefined ? [] : [path];
  }
  if (system === 'win32') {
    return ['//./pipe/docker_engine', '//./pipe/podman-machine-default'];
  }
  const runtime = environment['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    join(homedir(), '.docker/run/docker.sock'),
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ].filter((socket) => existsSync(socket));
}

/** The full name, as Podman knows no short ones; the tag gives way to the digest, as both together are refused. */
function engineName(reference: ImageReference): string {
  const name =
    reference.registry === 'docker.io' ? `docker.io/${reference.repository}` : formatRepository(reference);
  return reference.digest === undefined
    ? `${name}:${reference.tag ?? 'latest'}`
    : `${name}@${reference.digest}`;
}

function isFor(image: z.infer<typeof imageSchema>, platform: string): boolean {
  const [os, architecture, variant] = platform.split('/');
  return (
    image.Os === os &&
    image.Architecture === architecture &&
    (variant === undefined || !image.Variant || image.Variant === variant)
  );
}
