import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const blankLineInContinuation: Rule = {
  meta: {
    id: 'blank-line-in-continuation',
    aliases: ['NoEmptyContinuation'],
    isBuildCheck: true,
    summary: 'An instruction that goes on over several lines holds a blank line.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: 'A blank line stands between the continued lines of an instruction.',
      why: 'It looks like the end of the instruction, and is not. BuildKit will refuse it one day.',
      silent: 'The blank line is in the body of a heredoc.',
      fix: 'Takes the blank lines out. Safe: BuildKit passes over them.',
      bad: { dockerfile: 'FROM alpine:3.22\nRUN echo one && \\\n\n    echo two\n' },
      good: { dockerfile: 'FROM alpine:3.22\nRUN echo one && \\\n    echo two\n' },
      switchOff: 'Never.',
      references: ['https://docs.docker.com/reference/build-checks/no-empty-continuation/'],
    },
  },

  *check({ dockerfile }) {
    const layout = new Layout(dockerfile.syntax);
    for (const { blankContinuations, keyword, keywordSpan } of dockerfile.syntax.instructions) {
      const [first] = blankContinuations;
      if (first === undefined) {
        continue;
      }
      const fix: Fix = {
        title: `Remove the blank line${blankContinuations.length > 1 ? 's' : ''}`,
        applicability: 'safe',
        edits: blankContinuations.map(({ start }) => ({
          span: span(start, layout.nextLine(start)),
          text: '',
        })),
      };
      yield {
        message: `This ${keyword} goes on below its blank line, which BuildKit will refuse one day.`,
        span: keywordSpan,
        related: [{ span: first, message: 'The blank line' }],
        fixes: [fix],
      };
    }
  },
};
