import { createHash } from 'node:crypto';
import * as z from 'zod';
import {
  buildDate,
  exposedPorts,
  type ImageConfig,
  type ImageManifest,
  manifestTypes,
  platformsOf,
  pullBytes,
  readImageConfig,
  readManifest,
  selectPlatform,
  uniqueLayers,
} from '../../images/oci.ts';
import { formatImageReference, formatRepository, type ImageReference } from '../../images/reference.ts';
import type { CredentialStore } from './credentials.ts';
import { errorCode, LookupError } from './lookup-error.ts';
import { createRegistryLogin, type Endpoint } from './registry-login.ts';
import { type Ask, createRegistryRequests, originsOf } from './registry-requests.ts';
import { createTransport, type HttpResponse } from './transport.ts';
import { createLimiter } from './work.ts';

export interface RegistryOptions {
  readonly credentials: CredentialStore;
  /** Registries that may be asked over plain HTTP or with any certificate, as `host` or `host:port`. */
  readonly insecureRegistries?: readonly string[];
  /** Addresses to ask before a registry itself, by its name: `{ 'docker.io': ['https://mirror.example.com'] }`. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
}

/** What a registry says about an image on one platform. */
export interface RegistryImage {
  /** Name of the registry or mirror that answered. */
  readonly registry: string;
  /** Digest that the tag stands for: of the index where there is one, so that it pins all platforms. */
  readonly digest: string;
  readonly platform: string;
  /** Compressed bytes of the layers, each counted once. */
  readonly pull: number;
  /** Bytes of the unpacked layers; undefined where the registry does not tell. */
  readonly disk?: number;
  readonly layers: number;
  /** ISO date on which it was built. */
  readonly created?: string;
  /** User that the image sets; empty where it sets none. */
  readonly user: string;
  readonly entrypoint?: readonly string[];
  readonly exposedPorts: readonly number[];
}

export interface RegistryClient {
  /** Looks an image up. Throws a {@link LookupError}. */
  lookUp(reference: ImageReference, platform: string, signal: AbortSignal): Promise<RegistryImage>;
  /** Tags of a repository, as the registry orders them; the first ten thousand. Throws a {@link LookupError}. */
  listTags(reference: ImageReference, signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The distribution project's own limit for manifests. */
const longestManifest = 4 * 1024 * 1024;
const longestConfig = 8 * 1024 * 1024;
const longestTagPage = 4 * 1024 * 1024;
const mostTagPages = 10;
const concurrency = 6;

/** A client for the distribution API of OCI registries: manifests, configurations and tags, never whole layers. */
export function createRegistryClient(options: RegistryOptions): RegistryClient {
  const transport = createTransport();
  const requests = createRegistryRequests(transport, createRegistryLogin(transport, options.credentials));
  const limit = createLimiter(concurrency);
  /** The address at which a registry was found to answer. */
  const answering = new Map<string, URL>();

  const get = (endpoint: Endpoint, ask: Ask, signal: AbortSignal): Promise<HttpResponse> =>
    limit(() => requests.get(endpoint, ask, signal), signal);

  /** Asks the mirrors of a registry and then itself, until one answers; the failure of the registry counts. */
  async function fromRegistry<T>(
    reference: ImageReference,
    question: (endpoint: Endpoint) => Promise<T>,
  ): Promise<T> {
    for (const mirror of options.mirrors?.[reference.registry] ?? []) {
      try {
        const origin = new URL(mirror);
        return await question({ registry: origin.host, origin, anyCertificate: false });
      } catch (error) {
        if (error instanceof LookupError && error.failure === 'cancelled') {
          throw error;
        }
      }
    }
    const { registry } = reference;
    const isInsecure = options.insecureRegistries?.includes(registry) === true;
    const known = answering.get(registry);
    const origins = known === undefined ? originsOf(registry, isInsecure) : [known];
    for (const origin of origins) {
      try {
        const answer = await question({ registry, origin, anyCertificate: isInsecure });
        answering.set(registry, origin);
        return answer;
      } catch (error) {
        if (origin === origins.at(-1) || !speaksNoTls(error)) {
          throw error;
        }
      }
    }
    throw new LookupError('unreachable', `Registry ${registry} cannot be reached.`);
  }

  async function lookUp(
    reference: ImageReference,
    platform: string,
    signal: AbortSignal,
  ): Promise<RegistryImage> {
    return fromRegistry(reference, async (endpoint) => {
      const { digest, image, found } = await resolve(endpoint, reference, platform, signal);
      const config = await getConfig(endpoint, reference, image, signal);
      const disk = await measureLayers(endpoint, reference, image, signal);
      const created = buildDate(config.created);
      return {
        registry: endpoint.registry,
        digest,
        platform: found ?? configPlatform(config, platform),
        pull: pullBytes(image),
        ...(disk === undefined ? {} : { disk }),
        layers: image.layers.length,
        ...(created === undefined ? {} : { created }),
        user: config.config?.User ?? '',
        ...(config.config?.Entrypoint ? { entrypoint: config.config.Entrypoint } : {}),
        exposedPorts: exposedPorts(config.config?.ExposedPorts),
      };
    });
  }

  async function resolve(
    endpoint: Endpoint,
    reference: ImageReference,
    platform: string,
    signal: AbortSignal,
  ): Promise<{ digest: string; image: ImageManifest; found?: string }> {
    const wanted = reference.digest ?? reference.tag ?? 'latest';
    const first = await getManifest(endpoint, reference, wanted, signal);
    if (first.manifest.kind === 'image') {
      return { digest: first.digest, image: first.manifest.image };
    }
    const { index } = first.manifest;
    const chosen = selectPlatform(index, platform);
    if (chosen === undefined) {
      const has = platformsOf(index).slice(0, 8).join(', ');
      throw new LookupError(
        'not-found',
        `${formatImageReference(reference)} has no image for ${platform}; it has ${has}.`,
      );
    }
    const second = await getManifest(endpoint, reference, chosen.digest, signal);
    if (second.manifest.kind !== 'image') {
      throw unreadable(endpoint, 'an index inside an index');
    }
    return { digest: first.digest, image: second.manifest.image, found: platform };
  }

  async function getManifest(
    endpoint: Endpoint,
    reference: ImageReference,
    wanted: string,
    signal: AbortSignal,
  ) {
    const response = await get(
      endpoint,
      {
        path: `${reference.repository}/manifests/${wanted}`,
        repository: reference.repository,
        subject: formatImageReference(reference),
        headers: { accept: manifestTypes.join(', ') },
        maxBytes: longestManifest,
      },
      signal,
    );
    const stated = response.header('docker-content-digest');
    const expected = wanted.includes(':') ? wanted : stated;
    const algorithm = (expected ?? 'sha256').split(':')[0] ?? 'sha256';
    const digest = digestOf(response.body, algorithm);
    if (expected !== undefined && expected !== digest) {
      throw unreadable(endpoint, 'a manifest that does not match its digest');
    }
    const manifest = readManifest(response.body.toString('utf8'));
    if (manifest === undefined) {
      throw unreadable(endpoint, 'a manifest that cannot be read');
    }
    if (manifest.kind === 'outdated') {
      throw unreadable(endpoint, 'a manifest in the format of before 2016, which states no sizes');
    }
    return { digest, manifest };
  }

  async function getConfig(
    endpoint: Endpoint,
    reference: ImageReference,
    image: ImageManifest,
    signal: AbortSignal,
  ): Promise<ImageConfig> {
    const { digest } = image.config;
    const response = await get(endpoint, { ...blob(reference, digest), maxBytes: longestConfig }, signal);
    if (digestOf(response.body, digest.split(':')[0] ?? '') !== digest) {
      throw unreadable(endpoint, 'a configuration that does not match its digest');
    }
    const config = readImageConfig(response.body.toString('utf8'));
    if (config === undefined) {
      throw unreadable(endpoint, 'a configuration that cannot be read');
    }
    return config;
  }

  /**
   * Bytes of the unpacked layers. A gzip stream ends in the length of what it holds, so its last four bytes are enough.
   * Undefined where a layer is compressed otherwise, or the registry sends no parts of files.
   */
  async function measureLayers(
    endpoint: Endpoint,
    reference: ImageReference,
    image: ImageManifest,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const sizes = await Promise.all(
      uniqueLayers(image).map(async ({ digest, size, mediaType }) => {
        if (mediaType.endsWith('.tar')) {
          return size;
        }
        // The length is stated modulo 4 GiB: what may be larger is not measured.
        if (!mediaType.endsWith('gzip') || size < 20 || size > 2 ** 30) {
          return undefined;
        }
        const ask = {
          ...blob(reference, digest),
          headers: { range: `bytes=${size - 4}-${size - 1}` },
          maxBytes: 4,
        };
        const response = await get(endpoint, ask, signal).catch((error: unknown) => {
          if (
            error instanceof LookupError &&
            (error.failure === 'cancelled' || error.failure === 'timeout')
          ) {
            throw error;
          }
          return undefined;
        });
        const length =
          response?.status === 206 && response.body.length === 4 ? response.body.readUInt32LE(0) : 0;
        // Streams of several parts (eStargz) end in the length of the last part, which is next to nothing.
        return length >= size ? length : undefined;
      }),
    );
    return sizes.reduce<number | undefined>(
      (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
      0,
    );
  }

  async function listTags(reference: ImageReference, signal: AbortSignal): Promise<readonly string[]> {
    return fromRegistry(reference, async (endpoint) => {
      const tags: string[] = [];
      let path: string | undefined = `${reference.repository}/tags/list?n=1000`;
      for (let page = 0; page < mostTagPages && path !== undefined; page++) {
        const response: HttpResponse = await get(
          endpoint,
          {
            path,
            repository: reference.repository,
            subject: formatRepository(reference),
            maxBytes: longestTagPage,
          },
          signal,
        );
        const list = tagsSchema.safeParse(parseJson(response.body)).data;
        if (list === undefined) {
          throw unreadable(endpoint, 'a list of tags that cannot be read');
        }
        tags.push(...(list.tags ?? []));
        path = nextPage(response.header('link'), endpoint, reference);
      }
      return tags;
    });
  }

  return { lookUp, listTags, close: () => transport.close() };
}

const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });

function blob(reference: ImageReference, digest: string): Pick<Ask, 'path' | 'repository' | 'subject'> {
  return {
    path: `${reference.repository}/blobs/${digest}`,
    repository: reference.repository,
    subject: formatImageReference(reference),
  };
}

/** The next page of a list, as the `Link` header says; only of the same list on the same host. */
function nextPage(
  link: string | undefined,
  endpoint: Endpoint,
  reference: ImageReference,
): string | undefined {
  const [, target] = /<([^<>]+)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  if (target === undefined || !URL.canParse(target, endpoint.origin.href)) {
    return undefined;
  }
  const url = new URL(target, endpoint.origin);
  const path = `/v2/${reference.repository}/tags/list`;
  return url.origin === endpoint.origin.origin && url.pathname === path
    ? `${path.slice(4)}${url.search}`
    : undefined;
}

function digestOf(body: Buffer, algorithm: string): string {
  const name = ['sha256', 'sha384', 'sha512'].includes(algorithm) ? algorithm : 'sha256';
  return `${name}:${createHash(name).update(body).digest('hex')}`;
}

function configPlatform(config: ImageConfig, asked: string): string {
  const { os, architecture, variant } = config;
  return architecture === ''
    ? asked
    : [os, architecture, variant].filter((part) => part !== undefined).join('/');
}

/** True where the other side answered, but not in TLS. */
function speaksNoTls(error: unknown): boolean {
  return (
    error instanceof LookupError &&
    (error.failure === 'unreachable' || error.failure === 'certificate') &&
    /^(ERR_SSL|EPROTO|ECONNRESET|UND_ERR_SOCKET)/.test(errorCode(error.cause))
  );
}

function unreadable({ registry }: Endpoint, what: string): LookupError {
  return new LookupError('unreadable', `Registry ${registry} sent ${what}.`);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
