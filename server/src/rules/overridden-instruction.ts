import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import type { Step } from '../model/dockerfile.ts';
import type { DockerfileSyntax } from '../syntax/tree.ts';
import { contains } from '../text/span.ts';
import type { Rule } from './rule.ts';

/** The instructions of which the last counts, with hadolint's name for those in front of it. */
const hadolintNames: ReadonlyMap<string, string> = new Map([
  ['CMD', 'DL4003'],
  ['ENTRYPOINT', 'DL4004'],
  ['HEALTHCHECK', 'DL3012'],
]);

export const overriddenInstruction: Rule = {
  meta: {
    id: 'overridden-instruction',
    aliases: ['MultipleInstructionsDisallowed', 'DL4003', 'DL4004', 'DL3012'],
    isBuildCheck: true,
    summary: 'A CMD, ENTRYPOINT or HEALTHCHECK is overridden by a later one.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Comments stand between the lines of the one that does nothing.',
    needs: [],
    docs: {
      what: 'A stage has several `CMD`, `ENTRYPOINT` or `HEALTHCHECK`.',
      why: 'Only the last of each counts. The others do nothing, and who reads them is misled.',
      silent: 'The instructions stand in different stages.',
      fix: 'Removes the one that does nothing. Safe: the image has the same configuration. None where comments stand between its lines.',
      bad: { dockerfile: 'FROM node:24-slim\nCMD ["node", "old.js"]\nCMD ["node", "server.js"]\n' },
      good: { dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n' },
      switchOff: 'Never.',
      references: ['https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const last = new Map<string, Step>();
      for (const step of stage.steps) {
        const { keyword } = step.instruction;
        const hadolintName = hadolintNames.get(keyword);
        if (hadolintName === undefined) {
          continue;
        }
        const earlier = last.get(keyword);
        last.set(keyword, step);
        if (earlier !== undefined) {
          const fix = removal(dockerfile.syntax, earlier);
          yield {
            message: `A later ${keyword} overrides this one: it does nothing.`,
            span: earlier.instruction.keywordSpan,
            aliases: ['MultipleInstructionsDisallowed', hadolintName],
            related: [{ span: step.instruction.keywordSpan, message: 'The later one' }],
            fixes: fix === undefined ? [] : [fix],
          };
        }
      }
    }
  },
};

function removal(syntax: DockerfileSyntax, { instruction }: Step): Fix | undefined {
  return syntax.comments.some((comment) => contains(instruction.span, comment.span))
    ? undefined
    : {
        title: `Remove this ${instruction.keyword}`,
        applicability: 'safe',
        edits: [new Layout(syntax).remove(instruction)],
      };
}
