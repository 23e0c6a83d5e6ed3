import type { ImageSheet } from '../../ide/image-sheet.ts';
import { printable, type Style, wrap } from './layout.ts';

/** What images weigh, for people: a block for one image, a table of several. */
export function formatSizes(sheets: readonly ImageSheet[], style: Style): string {
  const [first] = sheets;
  const lines =
    first === undefined ? [] : sheets.length === 1 ? block(first, style) : comparison(sheets, style);
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function block(sheet: ImageSheet, style: Style): string[] {
  const { bold } = style.colors;
  const rows = sheet.smaller.map(({ name, pull, disk, saves, mind }) => [name, pull, disk, saves, mind]);
  const text = (parts: readonly string[]): string[] =>
    parts.length === 0 ? [] : ['', ...paragraph(parts, style)];
  return [
    `${bold(printable(sheet.name))} · ${[sheet.platform, ...sheet.sizes].map(plain).join(' · ')}`,
    ...paragraph(sheet.facts, style),
    ...(rows.length === 0
      ? []
      : ['', ...table(['smaller', 'pull', 'on disk', 'saves', 'mind'], rows, style)]),
    ...[...sheet.notes, ...problemsOf([sheet])].flatMap((note) => text([note])),
    ...dim(text(sheet.sources), style),
  ];
}

function comparison(sheets: readonly ImageSheet[], style: Style): string[] {
  const rows = sheets.map((sheet) => [sheet.name, sheet.pull, sheet.disk, sheet.facts[0] ?? '']);
  return [
    ...table(['image', 'pull', 'on disk', 'built on'], rows, style),
    '',
    ...problemsOf(sheets).flatMap((problem) => paragraph([problem], style)),
    ...sheets
      .filter(({ sources }) => sources.length > 0)
      .flatMap(({ name, sources }) => dim(paragraph([`${name}: ${sources.join(' · ')}`], style), style)),
  ];
}

/** What went wrong, each once: of one registry every image says the same. */
function problemsOf(sheets: readonly ImageSheet[]): string[] {
  return [...new Set(sheets.flatMap(({ problem }) => (problem === undefined ? [] : [problem])))];
}

function paragraph(parts: readonly string[], { width }: Style): string[] {
  return parts.length === 0 ? [] : wrap(plain(parts.join(' · ')), width);
}

function dim(lines: readonly string[], { colors }: Style): string[] {
  return lines.map((line) => colors.dim(line));
}

/** Columns as wide as they need to be; numbers stand at the right, and the last column takes the rest of the line. */
function table(head: readonly string[], rows: readonly (readonly string[])[], style: Style): string[] {
  const all = [head, ...rows].map((row) => row.map(plain));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number): boolean => column > 0 && column < head.length - 1;
  const indent = widths.slice(0, -1).reduce((sum, width) => sum + width + gap, 0);
  return all.flatMap((row, index) => {
    const cells = row
      .slice(0, -1)
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      );
    const room = style.width === undefined ? undefined : Math.max(style.width - indent, leastRoom);
    const [first = '', ...rest] = wrap(row.at(-1) ?? '', room);
    const line = [...cells, first].join(' '.repeat(gap));
    return [index === 0 ? style.colors.dim(line) : line, ...rest.map((part) => ' '.repeat(indent) + part)];
  });
}

const gap = 2;
const leastRoom = 20;

/** The words of a sheet without the marks that a hover shows as code and bold. */
function plain(text: string): string {
  return printable(text.replace(/`|\*\*/g, ''));
}
