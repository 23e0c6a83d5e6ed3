import type { Dockerfile, Script, Step } from '../model/dockerfile.ts';
import type { TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import { Layout } from './layout.ts';

/** A line of a RUN stays below this length when a command is put behind it. */
const widestLine = 100;

/**
 * Adds a command to the end of a RUN, in its own style: on the same line, on a line of its own with `&&` in front or
 * at the end of the line above, or as a line of its heredoc. Undefined where it cannot be added with certainty.
 */
export function appendToRun(
  dockerfile: Dockerfile,
  step: Step,
  script: Script,
  command: string,
): TextEdit | undefined {
  const { instruction } = step;
  const last = script.commands.findLast((one) => one.isTopLevel);
  if (instruction.form === 'json' || last === undefined || ['exit', 'exec'].includes(last.name ?? '')) {
    return undefined;
  }
  if (script.hasComments && !script.isHeredoc) {
    // What is put behind a shell comment is part of the comment.
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  if (script.isHeredoc) {
    return appendToHeredoc(dockerfile, step, layout, command, script.sourceSpan(last.span).end);
  }
  const { line, argumentsEnd } = instruction;
  const end = line.sourceAt(argumentsEnd - 1) + 1;
  const text = line.text.slice(instruction.argumentsStart, argumentsEnd);
  if (text.endsWith('&') || text.endsWith('|')) {
    return undefined;
  }
  const joiner = text.endsWith(';') ? '' : '&& ';
  const continuation = dockerfile.syntax.escape;
  const lastLineStart = layout.lineStart(end);
  const isMultiLine = lastLineStart > instruction.span.start;
  if (!isMultiLine && end - lastLineStart + command.length < widestLine) {
    return { span: span(end, end), text: ` ${joiner}${command}` };
  }
  const indent = isMultiLine ? operatorIndent(dockerfile.text.slice(instruction.span.start, end)) : '    ';
  const breaksBehind = /(?:&&|;)\s*$/.test(textBeforeContinuation(dockerfile, lastLineStart));
  const separator = joiner === '' ? '' : ' &&';
  return breaksBehind
    ? { span: span(end, end), text: `${separator} ${continuation}${layout.lineBreak}${indent}${command}` }
    : {
        span: span(end, end),
        text: ` ${continuation}${layout.lineBreak}${indent || '    '}${joiner}${command}`,
      };
}

/** The white space in front of the last line that starts with an operator; of the last line where none does. */
function operatorIndent(text: string): string {
  const lines = text.split('\n').slice(1);
  const line = lines.findLast((one) => /^[ \t]*(?:&&|;)/.test(one)) ?? lines.at(-1) ?? '';
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** The text of the line above, its continuation character left off. */
function textBeforeContinuation(dockerfile: Dockerfile, lineStart: number): string {
  const above = dockerfile.text.slice(0, lineStart).trimEnd();
  return above
    .slice(above.lastIndexOf('\n') + 1)
    .slice(0, -1)
    .trimEnd();
}

function appendToHeredoc(
  dockerfile: Dockerfile,
  step: Step,
  layout: Layout,
  command: string,
  lastEnd: number,
): TextEdit | undefined {
  const body = step.instruction.heredocs[0]?.body;
  if (body === undefined) {
    return undefined;
  }
  const text = dockerfile.text.slice(body.start, body.end);
  const indent = /(?:^|\n)([ \t]*)\S[^\n]*\n?$/.exec(text)?.[1] ?? '';
  // The body of a heredoc goes on after a line that fails, unless it says otherwise; a clean-up behind it does no harm,
  // but it must not hide that the last line failed.
  const stops = /(?:^|\n)[ \t]*set\s+-\w*e/.test(text);
  if (stops) {
    return { span: span(body.end, body.end), text: `${indent}${command}${layout.lineBreak}` };
  }
  const isAtEnd = dockerfile.text.slice(lastEnd, body.end).trim() === '';
  return isAtEnd ? { span: span(lastEnd, lastEnd), text: ` && ${command}` } : undefined;
}
