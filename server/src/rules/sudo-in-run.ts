import { baseTraits, isDevContainer, isRoot } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { withTriggered } from '../model/dockerfile.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const sudoInRun: Rule = {
  meta: {
    id: 'sudo-in-run',
    aliases: ['DL3004'],
    summary: 'sudo is used although the build is root already.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The exec form, or an option of sudo that does something, is left as it is.',
    needs: ['images'],
    docs: {
      what: 'A `RUN` calls `sudo`.',
      why: 'The build runs as root unless `USER` says otherwise, so sudo does nothing but add a program with which a process in the container can become root.',
      silent:
        'The user is another one than root, or is not known, or sudo is told to become another one (`-u`): then it does something. It still belongs replaced by `USER root`.',
      fix: 'Takes `sudo` away. For review, because sudo also clears the environment.',
      bad: { dockerfile: 'FROM debian:13-slim\nRUN sudo mkdir /data\n' },
      good: { dockerfile: 'FROM debian:13-slim\nRUN mkdir /data\n' },
      switchOff: 'In images that prepare a machine for people.',
      references: ['https://docs.docker.com/build/building/best-practices/#user'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of withTriggered(context.dockerfile.stages)) {
      for (const at of commandSteps(stage)) {
        const user = at.step.before.user ?? baseTraits(stage, context.images)?.defaultUser;
        if (at.command.wrapper !== 'sudo' || user === undefined || !isRoot(user)) {
          continue;
        }
        const word = sudoWord(at);
        if (word !== undefined) {
          yield { message: 'The build is root here: sudo does nothing.', span: word.span, fixes: word.fixes };
        }
      }
    }
  },
};

/** Options that say how root is asked for, and nothing to somebody who is root already. */
const idleOption = /^(?:-[EHnSk]+|--preserve-env(?:=\S*)?|--set-home|--non-interactive|--stdin|--)$/;

/** Where `sudo` stands, with its fix; undefined where an option makes it do something (`-u`, `-i`). */
function sudoWord(at: CommandStep): { span: ReturnType<typeof span>; fixes: Fix[] } | undefined {
  const { command, script } = at;
  const text = script.text.slice(command.span.start, command.nameWord.span.start);
  const match = /(?:^|\s)(sudo\s+((?:-\S+\s+)*))(?:\w+=\S*\s+)*$/.exec(text);
  const options = match?.[2]?.split(/\s+/).filter((option) => option !== '') ?? [];
  if (match?.[1] === undefined || !options.every((option) => idleOption.test(option))) {
    return undefined;
  }
  const start = command.span.start + match.index + match[0].indexOf('sudo');
  const word = script.sourceSpan(span(start, start + 'sudo'.length));
  const whole = script.sourceSpan(span(start, start + match[1].length));
  const fix: Fix = { title: 'Remove sudo', applicability: 'review', edits: [{ span: whole, text: '' }] };
  return { span: word, fixes: at.step.instruction.form === 'shell' ? [fix] : [] };
}
