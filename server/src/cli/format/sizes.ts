import type { ImageSheet } from '../../ide/image-sheet.ts';
import { printable, type Style, wrap } from './layout.ts';
import { columns } from './table.ts';

/** What images weigh, for people: a block for one image, a table of several. */
export function formatSizes(sheets: readonly ImageSheet[], style: Style): string {
  const [first] = sheets;
  const lines =
    first === undefined ? [] : sheets.length === 1 ? block(first, style) : comparison(sheets, style);
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function block(sheet: ImageSheet, style: Style): string[] {
  const { bold } = style.colors;
  const rows = sheet.smaller.map(({ name, pull, disk, saves, differences }) => [
    name,
    pull,
    disk,
    saves,
    differences,
  ]);
  const text = (parts: readonly string[]): string[] =>
    parts.length === 0 ? [] : ['', ...paragraph(parts, style)];
  return [
    `${bold(printable(sheet.name))} · ${[sheet.platform, ...sheet.sizes].map(plain).join(' · ')}`,
    ...paragraph(sheet.facts, style),
    ...(rows.length === 0
      ? []
      : ['', ...table(['smaller', 'pull', 'on disk', 'saves', 'differences'], rows, style)]),
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

/** A table of words of sheets. */
function table(head: readonly string[], rows: readonly (readonly string[])[], style: Style): string[] {
  return columns(
    head,
    rows.map((row) => row.map(plain)),
    style,
  );
}

/** The words of a sheet without the marks that a hover shows as code and bold. */
function plain(text: string): string {
  return printable(text.replace(/`|\*\*/g, ''));
}
