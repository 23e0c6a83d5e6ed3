import { automaticArguments } from '../model/automatic-arguments.ts';
import type { Rule } from './rule.ts';

export const automaticArgumentDefault: Rule = {
  meta: {
    id: 'automatic-argument-default',
    aliases: [],
    summary: 'A default hides the platform that BuildKit provides.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: 'An `ARG` gives a default to an argument that BuildKit provides: `ARG TARGETARCH=amd64`.',
      why: 'The default wins. Whatever platform the image is built for, the build works for the one that is written there, and an image for arm64 holds programs for amd64.',
      silent:
        'The default is the value that holds in every build for Linux (`TARGETOS=linux`), or is made of another argument.',
      fix: 'Takes the default away, so that BuildKit’s value arrives. For review: the classic builder provides none.',
      bad: {
        dockerfile: 'FROM alpine:3.22\nARG TARGETARCH=amd64\nRUN wget https://example.com/tool-$TARGETARCH\n',
      },
      good: {
        dockerfile: 'FROM alpine:3.22\nARG TARGETARCH\nRUN wget https://example.com/tool-$TARGETARCH\n',
      },
      switchOff: 'Where images are built without BuildKit.',
      references: ['https://docs.docker.com/build/building/variables/#pre-defined-build-arguments'],
    },
  },

  *check({ dockerfile }) {
    for (const instruction of dockerfile.syntax.instructions) {
      for (const pair of instruction.keyword === 'ARG' ? instruction.pairs : []) {
        const { name, value, valueSpan } = pair;
        const plain = (value ?? '').replace(/["']/g, '');
        const isHidden =
          automaticArguments.has(name) &&
          valueSpan !== undefined &&
          plain !== 'linux' &&
          !plain.includes('$');
        if (!isHidden) {
          continue;
        }
        yield {
          message: `This default hides what BuildKit provides: ${name} is ${plain === '' ? 'empty' : plain} on every platform.`,
          span: pair.span,
          fixes: [
            {
              title: `Remove the default of ${name}`,
              applicability: 'review',
              edits: [{ span: pair.span, text: name }],
              assumptions: ['The image is built with BuildKit, Docker’s builder since version 23.'],
            },
          ],
        };
      }
    }
  },
};
