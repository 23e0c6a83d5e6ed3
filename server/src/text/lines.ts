import { firstIndex } from './first-index.ts';

/** Finds lines and columns for offsets. Lines end with `\n`, `\r\n` or a lone `\r`, as the language server protocol has it. */
export class LineIndex {
  readonly text: string;
  private readonly starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) {
        this.starts.push(i + 1);
      }
    }
  }

  /** How many lines the text has; a text that ends with a line break has an empty last line. */
  get count(): number {
    return this.starts.length;
  }

  /** Zero-based line of an offset. */
  lineAt(offset: number): number {
    return Math.max(0, firstIndex(this.starts.length, (i) => (this.starts[i] ?? 0) > offset) - 1);
  }

  /** Offset of a line's first character. */
  startOf(line: number): number {
    return this.starts[line] ?? this.text.length;
  }

  /** Offset behind a line's last character, its line break not included. */
  endOf(line: number): number {
    let end = this.starts[line + 1] ?? this.text.length;
    if (line + 1 < this.starts.length) {
      end--;
      if (this.text[end] === '\n' && this.text[end - 1] === '\r') {
        end--;
      }
    }
    return end;
  }

  /** Text of the line that an offset lies in, without its line break. */
  lineText(offset: number): string {
    const line = this.lineAt(offset);
    return this.text.slice(this.startOf(line), this.endOf(line));
  }

  /** Zero-based line and column (UTF-16 units) of an offset. */
  positionAt(offset: number): { line: number; character: number } {
    const at = Math.max(0, Math.min(offset, this.text.length));
    const line = this.lineAt(at);
    return { line, character: at - this.startOf(line) };
  }
}

/** The line break a text uses: that of its first line, `\n` where it has none. */
export function lineBreakOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}
