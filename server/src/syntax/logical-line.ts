import { firstIndex } from '../text/first-index.ts';
import { type Span, span } from '../text/span.ts';

interface Segment {
  /** Offset in the logical text. */
  readonly logical: number;
  /** Offset of the same character in the document. */
  readonly source: number;
  readonly length: number;
}

/**
 * The text of one instruction as BuildKit sees it: continuation characters, the comments and the blank lines between
 * continued lines are gone, and the lines are joined without a break. Knows where each character came from.
 */
export class LogicalLine {
  readonly text: string;
  private readonly segments: readonly Segment[];

  constructor(parts: readonly { readonly text: string; readonly source: number }[]) {
    const segments: Segment[] = [];
    let text = '';
    for (const part of parts) {
      segments.push({ logical: text.length, source: part.source, length: part.text.length });
      text += part.text;
    }
    this.text = text;
    this.segments = segments;
  }

  /** Document offset of the character at a logical offset; the end of the line maps behind its last character. */
  sourceAt(offset: number): number {
    const behind = firstIndex(this.segments.length, (i) => (this.segments[i]?.logical ?? 0) > offset);
    const segment = this.segments[Math.max(0, behind - 1)];
    return segment === undefined ? 0 : segment.source + Math.min(offset - segment.logical, segment.length);
  }

  /** Document span of a stretch of the logical text; may reach over continued lines. */
  sourceSpan(start: number, end: number): Span {
    if (end <= start) {
      const at = this.sourceAt(start);
      return span(at, at);
    }
    return span(this.sourceAt(start), this.sourceAt(end - 1) + 1);
  }
}
