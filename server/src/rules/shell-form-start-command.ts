import { execForm } from '../fixes/exec-form.ts';
import { startCommand } from '../model/start-command.ts';
import type { Rule } from './rule.ts';
import { baseTraits, runningStage } from './shipped.ts';

export const shellFormStartCommand: Rule = {
  meta: {
    id: 'shell-form-start-command',
    aliases: ['DL3025', 'JSONArgsRecommended'],
    summary: 'The start command is in shell form, so that signals do not reach the program.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    needs: [],
    docs: {
      what: '`CMD` or `ENTRYPOINT` of the stage that ships is written as a string.',
      why: 'A shell is process 1 then. Many shells do not pass on the signal with which Docker stops a container: the program never hears it, and is killed after ten seconds.',
      silent:
        'The text starts with `exec`; `SHELL` names another program; the image has no shell (another rule says so).',
      fix: 'Writes the exec form where the command is plain words. Variables, quotes and operators need the shell: then none is offered. For review.',
      bad: { dockerfile: 'FROM node:24-slim\nUSER node\nCMD node server.js\n' },
      good: { dockerfile: 'FROM node:24-slim\nUSER node\nCMD ["node", "server.js"]\n' },
      switchOff: 'Where the shell is wanted as process 1.',
      references: ['https://docs.docker.com/reference/dockerfile/#shell-and-exec-form'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined || baseTraits(stage, context.images)?.hasShell === false) {
      return;
    }
    const start = startCommand(stage);
    for (const one of [start.entrypoint, start.cmd]) {
      if (one === undefined || one.form === 'json' || !stage.steps.includes(one.step)) {
        continue;
      }
      const { instruction, before } = one.step;
      if (one.words[0] === 'exec' || before.shell[0] !== '/bin/sh') {
        continue;
      }
      const fix = execForm(context.dockerfile, one.step);
      yield {
        message: `${instruction.keyword} in shell form: a shell is process 1, and the program may never hear the signal to stop.`,
        span: instruction.keywordSpan,
        fixes: fix === undefined ? [] : [fix],
      };
    }
  },
};
