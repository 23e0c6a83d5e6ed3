import type { Fix } from '../fixes/fix.ts';
import { resolvedVersion } from '../images/families/index.ts';
import { formatImageReference } from '../images/reference.ts';
import type { Rule } from './rule.ts';
import { isDevContainer } from './shipped.ts';

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
      what: 'A `FROM` names an image without a tag, or with the tag `latest`.',
      why: 'The same file builds something else after every release of the image, on every machine at another time. A major version arrives unasked.',
      silent: 'The name is another stage, `scratch`, or holds a variable; a digest pins it.',
      fix: 'Writes the version that `latest` stands for, where the catalogue knows it. For review, because the catalogue has a date and `latest` may have moved on.',
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
      const isLoose = reference.tag === undefined || reference.tag === 'latest';
      if (!isLoose || reference.digest !== undefined) {
        continue;
      }
      const facts = context.images.peek(reference, stage.platform);
      const version = facts.traits === undefined ? undefined : resolvedVersion(reference, facts.traits);
      const written = context.dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
      const fixes: Fix[] = [];
      if (version !== undefined && !written.includes('$')) {
        const name = formatImageReference({ ...reference, tag: version });
        fixes.push({
          title: `Pin to ${name}`,
          applicability: 'review',
          edits: [{ span: stage.imageSpan, text: name }],
          assumptions: [`latest stands for ${version}, as the catalogue says.`],
        });
      }
      yield {
        message:
          reference.tag === undefined
            ? `${written} has no tag: each build may take another version.`
            : `${written}: the tag latest may be another version in each build.`,
        span: stage.imageSpan,
        fixes,
      };
    }
  },
};
