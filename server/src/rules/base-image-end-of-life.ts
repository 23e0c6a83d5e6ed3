import { packagesGone } from '../distros/archived-packages.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { programFolderOf } from '../facts/installs/install-order.ts';
import { jreAlone } from '../facts/needs/jre-alone.ts';
import { baseTraits } from '../facts/stage.ts';
import { allowsVersion, wantedVersion } from '../facts/versions/wanted-version.ts';
import type { Fix } from '../fixes/fix.ts';
import { traitsOf } from '../images/families/index.ts';
import type { EndOfLife, ImageFacts } from '../images/knowledge.ts';
import {
  formatAsWritten,
  formatImageReference,
  type ImageReference,
  parseImageReference,
} from '../images/reference.ts';
import { lineage, type Stage } from '../model/dockerfile.ts';
import type { Rule } from './rule.ts';

export const baseImageEndOfLife: Rule = {
  meta: {
    id: 'base-image-end-of-life',
    aliases: [],
    summary: 'The base image’s release is past its end of life.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'No supported tag of this image and variant is known.',
    needs: ['images'],
    docs: {
      what: 'The tag belongs to a release whose support has ended, or to an image that nobody rebuilds any more (`openjdk`, `centos`).',
      why: 'It gets no security fixes. Rebuilding the image brings in nothing new. Where the packages of the release have left the servers, an install stops the build, which is said as well.',
      silent:
        'The release is not known: another registry, a variable in the tag, a family without a table. Pinned by digest, an image is reported without a fix. A release whose support is about to end is named in the hover only.',
      fix: 'Names the next supported tag of the same variant, without the patch level and the release of the distribution; for an image that nobody rebuilds any more, the one that took over. A new major version may break the program: applied only by hand. A stage on `openjdk` that only starts an archive goes to the JRE of the image that took over, for review.',
      bad: { dockerfile: 'FROM node:18-slim\nCMD ["node", "server.js"]\n' },
      good: { dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n' },
      switchOff: 'Where a vendor sells longer support for the release.',
      references: ['https://endoflife.date/'],
    },
  },

  *check(context) {
    const { dockerfile, images, today } = context;
    const shipped = dockerfile.final === undefined ? [] : lineage(dockerfile.final);
    for (const stage of dockerfile.stages) {
      if (stage.base.kind !== 'image') {
        continue;
      }
      const { reference } = stage.base;
      const end = images.peek(reference, stage.platform).endOfLife;
      if (end === undefined || end.date >= today) {
        continue;
      }
      const written = dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
      const successor = successorOf(reference, end);
      const next = successor === undefined ? undefined : parseImageReference(successor);
      const name = next === undefined ? successor : formatAsWritten(next, written);
      const isOldAsWell =
        next !== undefined && (images.peek(next, stage.platform).endOfLife?.date ?? today) < today;
      const jre =
        end.successor?.startsWith('eclipse-temurin') === true && shipped.includes(stage)
          ? jreAlone(context, stage, images.peek(reference, stage.platform).traits)
          : undefined;
      const byHand: Fix[] =
        name === undefined || written.includes('$') || isOldAsWell
          ? []
          : [
              {
                title: `Use ${name}`,
                applicability: 'manual',
                edits: [{ span: stage.imageSpan, text: name }],
                assumptions: [
                  end.successor === undefined
                    ? 'The program runs on the newer release.'
                    : 'The program, and what is installed for it, runs on the image that took over.',
                  ...askedFor(context, stage, next),
                  ...(isExact(reference) && end.successor === undefined
                    ? ['The tag may move with the patch level: it names none any more.']
                    : []),
                ],
              },
            ];
      // The images of `debian/eol` ask the archive by themselves.
      const asksArchive = reference.repository === 'debian/eol';
      const gone = asksArchive ? undefined : packagesGone(stage, baseTraits(stage, images)?.distribution);
      yield {
        message: `Support for ${end.what} ended on ${end.date}: no more security fixes.${gone === undefined ? '' : ` ${gone}`}`,
        span: stage.imageSpan,
        fixes:
          jre === undefined || written.includes('$') || reference.digest !== undefined
            ? byHand
            : [useJre(stage, jre, written)],
        ...(shipped.includes(stage) || gone !== undefined ? {} : { severity: 'information' }),
      };
    }
  },
};

/** The image that took over, without the compiler, for a stage that only starts an archive. */
function useJre(stage: Stage, { reference }: ImageFacts, written: string): Fix {
  const name = formatAsWritten(reference, written);
  return {
    title: `Use ${name}`,
    applicability: 'review',
    edits: [{ span: stage.imageSpan, text: name }],
    assumptions: [
      'The stage only starts an archive: the program needs no compiler while it runs, only a JRE of the same release.',
      'No file of the program is made for the system of the old image.',
    ],
  };
}

/** The file of the project that asks for another version than the image of the fix has. */
function askedFor(context: AnalysisContext, stage: Stage, next: ImageReference | undefined): string[] {
  const traits = next === undefined ? undefined : traitsOf(next);
  const wanted = wantedVersion(
    traits?.family ?? '',
    context.project,
    [programFolderOf(context.dockerfile, stage), ''].filter((one) => one !== undefined),
  );
  return wanted.state === 'known' &&
    traits?.version !== undefined &&
    !allowsVersion(wanted.value, traits.version)
    ? [`${wanted.value.file} asks for ${wanted.value.text}, and is changed as well.`]
    : [];
}

/** A tag that is rebuilt as long as its release lives: a version of at most two numbers and words, no patch level, no date. */
const plainTag = /^(?:\d+(?:\.\d+)?|[a-z]+)(?:-[a-z]+[\d.]*)*$/;

function isExact(reference: ImageReference): boolean {
  return !plainTag.test(reference.tag ?? '');
}

/** The supported image that takes the place of one; undefined where none is known to exist, and for one that is pinned by digest. */
function successorOf(reference: ImageReference, { successor, replacement }: EndOfLife): string | undefined {
  if (successor !== undefined || replacement === undefined) {
    return successor;
  }
  const { registry, repository, digest } = reference;
  return digest === undefined && plainTag.test(replacement)
    ? formatImageReference({ registry, repository, tag: replacement })
    : undefined;
}
