import { isDevContainer } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { type CommandStep, commandSteps, commandsOfStep } from '../model/commands.ts';
import { type Dockerfile, type Stage, type Step, withTriggered } from '../model/dockerfile.ts';
import { argumentSpan } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import type { Finding, Rule } from './rule.ts';

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
      what: 'A `RUN` fetches the package lists (`apt-get update`) and another one installs from them, also beside an install of its own.',
      why: 'The lists are cached with their layer. When the install changes later, it works with old lists: packages are not found, or outdated ones are installed. And the lists stay in a layer of their own.',
      silent: 'The same `RUN` installs; nothing is installed later; a cache mount keeps the lists.',
      fix: 'Joins them where the installs follow directly. For review.',
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
      yield* parted(context.dockerfile, stage);
    }
  },
};

/** Installs in RUNs of their own that take the lists which the RUN above them fetched. */
function* parted(dockerfile: Dockerfile, stage: Stage): Iterable<Finding> {
  for (let i = 0; i < stage.steps.length; i++) {
    const head = stage.steps[i];
    const commands = head === undefined ? [] : commandsOfStep(head);
    if (
      head === undefined ||
      !commands.some(isUpdate) ||
      !commands.some(isInstall) ||
      !mayGoOn(dockerfile, head)
    ) {
      continue;
    }
    const followers = followersOf(dockerfile, stage, head);
    const [first] = followers;
    if (first === undefined) {
      continue;
    }
    yield {
      message:
        'This install takes the package lists of the RUN above, which therefore cannot clean them up in its layer.',
      span: first.instruction.keywordSpan,
      fixes: [
        {
          title:
            followers.length === 1 ? 'Join it with the RUN above' : 'Join the installs with the RUN above',
          applicability: 'review',
          edits: takeIn(dockerfile, head, followers),
        },
      ],
    };
    i += followers.length;
  }
}

/** The RUNs right behind one that install packages and do nothing else. */
function followersOf(dockerfile: Dockerfile, stage: Stage, head: Step): Step[] {
  const layout = new Layout(dockerfile.syntax);
  const followers: Step[] = [];
  let { end } = head.instruction.span;
  for (const step of mayGoOn(dockerfile, head) ? stage.steps.slice(stage.steps.indexOf(head) + 1) : []) {
    const start = layout.lineStart(step.instruction.line.sourceAt(0));
    if (
      !installsAlone(dockerfile, step) ||
      dockerfile.text.slice(layout.nextLine(end), start).trim() !== ''
    ) {
      break;
    }
    followers.push(step);
    end = step.instruction.span.end;
  }
  return followers;
}

/** Takes the commands of RUNs into the one above them. */
function takeIn(dockerfile: Dockerfile, head: Step, followers: readonly Step[]): TextEdit[] {
  const layout = new Layout(dockerfile.syntax);
  const { end } = head.instruction.span;
  const texts = followers.map(({ instruction }) => {
    const place = argumentSpan(instruction);
    return ` ${dockerfile.syntax.escape}${layout.lineBreak} && ${dockerfile.text.slice(place.start, place.end).trim()}`;
  });
  return followers.length === 0
    ? []
    : [
        { span: span(end, end), text: texts.join('') },
        ...followers.map((one) => layout.remove(one.instruction)),
      ];
}

/** True for a RUN that takes one more command at its end. */
function mayGoOn(dockerfile: Dockerfile, { instruction, script }: Step): boolean {
  const { start, end } = instruction.span;
  return (
    // Behind an ONBUILD stands a RUN that belongs to another build.
    /^run\b/i.test(dockerfile.text.slice(start, end)) &&
    isPlainRun(instruction) &&
    script?.isUnderstood === true &&
    !script.hasComments &&
    !/[;&|]\s*$/.test(script.text) &&
    !script.commands.some(({ name }) => ['rm', 'exit', 'exec'].includes(name ?? ''))
  );
}

/** True for a RUN that installs packages and does nothing else. */
function installsAlone(dockerfile: Dockerfile, step: Step): boolean {
  const commands = commandsOfStep(step);
  return (
    mayGoOn(dockerfile, step) &&
    commands.length > 0 &&
    commands.every((at) => isInstall(at) && at.command.isUnconditional && at.command.isTopLevel)
  );
}

function isPlainRun({ form, heredocs, flags, keyword }: Step['instruction']): boolean {
  return keyword === 'RUN' && form === 'shell' && heredocs.length === 0 && flags.length === 0;
}

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
      // What follows needs the same lists, which would otherwise have to stay.
      ...takeIn(dockerfile, install.step, followersOf(dockerfile, stage, install.step)),
    ],
  };
}
