import type { ImageReference } from '../images/reference.ts';
import { type Dockerfile, rootBase } from '../model/dockerfile.ts';
import { type Span, touches } from '../text/span.ts';

/** An image that the text names at some place. */
export interface NamedImage {
  readonly span: Span;
  readonly reference: ImageReference;
  readonly platform: string | undefined;
}

/**
 * The image behind a place in a FROM. For a stage that starts from another stage it is the image at the bottom.
 * Undefined elsewhere, and where the name is not known.
 */
export function imageAt(dockerfile: Dockerfile, offset: number): NamedImage | undefined {
  const stage = dockerfile.stages.find(({ imageSpan }) => touches(imageSpan, offset));
  if (stage === undefined) {
    return undefined;
  }
  const base = rootBase(stage);
  return base.kind === 'image'
    ? { span: stage.imageSpan, reference: base.reference, platform: stage.platform }
    : undefined;
}
