import { formatImageReference, type ImageReference, parseImageReference } from '../images/reference.ts';
import { findStage } from '../model/copy.ts';
import { type Dockerfile, rootBase } from '../model/dockerfile.ts';
import type { Project } from '../project/project.ts';
import { findFlag } from '../syntax/tree.ts';
import { type Span, touches } from '../text/span.ts';

/** An image that the text names at some place. */
export interface NamedImage {
  readonly span: Span;
  readonly reference: ImageReference;
  readonly platform: string | undefined;
}

/** Where the text names an image, or may: the text need not be a name yet. */
export interface ImagePlace {
  readonly span: Span;
  readonly platform: string | undefined;
}

/**
 * The image behind a place in a FROM or in `COPY --from`. For a stage that starts from another stage it is the image at
 * the bottom. Undefined elsewhere, and where the name is not known.
 */
export function imageAt(dockerfile: Dockerfile, project: Project, offset: number): NamedImage | undefined {
  const stage = dockerfile.stages.find(({ imageSpan }) => touches(imageSpan, offset));
  const base = stage === undefined ? undefined : rootBase(stage);
  if (stage === undefined || base?.kind !== 'image') {
    return copiedImages(dockerfile, project).find(({ span }) => touches(span, offset));
  }
  return isNamedContext(base.reference, project)
    ? undefined
    : { span: stage.imageSpan, reference: base.reference, platform: stage.platform };
}

/** Every image that a Dockerfile names by itself, in FROM and in `COPY --from`. */
export function namedImages(dockerfile: Dockerfile, project: Project): NamedImage[] {
  return [...baseImages(dockerfile, project), ...copiedImages(dockerfile, project)];
}

/** The images that stages start from, each at its FROM. */
export function baseImages({ stages }: Dockerfile, project: Project): NamedImage[] {
  return stages.flatMap(({ base, imageSpan, platform }) =>
    base.kind === 'image' && !isNamedContext(base.reference, project)
      ? [{ span: imageSpan, reference: base.reference, platform }]
      : [],
  );
}

/** Every place where an image may stand, whatever stands there now. */
export function imagePlaces({ stages }: Dockerfile): ImagePlace[] {
  return stages.flatMap(({ imageSpan, platform, steps }) => [
    { span: imageSpan, platform },
    ...steps.flatMap(({ instruction }) => {
      const flag = instruction.keyword === 'COPY' ? findFlag(instruction, 'from') : undefined;
      return flag?.valueSpan === undefined ? [] : [{ span: flag.valueSpan, platform }];
    }),
  ]);
}

/** The images that COPY takes files from. */
function copiedImages(dockerfile: Dockerfile, project: Project): NamedImage[] {
  return dockerfile.stages.flatMap(({ steps, platform }) =>
    steps.flatMap(({ instruction }) => {
      const flag = instruction.keyword === 'COPY' ? findFlag(instruction, 'from') : undefined;
      const { value, valueSpan } = flag ?? {};
      if (value === undefined || valueSpan === undefined || findStage(value, dockerfile) !== undefined) {
        return [];
      }
      const reference = /^\d*$/.test(value) ? undefined : parseImageReference(value);
      return reference === undefined || isNamedContext(reference, project)
        ? []
        : [{ span: valueSpan, reference, platform }];
    }),
  );
}

/** A Compose or Bake file can give a folder, or another image, under the name of an image. */
function isNamedContext(reference: ImageReference, { additionalContexts = {} }: Project): boolean {
  return Object.hasOwn(additionalContexts, formatImageReference(reference));
}
