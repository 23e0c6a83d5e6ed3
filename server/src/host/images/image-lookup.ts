import { catalogueFacts, smallerVariants } from '../../images/catalogue-knowledge.ts';
import type { ImageFacts, ImageKnowledge, ImageTraits } from '../../images/knowledge.ts';
import { normalizePlatform } from '../../images/platform.ts';
import { diskRatio } from '../../images/ratios.ts';
import { formatImageReference, formatRepository, type ImageReference } from '../../images/reference.ts';
import { type KnownSize, type SizeAnswer, unknownSize } from '../../sizes/size.ts';
import type { EngineClient, EngineImage } from './engine-client.ts';
import type { CachedImage, ImageCache } from './image-cache.ts';
import { isTimeout, LookupError, networkError } from './lookup-error.ts';
import type { RegistryClient } from './registry-client.ts';
import { createSharedWork } from './work.ts';

export interface ImageLookupOptions {
  /** `offline` asks nobody: what the catalogue and the cache hold is all there is. */
  readonly mode: 'offline' | 'online';
  readonly registry: RegistryClient;
  readonly engine?: EngineClient;
  readonly cache?: ImageCache;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What is known of images, and the way to learn more of them. */
export interface ImageLookup extends ImageKnowledge {
  /**
   * Asks the engine and the registry about an image, unless that was done lately. Gives the facts that are known
   * afterwards, with the reason of a failure among them; undefined when offline. Throws only when `signal` aborts.
   */
  learn(
    reference: ImageReference,
    platform: string | undefined,
    signal: AbortSignal,
  ): Promise<ImageFacts | undefined>;
  /** Calls back, at most every fifth of a second, when something was learned. */
  onDidLearn(listener: () => void): void;
  /** Tags that the registry has; none when offline or on failure. */
  listTags(reference: ImageReference, signal: AbortSignal): Promise<readonly string[]>;
  /** Resolves when what earlier runs learned is known. */
  ready(): Promise<void>;
  /** Writes the cache and closes connections. */
  close(): Promise<void>;
}

/** What was found out about an image on one platform. */
interface Learned {
  readonly registry?: CachedImage;
  /** Without an image where the engine does not hold it. */
  readonly engine?: { readonly learned: number; readonly image?: EngineImage };
  readonly failure?: { readonly message: string; readonly until: number };
}

const deadline = 15_000;
/** A tag may be moved at any time, and mostly is once a week. A digest stays what it is. */
const freshFor = 24 * 60 * 60 * 1000;
/** Images are built, pulled and removed here at any time. */
const engineFreshFor = 60 * 1000;
/** A registry that failed is left alone for a while. */
const failureFreshFor = 60 * 1000;
const coalesceFor = 200;
const tagsFreshFor = 60 * 60 * 1000;

/** Knowledge in layers: the engine and the registry know best, then what they said before, then the catalogue. */
export function createImageLookup(options: ImageLookupOptions): ImageLookup {
  const { registry, engine, cache, now = Date.now } = options;
  const learned = new Map<string, Learned>();
  const unsaved = new Map<string, CachedImage>();
  const running = new Set<string>();
  const listeners: (() => void)[] = [];
  const share = createSharedWork<void>(deadline);
  const shareTags = createSharedWork<readonly string[]>(deadline);
  const tags = new Map<string, { readonly learned: number; readonly tags: readonly string[] }>();
  let timer: NodeJS.Timeout | undefined;
  const loaded = load();

  async function load(): Promise<void> {
    for (const [key, entry] of (await cache?.read()) ?? []) {
      learned.set(key, { registry: entry, ...learned.get(key) });
    }
  }

  function peek(reference: ImageReference, platform?: string): ImageFacts {
    const facts = catalogueFacts(reference, platform);
    const key = keyOf(reference, facts.platform);
    return merge(facts, learned.get(key) ?? {}, running.has(key));
  }

  async function learn(
    reference: ImageReference,
    platform: string | undefined,
    signal: AbortSignal,
  ): Promise<ImageFacts | undefined> {
    if (options.mode === 'offline') {
      return undefined;
    }
    await loaded;
    const normal = normalizePlatform(platform);
    const key = keyOf(reference, normal);
    const known = learned.get(key) ?? {};
    if (!isScratch(reference) && (needsRegistry(reference, known) || needsEngine(known))) {
      try {
        await share(key, (shared) => ask(key, reference, normal, shared), signal);
      } catch (error) {
        signal.throwIfAborted();
        noteSilence(key, reference, error);
      }
    }
    return peek(reference, platform);
  }

  /** The deadline has passed while somebody was asked who may never answer. @throws what is no deadline */
  function noteSilence(key: string, { registry: host }: ImageReference, error: unknown): void {
    if (!isTimeout(error)) {
      throw error;
    }
    const { message } = networkError(`registry ${host}`, error, AbortSignal.abort(error));
    learned.set(key, { ...learned.get(key), failure: { message, until: now() + failureFreshFor } });
    running.delete(key);
  }

  function needsRegistry(reference: ImageReference, { registry: known, failure }: Learned): boolean {
    const isFresh =
      known !== undefined && (reference.digest !== undefined || now() - known.learned < freshFor);
    return !isFresh && (failure?.until ?? 0) <= now();
  }

  function needsEngine({ engine: known }: Learned): boolean {
    return engine !== undefined && now() - (known?.learned ?? 0) >= engineFreshFor;
  }

  async function ask(
    key: string,
    reference: ImageReference,
    platform: string,
    signal: AbortSignal,
  ): Promise<void> {
    const before = learned.get(key) ?? {};
    running.add(key);
    try {
      const [fromEngine, fromRegistry] = await Promise.all([
        needsEngine(before) ? askEngine(reference, platform, signal) : before.engine,
        needsRegistry(reference, before) ? askRegistry(reference, platform, signal) : before,
      ]);
      const known = fromRegistry.registry ?? before.registry;
      learned.set(key, {
        ...(fromEngine === undefined ? {} : { engine: fromEngine }),
        ...(known === undefined ? {} : { registry: known }),
        ...(fromRegistry.failure === undefined ? {} : { failure: fromRegistry.failure }),
      });
      if (known !== undefined && known !== before.registry) {
        unsaved.set(key, known);
      }
    } finally {
      running.delete(key);
    }
    // Whoever listens asks again, so that hearing of nothing new would never end.
    if (!isSame(before, learned.get(key) ?? {})) {
      announce();
    }
  }

  async function askEngine(
    reference: ImageReference,
    platform: string,
    signal: AbortSignal,
  ): Promise<Learned['engine']> {
    const image = await engine?.lookUp(reference, platform, signal);
    return { learned: now(), ...(image === undefined ? {} : { image }) };
  }

  async function askRegistry(
    reference: ImageReference,
    platform: string,
    signal: AbortSignal,
  ): Promise<Pick<Learned, 'registry' | 'failure'>> {
    try {
      const image = await registry.lookUp(reference, platform, signal);
      return { registry: { learned: now(), image } };
    } catch (error) {
      if (!(error instanceof LookupError) && !signal.aborted) {
        throw error;
      }
      const failed = networkError(`registry ${reference.registry}`, error, signal);
      if (failed.failure === 'cancelled') {
        throw failed;
      }
      const until = now() + Math.max(failureFreshFor, failed.retryAfter ?? 0);
      return { failure: { message: failed.message, until } };
    }
  }

  function announce(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const listener of listeners) {
        listener();
      }
      void save();
    }, coalesceFor).unref();
  }

  async function save(): Promise<void> {
    const entries = new Map(unsaved);
    unsaved.clear();
    if (entries.size > 0) {
      await cache?.add(entries);
    }
  }

  async function listTags(reference: ImageReference, signal: AbortSignal): Promise<readonly string[]> {
    if (options.mode === 'offline') {
      return [];
    }
    const key = formatRepository(reference);
    const known = tags.get(key);
    if (known !== undefined && now() - known.learned < tagsFreshFor) {
      return known.tags;
    }
    try {
      const list = await shareTags(key, (shared) => registry.listTags(reference, shared), signal);
      tags.set(key, { learned: now(), tags: list });
      return list;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof LookupError || isTimeout(error)) {
        tags.set(key, { learned: now() - tagsFreshFor + failureFreshFor, tags: [] });
        return [];
      }
      throw error;
    }
  }

  return {
    peek,
    smallerVariants: (reference, platform) => smallerVariants(reference, platform, peek),
    learn,
    onDidLearn(listener) {
      listeners.push(listener);
    },
    listTags,
    ready: () => loaded,
    async close() {
      clearTimeout(timer);
      await save();
      await Promise.all([registry.close(), engine?.close()]);
    },
  };
}

