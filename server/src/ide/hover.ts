import { type ImageReference, parseImageReference } from '../images/reference.ts';
import { findStage } from '../model/copy.ts';
import { type Dockerfile, rootBase } from '../model/dockerfile.ts';
import { findFlag } from '../syntax/tree.ts';
import { type Span, touches } from '../text/span.ts';

/** An image that the text names at some place. */
export interface NamedImage {
  readonly span: Span;
  readonly reference: ImageReference;
  readonly platform: string | undefined;
}

/**
 * The image behind a place in a FROM or in `COPY --from`. For a stage that starts from another stage it is the image at
 * the bottom. Undefined elsewhere, and where the name is not known.
 */
export function imageAt(dockerfile: Dockerfile, offset: number): NamedImage | undefined {
  const stage = dockerfile.stages.find(({ imageSpan }) => touches(imageSpan, offset));
  const base = stage === undefined ? undefined : rootBase(stage);
  return stage !== undefined && base?.kind === 'image'
    ? { span: stage.imageSpan, reference: base.reference, platform: stage.platform }
    : copiedImages(dockerfile).find(({ span }) => touches(span, offset));
}

/** Every image that a Dockerfile names by itself, in FROM and in `COPY --from`. */
export function namedImages(dockerfile: Dockerfile): NamedImage[] {
  const bases = dockerfile.stages.flatMap(({ base, imageSpan, platform }) =>
    base.kind === 'image' ? [{ span: imageSpan, reference: base.reference, platform }] : [],
  );
  return [...bases, ...copiedImages(dockerfile)];
}

/** The images that COPY takes files from. A name that stands for a folder of the build may be among them. */
function copiedImages(dockerfile: Dockerfile): NamedImage[] {
  return dockerfile.stages.flatMap(({ steps, platform }) =>
    steps.flatMap(({ instruction }) => {
      const flag = instruction.keyword === 'COPY' ? findFlag(instruction, 'from') : undefined;
      const { value, valueSpan } = flag ?? {};
      if (value === undefined || valueSpan === undefined || findStage(value, dockerfile) !== undefined) {
        return [];
      }
      const reference = /^\d*$/.test(value) ? undefined : parseImageReference(value);
      return reference === undefined ? [] : [{ span: valueSpan, reference, platform }];
    }),
  );
}
