import { isDevContainer } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { type CommandStep, commandSteps, commandsOfStep } from '../model/commands.ts';
import { type Dockerfile, type Stage, withTriggered } from '../model/dockerfile.ts';
import { argumentSpan } from '../syntax/tree.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const updateWithoutInstall: Rule = {
  meta: {
    id: 'update-without-install',
    aliases: [],
    summary: 'The package lists are fetched in a RUN of their own.',
    category: 'cache',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The install does not follow directly.',
    needs: [],
    docs: {
      what: 'A `RUN` fetches the package lists (`apt-get update`) and another one installs from them.',
      why: 'The lists are cached with their layer. When the install changes later, it works with old lists: packages are not found, or outdated ones are installed. And the lists stay in a layer of their own.',
      silent: 'The same `RUN` installs; nothing is installed later; a cache mount keeps the lists.',
      fix: 'Joins the two where the install follows directly. For review.',
      bad: {
        dockerfile:
          'FROM debian:13-slim\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n',
      },
      good: {
        dockerfile:
          'FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n',
      },
      switchOff: 'Where every build starts without a cache.',
      references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of withTriggered(context.dockerfile.stages)) {
      const steps = commandSteps(stage);
      const installs = steps.filter(isInstall);
      let next = 0;
      for (const at of steps) {
        const hasMount = at.step.instruction.flags.some((flag) => flag.name === 'mount');
        if (!isUpdate(at) || hasMount || commandsOfStep(at.step).some(isInstall)) {
          continue;
        }
        for (let one = installs[next]; one !== undefined && !isBehind(one, at); one = installs[next]) {
          next++;
        }
        const install = installs[next];
        if (install === undefined || commandsOfStep(install.step).some(isUpdate)) {
          continue;
        }
        const fix = join(context.dockerfile, stage, at, install);
        yield {
          message:
            'The package lists are fetched in a layer of their own: a later install may work with old ones.',
          span: at.script.sourceSpan(span(at.command.nameWord.span.start, at.command.span.end)),
          related: [
            {
              span: install.script.sourceSpan(install.command.nameWord.span),
              message: 'The install that uses them.',
            },
          ],
          fixes: fix === undefined ? [] : [fix],
        };
      }
    }
  },
};

function isBehind(one: CommandStep, other: CommandStep): boolean {
  return one.step.instruction.span.start > other.step.instruction.span.start;
}

function isUpdate({ command }: CommandStep): boolean {
  return (
    ['apt-get', 'apt', 'aptitude'].includes(command.name ?? '') &&
    command.args.some((word) => word.text === 'update')
  );
}

function isInstall({ command }: CommandStep): boolean {
  return (
    ['apt-get', 'apt', 'aptitude'].includes(command.name ?? '') &&
    command.args.some((word) => word.text === 'install')
  );
}

/** Puts the update in front of the install, when the two RUN follow each other and both are plain. */
function join(dockerfile: Dockerfile, stage: Stage, at: CommandStep, install: CommandStep): Fix | undefined {
  const first = at.step.instruction;
  const second = install.step.instruction;
  const isNext = stage.steps.indexOf(install.step) === stage.steps.indexOf(at.step) + 1;
  const isPlain = [first, second].every(
    (one) => one.form === 'shell' && one.heredocs.length === 0 && one.flags.length === 0,
  );
  const isAlone =
    at.script.commands.length === 1 &&
    !dockerfile.text.slice(first.line.sourceAt(0), first.span.end).includes('\n');
  const layout = new Layout(dockerfile.syntax);
  const between = dockerfile.text.slice(
    layout.nextLine(first.span.end),
    layout.lineStart(second.line.sourceAt(0)),
  );
  if (!isNext || !isPlain || !isAlone || at.script.hasComments) {
    return undefined;
  }
  const command = dockerfile.text.slice(argumentSpan(first).start, argumentSpan(first).end);
  const start = argumentSpan(second).start;
  return {
    title: 'Join the update with the install',
    applicability: 'review',
    edits: [
      {
        span: span(layout.lineStart(first.span.start), layout.lineStart(second.line.sourceAt(0))),
        text: between.trim() === '' ? '' : between.replace(/^(?:[ \t]*\r?\n)+/, ''),
      },
      { span: span(start, start), text: `${command} && ` },
    ],
  };
}
