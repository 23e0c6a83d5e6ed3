import { imageFolder } from '../images/image-folder.ts';
import type { EndOfLife, ImageKnowledge, ImageTraits } from '../images/knowledge.ts';
import { rootBase, type Stage } from '../model/dockerfile.ts';
import type { SizeAnswer } from '../sizes/size.ts';
import { type Known, known, unknown } from './known.ts';

/** What a stage finds in the image that it goes back to. What is not known of one is left out. */
export interface Base {
  readonly name: string;
  /** User, shell, package manager, programs, C library, distribution, entry point, ports. */
  readonly traits: ImageTraits;
  /** The WORKDIR that the image sets. */
  readonly folder: string | undefined;
  readonly disk: SizeAnswer;
  readonly endOfLife: EndOfLife | undefined;
}

/** The base of a stage; unknown for images of no known family, and where a variable hides the name. */
export function baseOf(stage: Stage, images: ImageKnowledge): Known<Base> {
  const base = rootBase(stage);
  if (base.kind !== 'image') {
    return unknown(
      base.kind === 'scratch' ? 'the stage starts from nothing' : 'the name of the base image is not known',
    );
  }
  const { traits, disk, endOfLife } = images.peek(base.reference, stage.platform);
  const at = { kind: 'image', image: base.name, source: 'the catalogue of image families' } as const;
  return traits === undefined
    ? unknown(`what ${base.name} holds is not known`, { says: `${base.name} is of no known family`, at })
    : known(
        { name: base.name, traits, folder: imageFolder(base.reference), disk, endOfLife },
        { says: `${base.name} is of the family ${traits.family}`, at },
      );
}
