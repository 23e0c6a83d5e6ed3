import type { DockerfileSyntax, Flag } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import { Layout } from './layout.ts';

/** Takes a flag out, with the white space behind it; with its whole line where it is alone on a continued one. */
export function removedFlag(syntax: DockerfileSyntax, flag: Flag): TextEdit {
  const { text, escape: escapeChar } = syntax;
  const layout = new Layout(syntax);
  const start = layout.lineStart(flag.span.start);
  const next = layout.nextLine(flag.span.end);
  const isAlone =
    text.slice(start, flag.span.start).trim() === '' &&
    text.slice(flag.span.end, next).trim() === escapeChar &&
    next > flag.span.end;
  const white = /^[ \t]*/.exec(text.slice(flag.span.end))?.[0].length ?? 0;
  return { span: isAlone ? span(start, next) : span(flag.span.start, flag.span.end + white), text: '' };
}
