import { isDevContainer } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { namesVariantOnly, resolvedVersion } from '../images/families/index.ts';
import { formatImageReference, type ImageReference } from '../images/reference.ts';
import type { SizeAnswer } from '../sizes/size.ts';
import type { Span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const baseImageNotPinned: Rule = {
  meta: {
    id: 'base-image-not-pinned',
    aliases: ['DL3006', 'DL3007'],
    summary: 'The base image has no version.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    needs: [],
    docs: {
      what: 'A `FROM` names an image without a tag, with the tag `latest`, or with a tag that is only a variant, such as `slim` or `alpine` of an official image.',
      why: 'The same file builds something else after every release of the image, on every machine at another time. A major version arrives unasked.',
      silent:
        'The name is another stage, `scratch`, or holds a variable; a digest pins it; the tag names a release line, such as `lts`, `stable` or `bookworm` of debian.',
      fix: 'Writes the version that the tag stands for, where the catalogue knows it; or, where the registry has answered, the digest it gave. For review: the catalogue has a date, and the tag may have moved on; a digest gets no security fixes until somebody changes it.',
      bad: { dockerfile: 'FROM node\nCMD ["node", "server.js"]\n' },
      good: { dockerfile: 'FROM node:24\nCMD ["node", "server.js"]\n' },
      switchOff: 'Where a tool rewrites the tags before the build.',
      references: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of context.dockerfile.stages) {
      if (stage.base.kind !== 'image') {
        continue;
      }
      const { reference } = stage.base;
      const { tag } = reference;
      const isLatest = tag === undefined || tag === 'latest';
      if (reference.digest !== undefined || !(isLatest || namesVariantOnly(reference))) {
        continue;
      }
      const facts = context.images.peek(reference, stage.platform);
      const version = facts.traits === undefined ? undefined : resolvedVersion(reference, facts.traits);
      const written = context.dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
      const fixes: Fix[] = [];
      const isPlain = !written.includes('$');
      if (version !== undefined && isPlain) {
        // Official images write the version before the variant.
        const name = formatImageReference({ ...reference, tag: isLatest ? version : `${version}-${tag}` });
        fixes.push({
          title: `Pin to ${name}`,
          applicability: 'review',
          edits: [{ span: stage.imageSpan, text: name }],
          assumptions: [`${tag ?? 'latest'} stands for ${version}, as the catalogue says.`],
        });
      }
      if (facts.digest !== undefined && isPlain) {
        fixes.push(pinToDigest(stage.imageSpan, reference, facts.digest, facts.pull));
      }
      yield {
        message:
          tag === undefined
            ? `${written} has no tag: each build may take another version.`
            : `${written}: the tag ${tag} may be another version in each build.`,
        span: stage.imageSpan,
        fixes,
      };
    }
  },
};

/** The very image that the registry has under the name, for every platform. */
function pinToDigest(span: Span, reference: ImageReference, digest: string, pull: SizeAnswer): Fix {
  const date = pull.kind === 'known' ? ` of ${pull.date}` : '';
  return {
    title: `Pin to the digest${date}`,
    applicability: 'review',
    edits: [{ span, text: formatImageReference({ ...reference, digest }) }],
    assumptions: ['Somebody moves the digest forward when the image gets security fixes.'],
  };
}
