import { execForm } from '../fixes/exec-form.ts';
import { startCommand } from '../model/start-command.ts';
import { argumentText } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';
import { baseTraits, runningStage } from './shipped.ts';

export const shellFormStartCommand: Rule = {
  meta: {
    id: 'shell-form-start-command',
    aliases: ['DL3025', 'JSONArgsRecommended'],
    isBuildCheck: true,
    summary: 'The start command is in shell form, so that signals do not reach the program.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    needs: [],
    docs: {
      what: '`CMD` or `ENTRYPOINT` is written as a string.',
      why: 'A shell is process 1 then. Many shells do not pass on the signal with which Docker stops a container: the program never hears it, and is killed after ten seconds.',
      silent:
        '`SHELL` names a program; the image has no shell (another rule says so). A hint only where it does no harm: the text starts with `exec`, a later instruction overrides it, or the stage does not ship.',
      fix: 'Writes the exec form where the command is plain words. Variables, quotes and operators need the shell: then none is offered. For review.',
      bad: { dockerfile: 'FROM node:24-slim\nUSER node\nCMD node server.js\n' },
      good: { dockerfile: 'FROM node:24-slim\nUSER node\nCMD ["node", "server.js"]\n' },
      switchOff: 'Where the shell is wanted as process 1.',
      references: ['https://docs.docker.com/reference/dockerfile/#shell-and-exec-form'],
    },
  },

  *check(context) {
    const shipped = runningStage(context);
    const start = shipped === undefined ? undefined : startCommand(shipped);
    const effective = [start?.entrypoint?.step, start?.cmd?.step];
    for (const stage of context.dockerfile.stages) {
      if (baseTraits(stage, context.images)?.hasShell === false) {
        continue;
      }
      for (const step of stage.steps) {
        const { keyword, form, keywordSpan } = step.instruction;
        if ((keyword !== 'CMD' && keyword !== 'ENTRYPOINT') || form === 'json' || step.before.hasShell) {
          continue;
        }
        const isHarmful = effective.includes(step) && !/^exec\s/.test(argumentText(step.instruction));
        const fix = execForm(context.dockerfile, step);
        yield {
          message: isHarmful
            ? `${keyword} in shell form: a shell is process 1, and the program may never hear the signal to stop.`
            : `${keyword} in shell form: a shell starts the program.`,
          span: keywordSpan,
          fixes: fix === undefined ? [] : [fix],
          ...(isHarmful ? {} : { severity: 'hint' as const }),
        };
      }
    }
  },
};
