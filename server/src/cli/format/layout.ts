import pc from 'picocolors';
import type { Output } from '../host.ts';

export type Colors = ReturnType<typeof pc.createColors>;

/** How text is laid out for one output. */
export interface Style {
  readonly colors: Colors;
  /** Characters in a line; undefined where nothing needs to fit (a pipe or a file). */
  readonly width: number | undefined;
  /** False where only the characters of ASCII can be shown. */
  readonly isUnicode: boolean;
}

const narrowest = 40;
const widest = 140;

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours and widths on a terminal only; NO_COLOR and dumb terminals get no colours. */
export function styleOf(output: Output, environment: Environment): Style {
  const noColor = environment['NO_COLOR'];
  const colored =
    output.isTerminal && (noColor === undefined || noColor === '') && environment['TERM'] !== 'dumb';
  const width = output.isTerminal ? Math.min(Math.max(output.columns, narrowest), widest) : undefined;
  return {
    colors: pc.createColors(colored),
    width,
    isUnicode: !output.isTerminal || hasUnicode(environment),
  };
}

/** A terminal has it unless its locale or its kind says otherwise; the old console of Windows has a few signs alone. */
function hasUnicode(environment: Environment): boolean {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map((name) => environment[name]).find((value) => value);
  if (environment['OS'] === 'Windows_NT') {
    return ['WT_SESSION', 'TERM_PROGRAM', 'ConEmuTask'].some((name) => environment[name]);
  }
  return !/^(?:linux|dumb)$/.test(environment['TERM'] ?? '') && /utf-?8/i.test(locale ?? 'UTF-8');
}

/** Signs of the reports in ASCII, for terminals that have no other. */
export function inAscii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (sign) => asciiSigns.get(sign) ?? '?');
}

const asciiSigns: ReadonlyMap<string, string> = new Map([
  ['≈', '~'],
  ['→', '->'],
  ['✓', '+'],
  ['✗', 'x'],
  ['…', '.'],
  ['’', "'"],
  ['×', 'x'],
  ['·', '-'],
]);

/** Text for a file: no colours, no width. */
export const plainStyle: Style = {
  colors: pc.createColors(false),
  width: undefined,
  isUnicode: true,
};

/** Breaks text at spaces into lines of at most `width` characters; longer words stand alone. One line where there is no width. */
export function wrap(text: string, width: number | undefined): string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line === '') {
      line = word;
    } else if (width !== undefined && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line += ` ${word}`;
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** `1 file`, `2 files`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** The same for a line of a diff, whose tabs and carriage returns count. */
export function printableLine(line: string): string {
  return line
    .split('\t')
    .map((part) => (part.endsWith('\r') ? `${printable(part.slice(0, -1))}\r` : printable(part)))
    .join('\t');
}

/** Control characters of untrusted text made visible, so that a file name or message cannot drive the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) =>
    c === '\n' || c === '\t' ? ' ' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
