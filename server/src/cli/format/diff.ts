import { createTwoFilesPatch } from 'diff';
import { type Colors, printable, printableLine } from './layout.ts';

/** A unified diff of one file, as `git apply` and `patch -p1` take it; undefined `before` stands for a new file. */
export function formatDiff(
  change: { readonly name: string; readonly before: Uint8Array | undefined; readonly after: Uint8Array },
  colors: Colors,
): string {
  // `a//tmp/Dockerfile` is no path that a program understands.
  const name = printable(change.name.replace(/^\/+/, ''));
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const before = change.before === undefined ? '' : decoder.decode(change.before);
  const patch = createTwoFilesPatch(
    change.before === undefined ? '/dev/null' : `a/${name}`,
    `b/${name}`,
    before,
    decoder.decode(change.after),
    undefined,
    undefined,
    { context: 3 },
  );
  const lines = patch
    .split('\n')
    .filter((line) => !/^=+$/.test(line))
    .map(printableLine);
  return lines
    .map((line, i) => {
      if (i < 2) {
        return colors.bold(line.trimEnd());
      }
      if (line.startsWith('@@')) {
        return colors.cyan(line);
      }
      return line.startsWith('+') ? colors.green(line) : line.startsWith('-') ? colors.red(line) : line;
    })
    .join('\n');
}
