import { imageSheet } from '../ide/image-sheet.ts';
import { type ImageReference, parseImageReference } from '../images/reference.ts';
import { exitCodes, UsageError } from './exit.ts';
import { styleOf } from './format/layout.ts';
import type { CliHost, Images } from './host.ts';
import type { SizedImage } from './results.ts';

/** Flags of the command, as the command line gives them. */
export interface SizesFlags {
  readonly format?: 'pretty' | 'json';
  readonly platform?: string;
}

export interface SizesOptions extends SizesFlags {
  /** Names of images. */
  readonly images: readonly string[];
  readonly offline: boolean;
}

/**
 * Prints what images weigh: of one image everything that is known, with its smaller variants; of several a table. Fails where
 * nothing is known of one of them.
 * @throws UsageError when a name is none.
 */
export async function sizes(host: CliHost, options: SizesOptions): Promise<number> {
  const references = options.images.map(readName);
  const images = await host.loadImages({ offline: options.offline });
  let isKnown = false;
  try {
    const sized = await Promise.all(references.map((one) => lookUp(images, one, options.platform)));
    isKnown = sized.every(isSized);
    if (options.format === 'json') {
      const { formatSizesJson } = await import('./format/sizes-json.ts');
      host.stdout.write(formatSizesJson(host.version, sized));
    } else {
      const { formatSizes } = await import('./format/sizes.ts');
      const today = host.today();
      const sheets = sized.map(({ facts, smaller }) => imageSheet(facts, smaller, { today }));
      host.stdout.write(formatSizes(sheets, styleOf(host.stdout, host.environment)));
    }
  } finally {
    await images.close();
  }
  return isKnown ? exitCodes.ok : exitCodes.failure;
}

/** True where something of an image is known; a pipeline that asks for one that nobody knows has to learn of it. */
function isSized({ facts: { disk, pull } }: SizedImage): boolean {
  return disk.kind === 'known' || pull.kind === 'known';
}

function readName(name: string): ImageReference {
  const reference = parseImageReference(name);
  if (reference === undefined) {
    throw new UsageError(`not the name of an image: ${name}`);
  }
  return reference;
}

/** Asks about an image, and then about the smaller ones, whose names its own facts give. */
async function lookUp(
  images: Images,
  reference: ImageReference,
  platform: string | undefined,
): Promise<SizedImage> {
  await images.learn(reference, platform);
  await Promise.all(
    images.smallerVariants(reference, platform).map((variant) => images.learn(variant.reference, platform)),
  );
  return {
    facts: images.peek(reference, platform),
    smaller: images.smallerVariants(reference, platform),
  };
}
