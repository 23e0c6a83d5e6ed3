import type { Span } from '../text/span.ts';
import type { LogicalLine } from './logical-line.ts';

export const keywords = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const;

export type Keyword = (typeof keywords)[number];

/** `# name=value` at the head of the file. */
export interface ParserDirective {
  /** In lower case: `syntax`, `escape` or `check`. */
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly valueSpan: Span;
}

/** One comment line. Its span starts at the `#` and ends before the line break. */
export interface Comment {
  readonly span: Span;
  /** The text behind the `#`, without white space around it. */
  readonly text: string;
  /** Where that text starts. */
  readonly textStart: number;
  /** True when it stands between the continued lines of an instruction. */
  readonly inside: boolean;
}

/** `--name` or `--name=value` in front of an instruction's arguments. */
export interface Flag {
  readonly name: string;
  /** Without quotes and escapes; undefined where there is no `=`. */
  readonly value?: string;
  readonly span: Span;
  readonly valueSpan?: Span;
}

/** One argument. For the JSON form the value is decoded; otherwise it is the text as written, quotes included. */
export interface Word {
  readonly value: string;
  readonly span: Span;
}

/** `name=value` of ENV, LABEL and ARG. */
export interface Pair {
  readonly name: string;
  readonly nameSpan: Span;
  /** As written, quotes included; undefined for an ARG without a default. */
  readonly value?: string;
  readonly valueSpan?: Span;
  readonly span: Span;
  /** True for the old form `ENV name value`. */
  readonly isLegacy: boolean;
}

export interface Heredoc {
  readonly name: string;
  /** The word that starts it, such as `<<-"EOF"`. */
  readonly span: Span;
  /** The lines between, line breaks included; empty at the line's end when the document is not terminated. */
  readonly body: Span;
  readonly terminator?: Span;
  /** True when no part of the name is quoted, so that variables in the body are replaced. */
  readonly expands: boolean;
  /** True for `<<-`: leading tabs are removed. */
  readonly stripsTabs: boolean;
}

export interface Instruction {
  /** In upper case; not one of `keywords` when the instruction is unknown. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  /** From the keyword to the end of the last line (line break not included), heredoc bodies included. */
  readonly span: Span;
  /** The joined text; offsets of `argumentsStart` and `argumentsEnd` count in it. */
  readonly line: LogicalLine;
  readonly flags: readonly Flag[];
  /** Where the text behind the flags starts and ends in the logical line. */
  readonly argumentsStart: number;
  readonly argumentsEnd: number;
  /** `json` when the arguments are a valid JSON array of strings and the instruction takes that form. */
  readonly form: 'shell' | 'json';
  readonly words: readonly Word[];
  readonly pairs: readonly Pair[];
  readonly heredocs: readonly Heredoc[];
  /** The whole document, which heredoc bodies are read from. */
  readonly documentText: string;
  /** What an ONBUILD holds. */
  readonly trigger?: Instruction;
  /** Blank lines between continued lines, or behind the last one at the end of the file; BuildKit will refuse them one day. */
  readonly blankContinuations: readonly Span[];
}

/** What BuildKit would refuse, or would read otherwise than it looks. */
export interface SyntaxProblem {
  readonly message: string;
  readonly span: Span;
}

export interface DockerfileSyntax {
  readonly text: string;
  readonly escape: '\\' | '`';
  readonly directives: readonly ParserDirective[];
  /** All comment lines but the directives, in order. */
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  readonly problems: readonly SyntaxProblem[];
}

/** The text of an instruction's arguments, flags left out, continued lines joined. */
export function argumentText(instruction: Instruction): string {
  return instruction.line.text.slice(instruction.argumentsStart, instruction.argumentsEnd);
}

/** Document span of an instruction's arguments, flags left out. */
export function argumentSpan(instruction: Instruction): Span {
  return instruction.line.sourceSpan(instruction.argumentsStart, instruction.argumentsEnd);
}

export function findFlag(instruction: Instruction, name: string): Flag | undefined {
  return instruction.flags.find((flag) => flag.name === name);
}
