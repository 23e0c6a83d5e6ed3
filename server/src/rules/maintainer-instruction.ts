import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { argumentSpan, argumentText, type Instruction } from '../syntax/tree.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const maintainerInstruction: Rule = {
  meta: {
    id: 'maintainer-instruction',
    aliases: ['MaintainerDeprecated', 'DL4000'],
    isBuildCheck: true,
    summary: 'MAINTAINER is deprecated.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Quotes, variables or escapes in the text would come to mean something else.',
    needs: [],
    docs: {
      what: 'The file uses `MAINTAINER`.',
      why: 'It has been deprecated since 2017. A label says the same, and tools look for it there.',
      silent: 'Never.',
      fix: 'Writes `LABEL org.opencontainers.image.authors`. For review: the name moves from the author of the image to a label. None where the text holds quotes, variables or escapes.',
      bad: { dockerfile: 'FROM alpine:3.22\nMAINTAINER Ada <ada@example.com>\n' },
      good: {
        dockerfile: 'FROM alpine:3.22\nLABEL org.opencontainers.image.authors="Ada <ada@example.com>"\n',
      },
      switchOff: 'Where something still reads the author of the image.',
      references: ['https://docs.docker.com/reference/build-checks/maintainer-deprecated/'],
    },
  },

  *check({ dockerfile }) {
    const layout = new Layout(dockerfile.syntax);
    for (const instruction of dockerfile.syntax.instructions) {
      if (instruction.keyword === 'MAINTAINER') {
        const fix = toLabel(instruction, layout);
        yield {
          message: 'MAINTAINER is deprecated: a label says the same.',
          span: instruction.keywordSpan,
          fixes: fix === undefined ? [] : [fix],
        };
      }
    }
  },
};

function toLabel(instruction: Instruction, layout: Layout): Fix | undefined {
  const whole = argumentSpan(instruction);
  const text = argumentText(instruction);
  // Whole quotes around the name were part of it for MAINTAINER; nobody meant that.
  const name = /^(["'])[^"'$\\`]*\1$/.test(text) ? text.slice(1, -1) : text;
  const written = instruction.documentText.slice(whole.start, whole.end);
  if (name === '' || /["'$\\`]/.test(name) || written !== text) {
    return undefined;
  }
  return {
    title: 'Write LABEL org.opencontainers.image.authors',
    applicability: 'review',
    edits: [
      {
        span: span(instruction.keywordSpan.start, whole.end),
        text: `${layout.keyword('LABEL')} org.opencontainers.image.authors="${name}"`,
      },
    ],
  };
}
