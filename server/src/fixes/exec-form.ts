import type { Dockerfile, Step } from '../model/dockerfile.ts';
import { argumentSpan, argumentText } from '../syntax/tree.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';

/** Words that a shell would take as they stand: no quotes, variables, globs, operators or redirects. */
const plainWords = /^[\w@%+=:,./-]+(?:[ \t]+[\w@%+=:,./-]+)*$/;

/** Words that only a shell knows. */
const builtins = ['cd', 'export', 'exec', 'source', '.', 'set', 'if', 'for', 'while', 'ulimit', 'umask'];

/** Writes a start command or probe in exec form; undefined where it needs a shell to mean what it says. */
export function execForm(dockerfile: Dockerfile, step: Step): Fix | undefined {
  const { instruction } = step;
  const whole = argumentSpan(instruction);
  const prefix =
    instruction.keyword === 'HEALTHCHECK' ? (/^CMD\s+/i.exec(argumentText(instruction))?.[0] ?? '') : '';
  const text = argumentText(instruction).slice(prefix.length);
  const hasBreak = dockerfile.text.slice(whole.start, whole.end).includes('\n');
  const words = text.split(/[ \t]+/);
  if (
    hasBreak ||
    !plainWords.test(text) ||
    builtins.includes(words[0] ?? '') ||
    /^\w+=/.test(words[0] ?? '')
  ) {
    return undefined;
  }
  return {
    title: `Write ${instruction.keyword} in exec form`,
    applicability: 'review',
    edits: [
      {
        span: span(whole.start + prefix.length, whole.end),
        text: JSON.stringify(words).replaceAll('","', '", "'),
      },
    ],
  };
}
