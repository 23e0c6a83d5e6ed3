import type { Rule } from './rule.ts';

/** Namespaces that are Docker's own. */
const reserved = /^(?:com\.docker\.|io\.docker\.|org\.dockerproject\.)/;

export const invalidLabelKey: Rule = {
  meta: {
    id: 'invalid-label-key',
    aliases: ['DL3048'],
    summary: 'The key of a label is not written as Docker advises.',
    category: 'correctness',
    severity: 'hint',
    enabled: false,
    fix: 'none',
    unfixed: 'Who reads the label asks for it by this very key.',
    needs: [],
    docs: {
      what: 'The key of a `LABEL` holds something else than lower-case letters, digits, `.`, `-`, `_` and `/`, does not start with a letter or end with a letter or digit, has two separators in a row, or stands in a namespace that Docker keeps for itself.',
      why: 'Any key works; these are harder to filter by, and the reserved ones may come to mean something.',
      silent: 'A variable stands in the key. The rule is off unless it is switched on.',
      bad: { dockerfile: 'FROM debian:13-slim\nLABEL Maintainer="team@example.com"\n' },
      good: { dockerfile: 'FROM debian:13-slim\nLABEL maintainer="team@example.com"\n' },
      switchOff: 'It is off.',
      references: ['https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations'],
    },
  },

  *check({ dockerfile }) {
    for (const { instruction } of dockerfile.stages.flatMap((stage) => [...stage.steps])) {
      for (const pair of instruction.keyword === 'LABEL' ? instruction.pairs : []) {
        const key = pair.name.replace(/^(["'])(.*)\1$/s, '$2');
        const reason = whyInvalid(key);
        if (reason !== undefined) {
          yield { message: `The key ${key} ${reason}.`, span: pair.nameSpan };
        }
      }
    }
  },
};

function whyInvalid(key: string): string | undefined {
  if (key.includes('$')) {
    return undefined;
  }
  if (reserved.test(key)) {
    return 'stands in a namespace that Docker keeps for itself';
  }
  if (!/^[a-z\d._/-]*$/.test(key)) {
    return 'holds something else than lower-case letters, digits, `.`, `-`, `_` and `/`';
  }
  if (!/^[a-z]/.test(key) || !/[a-z\d]$/.test(key)) {
    return 'has to start with a letter, and to end with a letter or digit';
  }
  return /\.\.|--/.test(key) ? 'has two separators in a row' : undefined;
}
