import type { Fix } from '../fixes/fix.ts';
import { formatImageReference, parseImageReference } from '../images/reference.ts';
import { lineage } from '../model/dockerfile.ts';
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
    needs: ['images'],
    docs: {
      what: 'The tag belongs to a release whose support has ended, or to an image that nobody rebuilds any more (`openjdk`, `centos`).',
      why: 'It gets no security fixes. Rebuilding the image brings in nothing new.',
      silent:
        'The release is not known: another registry, a variable in the tag, a family without a table. A release whose support is about to end is named in the hover only.',
      fix: 'Names the next supported tag of the same variant. A new major version may break the program: applied only by hand.',
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
      const { replacement } = end;
      const written = dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
      const name = replacement === undefined ? undefined : withTag(reference, replacement);
      const isExact = reference.digest !== undefined || !plainTag.test(reference.tag ?? '');
      const next = name === undefined ? undefined : parseImageReference(name);
      const isOldAsWell =
        next !== undefined && (images.peek(next, stage.platform).endOfLife?.date ?? today) < today;
      const fixes: Fix[] =
        name === undefined || written.includes('$') || isExact || isOldAsWell
          ? []
          : [
              {
                title: `Use ${name}`,
                applicability: 'manual',
                edits: [{ span: stage.imageSpan, text: name }],
                assumptions: ['The program runs on the newer release.'],
              },
            ];
      yield {
        message: `Support for ${end.what} ended on ${end.date}: no more security fixes.`,
        span: stage.imageSpan,
        fixes,
        ...(shipped.includes(stage) ? {} : { severity: 'information' }),
      };
    }
  },
};

/** A tag that is rebuilt as long as its release lives: a version of at most two numbers and words, no patch level, no date. */
const plainTag = /^(?:\d+(?:\.\d+)?|[a-z]+)(?:-[a-z]+[\d.]*)*$/;

/** The image with another tag; a replacement with a colon or slash is an image of its own. */
function withTag(reference: Parameters<typeof formatImageReference>[0], replacement: string): string {
  if (/[:/]/.test(replacement)) {
    return replacement;
  }
  return formatImageReference({
    registry: reference.registry,
    repository: reference.repository,
    tag: replacement,
  });
}
