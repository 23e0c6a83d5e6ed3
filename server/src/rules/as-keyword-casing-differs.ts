import type { Rule } from './rule.ts';

export const asKeywordCasingDiffers: Rule = {
  meta: {
    id: 'as-keyword-casing-differs',
    aliases: ['FromAsCasing'],
    isBuildCheck: true,
    summary: 'FROM and AS are not written in the same case.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: '`FROM … as …` or `from … AS …`.',
      why: 'The two belong together, and read better when they look alike.',
      silent: '`FROM` itself mixes upper and lower case (`mixed-instruction-casing` says so).',
      fix: 'Writes `AS` as `FROM` is written. Safe.',
      bad: { dockerfile: 'FROM alpine:3.22 as tools\n' },
      good: { dockerfile: 'FROM alpine:3.22 AS tools\n' },
      switchOff: 'Where it does not bother you.',
      references: ['https://docs.docker.com/reference/build-checks/from-as-casing/'],
    },
  },

  *check({ dockerfile }) {
    for (const { from } of dockerfile.stages) {
      const word = from.words[1];
      const written = dockerfile.text.slice(from.keywordSpan.start, from.keywordSpan.end);
      const isUpper = written === written.toUpperCase();
      if (from.words.length < 3 || word === undefined || (!isUpper && written !== written.toLowerCase())) {
        continue;
      }
      const wanted = isUpper ? word.value.toUpperCase() : word.value.toLowerCase();
      if (word.value !== wanted) {
        yield {
          message: `FROM is in ${isUpper ? 'upper' : 'lower'} case, AS is not.`,
          span: word.span,
          fixes: [
            { title: `Write ${wanted}`, applicability: 'safe', edits: [{ span: word.span, text: wanted }] },
          ],
        };
      }
    }
  },
};
