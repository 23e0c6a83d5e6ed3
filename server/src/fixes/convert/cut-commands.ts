import type { Script } from '../../model/dockerfile.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { type Span, span } from '../../text/span.ts';

/**
 * The stretches of a document that take some commands out of a RUN, each with the operator that joins it to the others.
 * Undefined where the others would not be the same without them, or where a comment would be lost.
 */
export function cutCommands(script: Script, removed: ReadonlySet<ShellCommand>): Span[] | undefined {
  const commands = script.commands.filter((one) => one.isTopLevel);
  // What stands in a substitution, as in `-j$(nproc)`, goes or stays with the command around it.
  const isPlain = script.commands.every(
    (one) =>
      one.operator !== '||' &&
      one.wrapper === undefined &&
      (one.isTopLevel ||
        commands.some((outer) => outer.span.start < one.span.start && one.span.end <= outer.span.end)),
  );
  // What a pipe joins goes or stays as a whole.
  const isParted = commands.some(
    (one, i) => one.operator === '|' && removed.has(one) !== removed.has(commands[i - 1] ?? one),
  );
  const firstKept = commands.findIndex((one) => !removed.has(one));
  if (!isPlain || isParted || firstKept < 0) {
    return undefined;
  }
  const spans: Span[] = [];
  for (const [i, command] of commands.entries()) {
    const [previous, next] = [commands[i - 1], commands[i + 1]];
    if (!removed.has(command)) {
      continue;
    }
    if (i < firstKept && next !== undefined) {
      spans.push(span(script.sourceSpan(command.span).start, script.sourceSpan(next.span).start));
    } else if (previous !== undefined) {
      spans.push(span(script.sourceSpan(previous.span).end, script.sourceSpan(command.span).end));
    }
  }
  return spans;
}
