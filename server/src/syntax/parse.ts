import { firstIndex } from '../text/first-index.ts';
import { span } from '../text/span.ts';
import { readCheckOptions } from './check-options.ts';
import { readInstruction } from './instruction.ts';
import { LogicalLine } from './logical-line.ts';
import { isBlank, skipSpace } from './space.ts';
import {
  type Comment,
  type DockerfileSyntax,
  type Heredoc,
  type Instruction,
  keywords,
  type ParserDirective,
  type SyntaxProblem,
} from './tree.ts';
import { validate } from './validate.ts';

/** One line of the document; `text` is without its line break. */
interface Line {
  readonly start: number;
  readonly end: number;
  /** Start of the next line. */
  readonly next: number;
  readonly text: string;
}

const directivePattern = /^([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=[\t\f\r ]*([^\t\f\r ].*)$/;
const directiveNames = ['syntax', 'escape', 'check'];

/**
 * Parses a Dockerfile. Reads valid text exactly as BuildKit's parser does. Never throws: what BuildKit would refuse is
 * reported as a problem, confined to its own instruction, and the rest is read as if it had been right. Takes time in
 * proportion to the length of the text.
 */
export function parseDockerfile(text: string): DockerfileSyntax {
  return new Parser(text).parse();
}

class Parser {
  private readonly text: string;
  private readonly lines: readonly Line[];
  private escape: '\\' | '`' = '\\';
  private at = 0;
  private readonly directives: ParserDirective[] = [];
  private readonly comments: Comment[] = [];
  private readonly instructions: Instruction[] = [];
  private readonly problems: SyntaxProblem[] = [];
  private terminators: Terminators | undefined;

  constructor(text: string) {
    this.text = text;
    this.lines = splitLines(text);
  }

  parse(): DockerfileSyntax {
    this.readDirectives();
    while (this.at < this.lines.length) {
      const line = this.line(this.at);
      if (isComment(line.text)) {
        this.addComment(line, false);
        this.at++;
      } else if (isBlank(line.text)) {
        this.at++;
      } else {
        this.readInstruction();
      }
    }
    const syntax = {
      text: this.text,
      escape: this.escape,
      directives: this.directives,
      comments: this.comments,
      instructions: this.instructions,
    };
    const problems = [...this.problems, ...validate(syntax)].sort((a, b) => a.span.start - b.span.start);
    return { ...syntax, problems };
  }

  private line(index: number): Line {
    return (
      this.lines[index] ?? {
        start: this.text.length,
        end: this.text.length,
        next: this.text.length,
        text: '',
      }
    );
  }

  private addComment(line: Line, inside: boolean): void {
    const start = line.start + line.text.indexOf('#');
    const text = this.text.slice(start + 1, line.end).trim();
    this.comments.push({
      span: span(start, line.end),
      text,
      textStart: this.text.indexOf(text, start + 1),
      inside,
    });
  }

  private readDirectives(): void {
    const seen = new Set<string>();
    for (; this.at < this.lines.length; this.at++) {
      const line = this.line(this.at);
      const hash = skipSpace(line.text);
      const nameAt = skipSpace(line.text, hash + 1);
      const match = line.text.charAt(hash) === '#' ? directivePattern.exec(line.text.slice(nameAt)) : null;
      const name = match?.[1]?.toLowerCase() ?? '';
      if (match === null || !directiveNames.includes(name)) {
        return;
      }
      const start = line.start + hash;
      const written = match[2] ?? '';
      const value = withoutSpaceBehind(written);
      const valueStart = line.start + line.text.length - written.length;
      const directive = {
        name,
        value,
        span: span(start, line.end),
        valueSpan: span(valueStart, valueStart + value.length),
      };
      this.directives.push(directive);
      if (seen.has(name)) {
        this.problems.push({ message: `Only one ${name} directive may be used.`, span: directive.span });
      } else if (name === 'escape') {
        if (value === '\\' || value === '`') {
          this.escape = value;
        } else {
          this.problems.push({ message: 'The escape character must be \\ or `.', span: directive.valueSpan });
        }
      } else if (name === 'check' && readCheckOptions(value) === undefined) {
        this.problems.push({
          message: 'BuildKit takes check=skip=…, experimental=… and error=true here, parted by semicolons.',
          span: directive.valueSpan,
        });
      }
      seen.add(name);
    }
  }

  private readInstruction(): void {
    const parts: { text: string; source: number }[] = [];
    const blanks: { start: number; end: number }[] = [];
    let lastLine = this.at;
    let continues = true;
    let pendingComments: Line[] = [];
    let pendingBlanks: Line[] = [];
    for (let first = true; continues && this.at < this.lines.length; first = false) {
      const line = this.line(this.at);
      if (!first && isComment(line.text)) {
        pendingComments.push(line);
        this.at++;
        continue;
      }
      if (!first && isBlank(line.text)) {
        pendingBlanks.push(line);
        this.at++;
        continue;
      }
      if (!first && startsInstruction(line.text) && !awaitsInstruction(parts)) {
        this.reportSwallowed(lastLine, line);
        break;
      }
      // Comments and blank lines belong to the instruction only when it really goes on behind them.
      for (const comment of pendingComments) {
        this.addComment(comment, true);
      }
      blanks.push(...pendingBlanks.map((blank) => span(blank.start, blank.end)));
      pendingComments = [];
      pendingBlanks = [];
      const indent = first ? skipSpace(line.text) : 0;
      const continued = continuationAt(line.text, this.escape);
      continues = continued !== undefined;
      parts.push({
        text: line.text.slice(indent, continued ?? line.text.length),
        source: line.start + indent,
      });
      lastLine = this.at;
      this.at++;
    }
    if (this.at >= this.lines.length) {
      blanks.push(...pendingBlanks.map((blank) => span(blank.start, blank.end)));
    }
    // A continuation that runs into the end of the file, or into the next instruction, leaves these lines outside.
    for (const comment of pendingComments) {
      this.addComment(comment, false);
    }
    const line = new LogicalLine(parts);
    if (isBlank(line.text)) {
      const start = parts[0]?.source ?? 0;
      this.problems.push({ message: `Nothing follows this ${this.escape}.`, span: span(start, start + 1) });
      return;
    }
    const instruction = readInstruction(
      line,
      0,
      { documentText: this.text, escape: this.escape },
      this.line(lastLine).end,
      blanks,
    );
    this.instructions.push(this.readHeredocs(instruction));
  }

  private reportSwallowed(lastLine: number, next: Line): void {
    const previous = this.line(lastLine);
    const escapeAt = previous.start + previous.text.lastIndexOf(this.escape);
    const keyword = next.text.split(/\s/, 1)[0] ?? '';
    this.problems.push({
      message: `This ${this.escape} joins the ${keyword} below to this instruction. Remove it, or go on with the instruction.`,
      span: span(escapeAt, escapeAt + 1),
    });
  }

  /** Takes the bodies of an instruction's heredocs from the lines that follow. */
  private readHeredocs(instruction: Instruction): Instruction {
    const target = instruction.trigger ?? instruction;
    if (target.heredocs.length === 0) {
      return instruction;
    }
    this.terminators ??= new Terminators(this.lines);
    const heredocs: Heredoc[] = [];
    let end = instruction.span.end;
    for (const heredoc of target.heredocs) {
      const terminator = this.terminators.find(heredoc.name, heredoc.stripsTabs, this.at);
      if (terminator === undefined) {
        // BuildKit gives up here. Somebody may be typing: what follows is better read as instructions.
        heredocs.push({ ...heredoc, body: span(end, end) });
        this.problems.push({
          message: `This heredoc is not closed: no line below says ${heredoc.name} and nothing else.`,
          span: heredoc.span,
        });
        continue;
      }
      const last = this.line(terminator);
      heredocs.push({
        ...heredoc,
        body: span(this.line(this.at).start, last.start),
        terminator: span(last.start + skipSpace(last.text), last.end),
      });
      end = last.end;
      this.at = terminator + 1;
    }
    const wholeSpan = span(instruction.span.start, end);
    if (instruction.trigger === undefined) {
      return { ...instruction, heredocs, span: wholeSpan };
    }
    const trigger = { ...instruction.trigger, heredocs, span: span(instruction.trigger.span.start, end) };
    return { ...instruction, trigger, span: wholeSpan };
  }
}

/** Finds the line that ends a heredoc without reading the text once per heredoc. */
class Terminators {
  private readonly exact = new Map<string, number[]>();
  private readonly withoutTabs = new Map<string, number[]>();

  constructor(lines: readonly Line[]) {
    lines.forEach((line, index) => {
      append(this.exact, line.text, index);
      append(this.withoutTabs, line.text.replace(/^\t+/, ''), index);
    });
  }

  find(name: string, stripsTabs: boolean, from: number): number | undefined {
    const candidates = (stripsTabs ? this.withoutTabs : this.exact).get(name) ?? [];
    return candidates[firstIndex(candidates.length, (i) => (candidates[i] ?? 0) >= from)];
  }
}

function append(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}

function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  // A byte order mark belongs to no line.
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  while (start < text.length) {
    const breakAt = text.indexOf('\n', start);
    const next = breakAt < 0 ? text.length : breakAt + 1;
    let end = breakAt < 0 ? text.length : breakAt;
    while (end > start && text.charAt(end - 1) === '\r') {
      end--;
    }
    lines.push({ start, end, next, text: text.slice(start, end) });
    start = next;
  }
  return lines;
}

function isComment(line: string): boolean {
  return line.charAt(skipSpace(line)) === '#';
}

/** The value of a directive, at whose end BuildKit takes away less than elsewhere. */
function withoutSpaceBehind(text: string): string {
  let end = text.length;
  while (end > 0 && '\t\f\r '.includes(text.charAt(end - 1))) {
    end--;
  }
  return text.slice(0, end);
}

/** Where the continuation character of a line stands; an escaped escape character continues nothing. */
function continuationAt(line: string, escapeChar: string): number | undefined {
  let end = line.length;
  while (end > 0 && (line.charAt(end - 1) === ' ' || line.charAt(end - 1) === '\t')) {
    end--;
  }
  if (end === 0 || line.charAt(end - 1) !== escapeChar || line.charAt(end - 2) === escapeChar) {
    return undefined;
  }
  return end - 1;
}

/** True where an instruction is due: behind ONBUILD, and behind a HEALTHCHECK that has only flags so far. */
function awaitsInstruction(parts: readonly { readonly text: string }[]): boolean {
  const text = parts.map((part) => part.text).join('');
  return /^(?:ONBUILD|HEALTHCHECK(?:\s+--\S+)*)\s*$/i.test(text);
}

/**
 * True for a line that nobody means as the continuation of another: an upper-case keyword in the first column with
 * something behind it. BuildKit would join it; for text that is being typed, and for a backslash left behind, reading
 * it as an instruction is what helps.
 */
function startsInstruction(line: string): boolean {
  const match = /^([A-Z]+)[ \t]+\S/.exec(line);
  return match !== null && (keywords as readonly string[]).includes(match[1] ?? '');
}
