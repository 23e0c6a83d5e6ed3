import { DiagnosticSeverity, type Position, type Range, type TextEdit } from 'vscode-languageserver';
import type { Severity } from '../rules/rule.ts';
import type { TextEdit as OffsetEdit } from '../text/edits.ts';
import type { LineIndex } from '../text/lines.ts';
import { type Span, span } from '../text/span.ts';

export function toRange(lines: LineIndex, place: Span): Range {
  return { start: lines.positionAt(place.start), end: lines.positionAt(place.end) };
}

export function toTextEdit(lines: LineIndex, edit: OffsetEdit): TextEdit {
  return { range: toRange(lines, edit.span), newText: edit.text };
}

/** Offset of a position; one behind the end of its line counts as that end, as the protocol has it. */
export function toOffset(lines: LineIndex, position: Position): number {
  if (position.line >= lines.count) {
    return lines.text.length;
  }
  return Math.min(lines.startOf(position.line) + position.character, lines.endOf(position.line));
}

export function toSpan(lines: LineIndex, range: Range): Span {
  return span(toOffset(lines, range.start), toOffset(lines, range.end));
}

export function toSeverity(severity: Severity): DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return DiagnosticSeverity.Error;
    case 'warning':
      return DiagnosticSeverity.Warning;
    case 'information':
      return DiagnosticSeverity.Information;
    case 'hint':
      return DiagnosticSeverity.Hint;
  }
}
