import type { DockerfileSyntax, Instruction } from '../syntax/tree.ts';
import { applyEdits, type TextEdit } from '../text/edits.ts';
import { LineIndex, lineBreakOf } from '../text/lines.ts';
import { type Span, span } from '../text/span.ts';

/** Every fix of a file needs its lines: one index for all of them keeps the cost of a long file linear. */
const lineIndexes = new WeakMap<DockerfileSyntax, LineIndex>();

function lineIndexOf(syntax: DockerfileSyntax): LineIndex {
  const lines = lineIndexes.get(syntax) ?? new LineIndex(syntax.text);
  lineIndexes.set(syntax, lines);
  return lines;
}

/**
 * Builds edits that fit a Dockerfile's own layout: its line breaks, the case of its keywords, its continuation
 * character, and comments that belong to the instruction below them.
 */
export class Layout {
  readonly lineBreak: string;
  private readonly syntax: DockerfileSyntax;
  private readonly lines: LineIndex;
  private readonly isLowerCase: boolean;

  constructor(syntax: DockerfileSyntax) {
    this.syntax = syntax;
    this.lines = lineIndexOf(syntax);
    this.lineBreak = lineBreakOf(syntax.text);
    const first = syntax.instructions[0];
    const written =
      first === undefined ? 'X' : syntax.text.slice(first.keywordSpan.start, first.keywordSpan.end);
    this.isLowerCase = written === written.toLowerCase();
  }

  /** A keyword in the case this file uses. */
  keyword(name: string): string {
    return this.isLowerCase ? name.toLowerCase() : name;
  }

  lineStart(offset: number): number {
    return this.lines.startOf(this.lines.lineAt(offset));
  }

  /** Start of the line after the one an offset is in; the end of the text when it is the last. */
  nextLine(offset: number): number {
    return this.lines.startOf(this.lines.lineAt(offset) + 1);
  }

  /** Start of the first line of an instruction; for one behind ONBUILD, of the line that holds the ONBUILD. */
  private firstLine(instruction: Instruction): number {
    return this.lineStart(instruction.line.sourceAt(0));
  }

  /**
   * The whole lines of an instruction with the comments that stand right above it, last line break included. A comment
   * belongs to the instruction when no blank line parts them; the head of the file (directives, and the first comment
   * when a blank line follows) does not.
   */
  block(instruction: Instruction): Span {
    return span(this.blockStart(instruction), this.nextLine(instruction.span.end));
  }

  blockStart(instruction: Instruction): number {
    let start = this.firstLine(instruction);
    for (let i = this.syntax.comments.length - 1; i >= 0; i--) {
      const comment = this.syntax.comments[i];
      if (comment === undefined || comment.span.start >= start || comment.inside) {
        continue;
      }
      if (this.nextLine(comment.span.end) !== start) {
        break;
      }
      start = this.lineStart(comment.span.start);
    }
    return start;
  }

  /** Puts lines above an instruction and the comments that belong to it. */
  insertBefore(instruction: Instruction, lines: readonly string[]): TextEdit {
    const at = this.blockStart(instruction);
    return { span: span(at, at), text: this.join(lines) };
  }

  /** Puts lines between an instruction and the comments above it. */
  insertRightBefore(instruction: Instruction, lines: readonly string[]): TextEdit {
    const at = this.firstLine(instruction);
    return { span: span(at, at), text: this.join(lines) };
  }

  /** Puts lines below an instruction. */
  insertAfter(instruction: Instruction, lines: readonly string[]): TextEdit {
    const end = this.nextLine(instruction.span.end);
    const isUnfinished = end === this.syntax.text.length && !this.syntax.text.endsWith('\n');
    if (isUnfinished) {
      return { span: span(end, end), text: this.lineBreak + lines.join(this.lineBreak) };
    }
    return { span: span(end, end), text: this.join(lines) };
  }

  /** Takes an instruction's lines out, its comments left; of blank lines on both sides one stays. */
  remove(instruction: Instruction): TextEdit {
    const start = this.firstLine(instruction);
    return this.removal(span(start, this.nextLine(instruction.span.end)));
  }

  /** Takes whole lines out; of blank lines on both sides one stays. */
  private removal({ start, end }: Span): TextEdit {
    const { text } = this.syntax;
    const above = this.lineStart(start - 1);
    const isBlankAbove = start === 0 || (above > 0 && this.isBlank(above));
    const isBlankBelow = this.isBlank(end) && text.includes('\n', end);
    return { span: span(start, isBlankAbove && isBlankBelow ? this.nextLine(end) : end), text: '' };
  }

  /** True for a line of nothing but spaces and tabs, by its start. */
  private isBlank(start: number): boolean {
    return /^[ \t]*(?:\r?\n)?$/.test(this.syntax.text.slice(start, this.nextLine(start)));
  }

  /** Takes an instruction and its comments out, and puts them below another one. */
  moveAfter(instruction: Instruction, target: Instruction): TextEdit[] {
    const block = this.block(instruction);
    const text = this.syntax.text.slice(block.start, block.end).replace(/\r?\n$/, '');
    return [this.removal(block), this.insertAfter(target, text.split(this.lineBreak))];
  }

  /** Takes an instruction and its comments out, and puts them above another one, with `edits` made inside it. */
  moveBefore(instruction: Instruction, target: Instruction, edits: readonly TextEdit[]): TextEdit[] {
    const block = this.block(instruction);
    const inside = edits.map((edit) => ({
      span: span(edit.span.start - block.start, edit.span.end - block.start),
      text: edit.text,
    }));
    const text = applyEdits(this.syntax.text.slice(block.start, block.end), inside).replace(/\r?\n$/, '');
    return [this.insertBefore(target, text.split(this.lineBreak)), this.removal(block)];
  }

  /** Lines as they stand in the file, each with its line break. */
  join(lines: readonly string[]): string {
    return lines.map((line) => line + this.lineBreak).join('');
  }
}
