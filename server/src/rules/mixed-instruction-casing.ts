import { type Instruction, keywords } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

export const mixedInstructionCasing: Rule = {
  meta: {
    id: 'mixed-instruction-casing',
    aliases: ['ConsistentInstructionCasing'],
    isBuildCheck: true,
    summary: 'An instruction is not written in the case of most others.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: 'The keyword of an instruction is in upper case where most are in lower case, or the other way round, or mixes both.',
      why: 'Keywords are easier to find when they look alike.',
      silent:
        'The `ARG` instructions above the first `FROM`, which BuildKit does not look at; words that are no instructions, as in templates.',
      fix: 'Writes the keyword in the case of most others. Safe.',
      bad: { dockerfile: 'FROM alpine:3.22\nRUN apk add --no-cache curl\nuser nobody\n' },
      good: { dockerfile: 'FROM alpine:3.22\nRUN apk add --no-cache curl\nUSER nobody\n' },
      switchOff: 'Where it does not bother you.',
      references: ['https://docs.docker.com/reference/build-checks/consistent-instruction-casing/'],
    },
  },

  *check({ dockerfile }) {
    // A word that is no instruction may be a line of a template, in which the case counts.
    const instructions = dockerfile.stages
      .flatMap(({ from, steps }) => [from, ...steps.map((step) => step.instruction)])
      .filter((one) => (keywords as readonly string[]).includes(one.keyword));
    const written = ({ keywordSpan }: Instruction): string =>
      dockerfile.text.slice(keywordSpan.start, keywordSpan.end);
    const lower = instructions.filter((one) => written(one) === written(one).toLowerCase()).length;
    const upper = instructions.filter((one) => written(one) === written(one).toUpperCase()).length;
    const isLower = lower > upper;
    for (const instruction of instructions) {
      const wanted = isLower ? instruction.keyword.toLowerCase() : instruction.keyword;
      if (written(instruction) !== wanted) {
        const span = instruction.keywordSpan;
        yield {
          message: `Most instructions of this file are in ${isLower ? 'lower' : 'upper'} case.`,
          span,
          fixes: [{ title: `Write ${wanted}`, applicability: 'safe', edits: [{ span, text: wanted }] }],
        };
      }
    }
  },
};
