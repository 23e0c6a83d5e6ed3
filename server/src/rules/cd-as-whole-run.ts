import type { Fix } from '../fixes/fix.ts';
import { commandsOfStep } from '../model/commands.ts';
import { type Dockerfile, type Step, withTriggered } from '../model/dockerfile.ts';
import { contains } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const cdAsWholeRun: Rule = {
  meta: {
    id: 'cd-as-whole-run',
    aliases: ['DL3003'],
    summary: 'A RUN only changes the folder, which the next one does not know of.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Whether the folder is meant for what follows cannot be told from this RUN.',
    needs: [],
    docs: {
      what: 'A `RUN` that does nothing but `cd`.',
      why: 'Every `RUN` starts in the folder that `WORKDIR` says: what follows runs somewhere else than it was meant to.',
      silent: 'The `RUN` has other commands: then `cd` does something for those behind it.',
      fix: 'Writes `WORKDIR` in its place. For review: what follows then runs in that folder, and so does the container.',
      bad: { dockerfile: 'FROM debian:13-slim\nRUN cd /srv/app\nRUN ./configure\n' },
      good: { dockerfile: 'FROM debian:13-slim\nWORKDIR /srv/app\nRUN ./configure\n' },
      switchOff: 'Where `cd` is a test that the folder is there.',
      references: ['https://docs.docker.com/reference/dockerfile/#workdir'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of withTriggered(dockerfile.stages)) {
      for (const step of stage.steps) {
        const [only, ...others] = commandsOfStep(step);
        if (step.script?.isUnderstood !== true || only?.command.name !== 'cd' || others.length > 0) {
          continue;
        }
        const folder = only.command.isTopLevel ? only.command.args[0]?.value : undefined;
        yield {
          message: 'The next instruction starts in the folder of WORKDIR again: this RUN does nothing.',
          span: only.script.sourceSpan(only.command.nameWord.span),
          fixes: fixFor(dockerfile, step, folder),
        };
      }
    }
  },
};

function fixFor({ syntax }: Dockerfile, { instruction }: Step, folder: string | undefined): Fix[] {
  const hasComment = syntax.comments.some((comment) => contains(instruction.span, comment.span));
  const isPlain = folder !== undefined && /^[\w/.+][\w/.+-]*$/.test(folder) && instruction.flags.length === 0;
  return isPlain && !hasComment
    ? [
        {
          title: `Use WORKDIR ${folder}`,
          applicability: 'review',
          edits: [{ span: instruction.span, text: `WORKDIR ${folder}` }],
          assumptions: [`What follows is meant to run in ${folder}, and the container may start there.`],
        },
      ]
    : [];
}
