import { modelOf } from '../engine/analyze.ts';
import { namedImages } from '../ide/named-images.ts';
import type { ServerHost } from './host.ts';
import type { Log } from './log.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

export interface ImageLearningOptions {
  readonly host: ServerHost;
  readonly snapshots: Snapshots;
  readonly log: Log;
  /** False where nobody outside of this machine may be asked. */
  readonly asksOthers: (snapshot: Snapshot) => boolean;
}

/** Learns of the images that open documents name, behind the editor's back. */
export interface ImageLearning {
  /** A document was opened or changed. */
  didChange(uri: string): void;
  didClose(uri: string): void;
}

/** Pause in typing before registries are asked: half a name is the name of another image, and maybe of another host. */
const pause = 1000;

export function createImageLearning({
  host,
  snapshots,
  log,
  asksOthers,
}: ImageLearningOptions): ImageLearning {
  const { learn } = host.images;
  if (learn === undefined) {
    return { didChange: () => {}, didClose: () => {} };
  }
  const waiting = new Map<string, () => void>();
  const asking = new Map<string, AbortController>();

  const stop = (uri: string): void => {
    waiting.get(uri)?.();
    waiting.delete(uri);
  };
  const ask = async (uri: string): Promise<void> => {
    const snapshot = await snapshots.of(uri);
    if (snapshot === undefined || !asksOthers(snapshot)) {
      return;
    }
    asking.get(uri)?.abort();
    const abort = new AbortController();
    asking.set(uri, abort);
    const images = namedImages(modelOf(snapshot.input), snapshot.input.project);
    try {
      await Promise.all(images.map(({ reference, platform }) => learn(reference, platform, abort.signal)));
    } catch (error) {
      if (!abort.signal.aborted) {
        throw error;
      }
    }
  };
  return {
    didChange(uri) {
      stop(uri);
      waiting.set(
        uri,
        host.startTimer(pause, () => {
          waiting.delete(uri);
          ask(uri).catch((error) => log.failure('Asking about images', error));
        }),
      );
    },
    didClose(uri) {
      stop(uri);
      asking.get(uri)?.abort();
      asking.delete(uri);
    },
  };
}
