import type { Span } from './span.ts';

/** Replace the text of `span` (offsets of the text before any edit) by `text`. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** Sorts edits by position; edits at the same place keep their order. */
export function sortEdits(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** True when two of the edits touch the same characters, so that they cannot be applied together. */
export function editsOverlap(edits: readonly TextEdit[]): boolean {
  const sorted = sortEdits(edits);
  return sorted.some((edit, i) => {
    const next = sorted[i + 1];
    return next !== undefined && edit.span.end > next.span.start;
  });
}

/**
 * Applies edits that were made for `text`.
 * @throws RangeError when two of them overlap: such a fix is a programming mistake, and must not reach a file.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  if (editsOverlap(edits)) {
    throw new RangeError('edits overlap');
  }
  let result = '';
  let at = 0;
  for (const edit of sortEdits(edits)) {
    result += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return result + text.slice(at);
}

/** Where a place of a text is after edits were made; one that was replaced is where its replacement starts. */
export function offsetAfter(offset: number, edits: readonly TextEdit[]): number {
  let moved = offset;
  for (const { span, text } of edits) {
    if (span.end <= offset && span.start < offset) {
      moved += text.length - (span.end - span.start);
    } else if (span.start < offset) {
      moved -= offset - span.start;
    }
  }
  return moved;
}
