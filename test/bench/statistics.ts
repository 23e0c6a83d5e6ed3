/** The value below which `share` (0 to 1) of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** `0.42 ms`, `12.3 ms`, `1.25 s`. */
export function formatDuration(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) {
    return '-';
  }
  if (milliseconds >= 1000) {
    return `${(milliseconds / 1000).toFixed(2)} s`;
  }
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0)} ms`;
}

/** `12 MiB`, a dash where it is not known. */
export function formatMemory(bytes: number | undefined): string {
  return bytes === undefined ? '-' : `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}

/** Prints rows under their heading in columns, the first to the left and the others to the right. */
export function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [heading, ...rows];
  const widths = heading.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  for (const row of all) {
    const cells = widths.map((width, i) =>
      i === 0 ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width),
    );
    console.log(`  ${cells.join('  ')}`.trimEnd());
  }
}
