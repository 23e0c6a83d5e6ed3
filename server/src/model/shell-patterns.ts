/**
 * The patterns of `*` and `?` in `${value#pattern}` and the like. A pattern is cut at its stars, and the pieces are
 * looked for one after the other, so that no pattern takes more time than its length times that of the value. The
 * functions give undefined where BuildKit refuses the pattern, and where the answer would take too long to find.
 */

/** Comparisons of single characters in one call; only a hostile text needs more. */
const mostComparisons = 1_000_000;

/** `${value#pattern}`, and `##` where the pattern starts with another `#`: what matches at the front is taken away. */
export function trimFront(value: string, pattern: string): string | undefined {
  const isLongest = pattern.startsWith('#');
  return trim(value, piecesOf(isLongest ? pattern.slice(1) : pattern), isLongest);
}

/** `${value%pattern}` and `%%`: what matches at the end is taken away. */
export function trimBack(value: string, pattern: string): string | undefined {
  const isLongest = pattern.startsWith('%');
  const pieces = piecesOf(isLongest ? pattern.slice(1) : pattern);
  const backwards = pieces?.map((piece) => [...piece].reverse()).reverse();
  const left = trim(reversed(value), backwards, isLongest);
  return left === undefined ? undefined : reversed(left);
}

/** `${value/pattern/replacement}`: the first match, as long as it may be, or every match, is replaced. */
export function replaceFirst(
  value: string,
  pattern: string,
  replacement: string,
  options: { readonly isGlobal: boolean; readonly longest: number },
): string | undefined {
  const pieces = piecesOf(pattern);
  // What an empty pattern replaces is an accident, and a star does not match a line break.
  if (pieces === undefined || pattern === '' || value.includes('\n')) {
    return undefined;
  }
  const search = new Search(value, pieces);
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  for (let match = search.next(0); match !== undefined; match = search.next(from)) {
    parts.push(value.slice(from, match.start), replacement);
    length += match.start - from + replacement.length;
    from = match.end;
    if (length > options.longest) {
      return undefined;
    }
    if (!options.isGlobal || from === value.length) {
      break;
    }
  }
  return search.isExhausted ? undefined : parts.join('') + value.slice(from);
}

function trim(value: string, pieces: readonly Piece[] | undefined, isLongest: boolean): string | undefined {
  if (pieces === undefined || value.includes('\n')) {
    return undefined;
  }
  const search = new Search(value, pieces);
  const end = search.endOfPrefix(isLongest);
  return search.isExhausted ? undefined : end === undefined ? value : value.slice(end);
}

/** The characters of a pattern between two stars; undefined stands for any one character. */
type Piece = readonly (string | undefined)[];

class Search {
  private readonly value: string;
  private readonly pieces: readonly Piece[];
  private comparisons = 0;

  constructor(value: string, pieces: readonly Piece[]) {
    this.value = value;
    this.pieces = pieces;
  }

  /** True where the search was given up. */
  get isExhausted(): boolean {
    return this.comparisons > mostComparisons;
  }

  /** Where the shortest or the longest match at the front of the value ends. */
  endOfPrefix(isLongest: boolean): number | undefined {
    return this.isAt(this.first, 0) ? this.endFrom(0, isLongest) : undefined;
  }

  /** The first match behind a place: where the first piece stands first, the others have the most room. */
  next(from: number): { readonly start: number; readonly end: number } | undefined {
    const start = this.find(this.first, from);
    const end = start === undefined ? undefined : this.endFrom(start, true);
    return start === undefined || end === undefined ? undefined : { start, end };
  }

  private get first(): Piece {
    return this.pieces[0] ?? [];
  }

  /** The end of a match whose first piece stands at `start`. */
  private endFrom(start: number, isLongest: boolean): number | undefined {
    let at = start + this.first.length;
    for (const [i, piece] of this.pieces.entries()) {
      if (i > 0) {
        const isLast = i === this.pieces.length - 1;
        const found = isLast && isLongest ? this.findLast(piece, at) : this.find(piece, at);
        if (found === undefined) {
          return undefined;
        }
        at = found + piece.length;
      }
    }
    return at;
  }

  private find(piece: Piece, from: number): number | undefined {
    for (let at = from; at + piece.length <= this.value.length && !this.isExhausted; at++) {
      if (this.isAt(piece, at)) {
        return at;
      }
    }
    return undefined;
  }

  private findLast(piece: Piece, from: number): number | undefined {
    for (let at = this.value.length - piece.length; at >= from && !this.isExhausted; at--) {
      if (this.isAt(piece, at)) {
        return at;
      }
    }
    return undefined;
  }

  private isAt(piece: Piece, at: number): boolean {
    if (at + piece.length > this.value.length) {
      return false;
    }
    return piece.every((ch, i) => {
      this.comparisons++;
      return ch === undefined || ch === this.value.charAt(at + i);
    });
  }
}

function piecesOf(pattern: string): Piece[] | undefined {
  const pieces: (string | undefined)[][] = [[]];
  for (let at = 0; at < pattern.length; at++) {
    const ch = pattern.charAt(at);
    const last = pieces.at(-1);
    if (ch === '*') {
      pieces.push([]);
    } else if (ch === '?') {
      last?.push(undefined);
    } else if (ch === '\\') {
      const next = pattern.charAt(++at);
      if (!'}/*?\\'.includes(next) || next === '') {
        return undefined;
      }
      last?.push(next);
    } else {
      last?.push(ch);
    }
  }
  return pieces;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}
