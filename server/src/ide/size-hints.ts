import type { ImageFacts, ImageKnowledge } from '../images/knowledge.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { Project } from '../project/project.ts';
import { formatSize, type KnownSize } from '../sizes/size.ts';
import { overlaps, type Span } from '../text/span.ts';
import { baseImages } from './named-images.ts';

/** A size that stands behind an image, or at the end of the line of an instruction. */
export interface SizeHint {
  readonly offset: number;
  readonly label: string;
  /** What the figure is, and where it comes from. Plain text where it holds words of the Dockerfile. */
  readonly tooltip: { readonly kind: 'markdown' | 'plaintext'; readonly value: string };
}

/** The size of each image in a FROM inside of `place`: on disk, or of the pull where only that is known. */
export function sizeHints(
  dockerfile: Dockerfile,
  project: Project,
  images: ImageKnowledge,
  place: Span,
): SizeHint[] {
  return baseImages(dockerfile, project)
    .filter(({ span }) => overlaps(span, place))
    .flatMap(({ span, reference, platform }) => {
      const facts = images.peek(reference, platform);
      const size = knownSize(facts);
      return size === undefined
        ? []
        : [
            {
              offset: span.end,
              label: `${formatSize(size)}${size.measure === 'pull' ? ' to pull' : ''}`,
              tooltip: { kind: 'markdown', value: explain(size, facts.platform) },
            },
          ];
    });
}

function knownSize({ disk, pull }: ImageFacts): KnownSize | undefined {
  return disk.kind === 'known' ? disk : pull.kind === 'known' ? pull : undefined;
}

function explain(size: KnownSize, platform: string): string {
  const what = size.measure === 'disk' ? 'On disk, unpacked' : 'To pull, compressed';
  const basis = size.basis === 'estimated' ? ' Estimated.' : '';
  return `${what}, for ${platform}.${basis}\n\n${size.date}: ${size.source}`;
}
