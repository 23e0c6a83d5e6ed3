import type { Dockerfile, Script } from '../model/dockerfile.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import type { TextEdit } from '../text/edits.ts';
import { type Span, span } from '../text/span.ts';

/**
 * Takes commands out of a RUN in which others stay. Undefined where a command cannot go without changing what the others
 * do, where none would be left, or where a comment would be lost.
 */
export function removeCommands(
  dockerfile: Dockerfile,
  script: Script,
  isGone: (command: ShellCommand) => boolean,
): TextEdit[] | undefined {
  const { commands } = script;
  const edits: TextEdit[] = [];
  for (let from = 0; from < commands.length; from++) {
    const first = commands[from];
    if (first === undefined || !isGone(first)) {
      continue;
    }
    let to = from;
    while (commands[to + 1] !== undefined && isGone(commands[to + 1] as ShellCommand)) {
      to++;
    }
    const cut = cutOf(commands, from, to);
    if (cut === undefined) {
      return undefined;
    }
    const place = span(script.sourceSpan(cut).start, script.sourceSpan(cut).end);
    if (dockerfile.text.slice(place.start, place.end).includes('#')) {
      return undefined;
    }
    edits.push({ span: place, text: '' });
    from = to;
  }
  return edits;
}

/** What goes with the commands from one place to another: the operator in front of them, or else the one behind. */
function cutOf(commands: readonly ShellCommand[], from: number, to: number): Span | undefined {
  const first = commands[from];
  const last = commands[to];
  const before = commands[from - 1];
  const behind = commands[to + 1];
  if (first === undefined || last === undefined || (before === undefined && behind === undefined)) {
    return undefined;
  }
  const touched = [before, ...commands.slice(from, to + 1), behind];
  const isPlain = touched.every((one) => one === undefined || one.isTopLevel);
  const operators = [...commands.slice(from, to + 1), behind].map((one) => one?.operator ?? '');
  // `a; b && c` without b would make c depend on a.
  const areAlike = new Set(operators.filter((one) => one !== '')).size <= 1;
  const isChain = operators.every((one) => ['', '&&', ';'].includes(one));
  if (!isPlain || !areAlike || !isChain) {
    return undefined;
  }
  return before === undefined
    ? span(first.span.start, behind?.span.start ?? last.span.end)
    : span(before.span.end, last.span.end);
}
