import type { InstallCommand } from '../ecosystems/ecosystem.ts';
import type { CommandStep } from '../model/commands.ts';
import { readMounts } from '../model/mounts.ts';
import { sortEdits } from '../text/edits.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { insertWords, lastOption } from './insert-words.ts';

/**
 * Has an install leave development dependencies out. `hooks` are scripts of package.json that would fail without them and
 * only set up hooks of Git: they are deleted first, in the image alone.
 */
export function leaveOutDevelopment(
  at: CommandStep,
  install: InstallCommand,
  option: string,
  hooks: readonly string[],
): Fix | undefined {
  const { command } = install;
  const last = lastOption(command.args) ?? command.nameWord;
  const words = command.args.length === 0 ? ['install', option] : [option];
  const edit = insertWords(at, last, words);
  const assumptions = ['The program loads no package that is declared for development only.'];
  if (edit === undefined) {
    return undefined;
  }
  if (hooks.length === 0) {
    return { title: `Add ${option}`, applicability: 'review', edits: [edit], assumptions };
  }
  const { user } = at.step.before;
  const isWritable =
    (user === undefined || /^(?:root|0)(?::|$)/.test(user)) &&
    readMounts(at.step.instruction).every((mount) => mount.type !== 'bind');
  const isPlain =
    at.step.instruction.form === 'shell' &&
    command.isTopLevel &&
    command.wrapper === undefined &&
    command.assignments.length === 0 &&
    ['', '&&', ';'].includes(command.operator);
  if (!isWritable || !isPlain || !['npm', 'pnpm'].includes(install.tool) || install.directory !== undefined) {
    return undefined;
  }
  const { start } = at.script.sourceSpan(command.nameWord.span);
  const names = hooks.map((name) => `scripts.${name}`).join(' ');
  return {
    title: `Add ${option}, without the script ${hooks.join(' and ')}`,
    applicability: 'review',
    edits: sortEdits([{ span: span(start, start), text: `npm pkg delete ${names} && ` }, edit]),
    assumptions: [
      ...assumptions,
      `The script ${hooks.join(' and ')} only sets up hooks of Git; package.json of the project stays as it is.`,
    ],
  };
}