/** True where two states say the same of an image, whenever they were learned. */
function isSame(before: Learned, after: Learned): boolean {
  const said = ({ registry, engine, failure }: Learned): string =>
    JSON.stringify([registry?.image, engine?.image, failure?.message]);
  return said(before) === said(after);
}

function keyOf(reference: ImageReference, platform: string): string {
  const tag = reference.tag === undefined && reference.digest === undefined ? 'latest' : reference.tag;
  return `${formatImageReference({ ...reference, ...(tag === undefined ? {} : { tag }) })} ${platform}`;
}

function isScratch(reference: ImageReference): boolean {
  return reference.registry === 'docker.io' && reference.repository === 'library/scratch';
}

/** Puts what was learned over what the catalogue says. */
function merge(facts: ImageFacts, { registry, engine, failure }: Learned, isRunning: boolean): ImageFacts {
  const config = engine?.image ?? registry?.image;
  const traits = config === undefined ? facts.traits : withConfig(facts, config);
  const created = registry?.image.created ?? engine?.image?.created;
  const layers = registry?.image.layers ?? engine?.image?.layers;
  const problem = failure?.message;
  return {
    ...facts,
    ...(traits === undefined ? {} : { traits }),
    pull: registry === undefined ? fallback(facts.pull, problem, isRunning) : pullSize(registry),
    disk: diskSize(facts, { ...(registry && { registry }), ...(engine && { engine }) }, problem, isRunning),
    ...(layers === undefined ? {} : { layers }),
    ...(created === undefined ? {} : { created }),
    ...(registry === undefined ? {} : { digest: registry.image.digest }),
    ...(problem === undefined ? {} : { lookupProblem: problem }),
  };
}

