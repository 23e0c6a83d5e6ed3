import { systemManagers } from '../distros/build-packages.ts';
import { installsPackages } from '../facts/installs/installs.ts';
import { commandSteps } from '../model/commands.ts';
import { withTriggered } from '../model/dockerfile.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const commandLeftInBackground: Rule = {
  meta: {
    id: 'command-left-in-background',
    aliases: [],
    summary: 'A RUN does not wait for an install or download that it starts.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Whether the command is meant to run beside the next one is not plain.',
    needs: [],
    docs: {
      what: 'A `RUN` puts an install, a build or a download in the background with a single `&`, and does not `wait` for it.',
      why: 'The shell goes on at once. The layer is written when the last command ends: what runs in the background may be cut off in the middle, and its failure stops no build.',
      silent:
        'The `RUN` waits for its jobs with `wait`; what runs in the background is a server or anything else that does not end by itself; the shell text was not understood.',
      fix: 'Writes `&&`, so that one command runs after the other and a failure stops the build. For review: they no longer run side by side.',
      bad: {
        dockerfile: 'FROM python:3.13-slim\nRUN pip install flask==3.1.0 & pip install gunicorn==23.0.0\n',
      },
      good: {
        dockerfile: 'FROM python:3.13-slim\nRUN pip install flask==3.1.0 && pip install gunicorn==23.0.0\n',
      },
      switchOff: 'Never.',
      references: [
        'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_09_03_02',
      ],
    },
  },

  *check({ dockerfile }) {
    for (const stage of withTriggered(dockerfile.stages)) {
      for (const { command, script, step } of commandSteps(stage)) {
        const behind = /^[ \t]*&(?![&>])/.exec(script.text.slice(command.span.end))?.[0];
        if (behind === undefined || step.instruction.form === 'json' || !endsByItself(command)) {
          continue;
        }
        const later = script.commands.filter((one) => one.span.start > command.span.end);
        if (later.some((one) => one.name === 'wait')) {
          continue;
        }
        const at = command.span.end + behind.length - 1;
        // At the end of the text nothing follows that could run after it.
        const isFollowed = /\S/.test(script.text.slice(at + 1));
        yield {
          message: `\`${command.name}\` runs in the background, and nothing waits for it: the layer may be written before it is done, and its failure stops no build.`,
          span: script.sourceSpan(span(at, at + 1)),
          fixes: [
            {
              title: isFollowed ? 'Run one after the other' : 'Wait for it',
              applicability: 'review',
              edits: [
                isFollowed
                  ? { span: script.sourceSpan(span(at, at + 1)), text: '&&' }
                  : { span: script.sourceSpan(span(command.span.end, at + 1)), text: '' },
              ],
              assumptions: ['The commands need not run side by side.'],
            },
          ],
        };
      }
    }
  },
};

/** Programs that end when their work is done. */
const ending =
  /^(?:curl|wget|git|tar|unzip|make|cmake|mvn|gradle|go|cargo|tsc|vite|webpack|cp|mv|rm|mkdir|chown|chmod|composer|bundle|gem|pip[\d.]*|poetry|uv|dotnet)$/;

function endsByItself(command: ShellCommand): boolean {
  const { name } = command;
  const verb = command.args[0]?.value ?? '';
  const isServer = /^(?:run|start|serve|watch|daemon|exec)$/.test(verb);
  return (
    !isServer &&
    (installsPackages(command) ||
      systemManagers.includes(name ?? '') ||
      ending.test(name ?? '') ||
      (/^(?:npm|yarn|pnpm|bun)$/.test(name ?? '') &&
        verb === 'run' &&
        /^build\b/.test(command.args[1]?.value ?? '')))
  );
}
