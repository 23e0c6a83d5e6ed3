import type { Fix } from '../fixes/fix.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';
import { baseTraits, isDevContainer, isRoot } from './shipped.ts';

export const sudoInRun: Rule = {
  meta: {
    id: 'sudo-in-run',
    aliases: ['DL3004'],
    summary: 'sudo is used although the build is root already.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    needs: ['images'],
    docs: {
      what: 'A `RUN` calls `sudo`.',
      why: 'The build runs as root unless `USER` says otherwise, so sudo does nothing but add a program with which a process in the container can become root.',
      silent:
        'The user is another one than root, or is not known: then sudo does something. It still belongs replaced by `USER root`.',
      fix: 'Takes `sudo` away where it stands without options. For review, because sudo also clears the environment.',
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
    for (const stage of context.dockerfile.stages) {
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

/** Where `sudo` stands; with a fix where the command follows it directly. */
function sudoWord(at: CommandStep): { span: ReturnType<typeof span>; fixes: Fix[] } | undefined {
  const { command, script } = at;
  const text = script.text.slice(command.span.start, command.nameWord.span.start);
  const match = /(?:^|\s)(sudo\s+)/.exec(text);
  if (match === null) {
    return undefined;
  }
  const start = command.span.start + match.index + match[0].length - (match[1]?.length ?? 0);
  const isBare = start + (match[1]?.length ?? 0) === command.nameWord.span.start;
  const word = script.sourceSpan(span(start, start + 'sudo'.length));
  const whole = script.sourceSpan(span(start, command.nameWord.span.start));
  const fix: Fix = { title: 'Remove sudo', applicability: 'review', edits: [{ span: whole, text: '' }] };
  return { span: word, fixes: isBare && at.step.instruction.form === 'shell' ? [fix] : [] };
}