function fallback(size: SizeAnswer, problem: string | undefined, isRunning: boolean): SizeAnswer {
  if (size.kind === 'known') {
    return size;
  }
  return isRunning ? { kind: 'pending' } : problem === undefined ? size : unknownSize(problem);
}

function pullSize({ learned, image }: CachedImage): KnownSize {
  return {
    kind: 'known',
    low: image.pull,
    high: image.pull,
    atLeast: false,
    measure: 'pull',
    basis: 'measured',
    source: `registry ${image.registry}`,
    date: isoDate(learned),
    platform: image.platform,
  };
}

function diskSize(
  facts: ImageFacts,
  { registry, engine }: Pick<Learned, 'registry' | 'engine'>,
  problem: string | undefined,
  isRunning: boolean,
): SizeAnswer {
  const known = { kind: 'known', atLeast: false, measure: 'disk', platform: facts.platform } as const;
  if (engine?.image !== undefined) {
    const { disk } = engine.image;
    return {
      ...known,
      low: disk,
      high: disk,
      basis: 'measured',
      source: 'the engine of this machine',
      date: isoDate(engine.learned),
    };
  }
  if (registry === undefined) {
    return fallback(facts.disk, problem, isRunning);
  }
  const { image, learned } = registry;
  const common = { ...known, platform: image.platform, date: isoDate(learned) };
  if (image.disk !== undefined) {
    return {
      ...common,
      low: image.disk,
      high: image.disk,
      basis: 'measured',
      source: `layers at registry ${image.registry}`,
    };
  }
  if (facts.disk.kind === 'known' && facts.disk.basis === 'catalogue') {
    return facts.disk;
  }
  const { ratio, kind } = diskRatio(facts.traits);
  const bytes = Math.round(image.pull * ratio);
  const source = `${ratio} times the pull, as for ${kind}; pull from registry ${image.registry}`;
  return { ...common, low: bytes, high: bytes, basis: 'estimated', source };
}

/** The configuration of an image decides over what its name suggests. */
function withConfig(
  facts: ImageFacts,
  config: Pick<EngineImage, 'user' | 'entrypoint' | 'exposedPorts'>,
): ImageTraits {
  const {
    entrypoint: _entrypoint,
    exposedPorts: _ports,
    ...traits
  } = facts.traits ?? {
    family: formatRepository(facts.reference),
  };
  return {
    ...traits,
    defaultUser: config.user === '' ? 'root' : config.user,
    ...(config.entrypoint === undefined ? {} : { entrypoint: config.entrypoint }),
    ...(config.exposedPorts.length === 0 ? {} : { exposedPorts: config.exposedPorts }),
  };
}

function isoDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
