import type { Fix } from '../fixes/fix.ts';
import { placeOfWord } from '../fixes/insert-words.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { withTriggered } from '../model/dockerfile.ts';
import { operands } from '../syntax/shell/script.ts';
import type { Rule } from './rule.ts';

/** What both programs do in the same way. */
const sameVerbs = ['install', 'update', 'remove', 'purge', 'autoremove', 'clean', 'autoclean', 'build-dep'];

export const aptInScript: Rule = {
  meta: {
    id: 'apt-in-script',
    aliases: ['DL3027'],
    summary: 'apt is meant for people: its options and output may change.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Only commands that apt-get knows as well are rewritten, and where one call holds for both.',
    needs: [],
    docs: {
      what: 'A `RUN` calls `apt`.',
      why: 'apt says itself that its command line is not stable: what works in this build may not in the next release. `apt-get` and `apt-cache` are kept for scripts.',
      silent: 'The shell text was not understood.',
      fix: 'Calls `apt-get`, for what both do alike. For review: apt removes downloaded packages by itself, which official images have apt-get do as well.',
      bad: { dockerfile: 'FROM debian:13-slim\nRUN apt update\n' },
      good: { dockerfile: 'FROM debian:13-slim\nRUN apt-get update\n' },
      switchOff: 'Where apt is used on purpose.',
      references: ['https://manpages.debian.org/trixie/apt/apt.8.en.html'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of withTriggered(dockerfile.stages)) {
      for (const at of commandSteps(stage)) {
        if (at.command.name === 'apt') {
          yield {
            message: 'The command line of apt is not stable, as it says itself: use apt-get in a script.',
            span: at.script.sourceSpan(at.command.nameWord.span),
            fixes: fixFor(at),
          };
        }
      }
    }
  },
};

function fixFor(at: CommandStep): Fix[] {
  const { command } = at;
  const place = placeOfWord(at, command.nameWord);
  const verb = operands(command)[0]?.text ?? '';
  if (place === undefined || command.nameWord.text !== 'apt' || !sameVerbs.includes(verb)) {
    return [];
  }
  const text = at.step.instruction.form === 'json' ? '"apt-get"' : 'apt-get';
  return [{ title: 'Use apt-get', applicability: 'review', edits: [{ span: place, text }] }];
}
