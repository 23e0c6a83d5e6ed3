import { packagesOf } from '../distros/build-packages.ts';
import type { CommandStep } from '../model/commands.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { operands, type ShellCommand } from '../syntax/shell/script.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/**
 * Removes a RUN that fetches package lists and installs nothing from them: with the lists cleaned up there is nothing left of
 * what it does. Undefined for a RUN that does more, or whose form holds comments.
 */
export function removeUpdate(dockerfile: Dockerfile, { step, script }: CommandStep): Fix | undefined {
  const { instruction } = step;
  const isAlone =
    instruction.form === 'shell' &&
    instruction.flags.length === 0 &&
    instruction.heredocs.length === 0 &&
    instruction.keyword === 'RUN' &&
    script.isUnderstood &&
    !script.hasComments &&
    script.commands.length > 0 &&
    script.commands.every(doesNothingElse);
  const layout = new Layout(dockerfile.syntax);
  const start = layout.lineStart(instruction.line.sourceAt(0));
  const end = layout.nextLine(instruction.span.end);
  const text = dockerfile.text.slice(start, end);
  // What stands behind the keyword alone is the instruction's own text: an ONBUILD in front of it is left alone.
  if (!isAlone || !/^[ \t]*run[ \t\\`]/i.test(text) || end <= instruction.span.end) {
    return undefined;
  }
  const isBlankAbove = /(?:^|\n)[ \t]*\r?\n$/.test(dockerfile.text.slice(Math.max(0, start - 200), start));
  const below = /^[ \t]*\r?\n/.exec(dockerfile.text.slice(end, end + 200))?.[0] ?? '';
  return {
    title: 'Remove the RUN: nothing is installed from the lists',
    applicability: 'safe',
    edits: [{ span: span(start, end + (isBlankAbove ? below.length : 0)), text: '' }],
  };
}

/** True for a command that fetches lists, and for an install that names no package. */
function doesNothingElse(command: ShellCommand): boolean {
  const words = operands(command).map((word) => word.text);
  const isPlain = command.redirects.length === 0 && command.assignments.length === 0;
  if (!isPlain || !['apt-get', 'apt', 'apk'].includes(command.name ?? '') || words.length !== 1) {
    return false;
  }
  const isRepair = command.args.some((word) => /^(?:-f|--fix-\S+)$/.test(word.text));
  return words[0] === 'update' || (words[0] === 'install' && !isRepair && packagesOf(command).length === 0);
}
