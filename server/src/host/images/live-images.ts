import { createCatalogueKnowledge } from '../../images/catalogue-knowledge.ts';
import type { ImageSource } from '../../lsp/host.ts';
import type { ImageLookup } from './image-lookup.ts';

/** Knowledge of images that grows while the server runs. */
export interface LiveImages extends Required<ImageSource> {
  /** Starts to read what earlier runs learned, and calls back the listeners when it is there. Asks nobody. */
  recall(): void;
}

/**
 * The catalogue alone, until `load` has brought the rest. What asks registries is most of what the server weighs: it is
 * loaded with the first question, and no start waits for it.
 */
export function createLiveImages(load: () => Promise<ImageLookup>): LiveImages {
  const catalogue = createCatalogueKnowledge();
  const listeners: (() => void)[] = [];
  const tell = (): void => {
    for (const listener of listeners) {
      listener();
    }
  };
  let lookup: ImageLookup | undefined;
  let loading: Promise<ImageLookup> | undefined;

  function start(): Promise<ImageLookup> {
    loading ??= load().then(async (loaded) => {
      await loaded.ready();
      loaded.onDidLearn(tell);
      lookup = loaded;
      tell();
      return loaded;
    });
    return loading;
  }

  return {
    peek: (reference, platform) => (lookup ?? catalogue).peek(reference, platform),
    smallerVariants: (reference, platform) => (lookup ?? catalogue).smallerVariants(reference, platform),
    learn: async (reference, platform, signal) => (await start()).learn(reference, platform, signal),
    listTags: async (reference, signal) => (await start()).listTags(reference, signal),
    onDidLearn: (listener) => {
      listeners.push(listener);
    },
    recall() {
      // What was learned before is a help and nothing else: without it, the catalogue answers.
      start().catch(() => {});
    },
  };
}
