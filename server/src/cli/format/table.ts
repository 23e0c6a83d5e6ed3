import { printable, type Style, wrap } from './layout.ts';

const gap = 2;
const leastRoom = 20;

/** Columns as wide as they need to be; numbers stand at the right, and the last column takes the rest of the line. */
export function columns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] {
  const all = [head, ...rows].map((row) => row.map(printable));
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
