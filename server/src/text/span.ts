/** A stretch of text: UTF-16 offsets into the document, `end` not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function span(start: number, end: number): Span {
  return { start, end };
}

/** True when the offset lies in the span or touches one of its ends (as an editor's cursor does). */
export function touches(a: Span, offset: number): boolean {
  return a.start <= offset && offset <= a.end;
}

/** True when the two spans share a character, or touch where one of them is empty. */
export function overlaps(a: Span, b: Span): boolean {
  if (a.start === a.end || b.start === b.end) {
    return a.start <= b.end && b.start <= a.end;
  }
  return a.start < b.end && b.start < a.end;
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
