import type { Problem } from '../../rules/rule.ts';
import type { FileResult } from '../results.ts';

/**
 * Names for the findings of a file that stay the same when lines move: the rule, the text of the line it is on, and the
 * how many-th such finding it is. In the order of the findings; 16 hexadecimal digits each.
 */
export function fingerprints(
  file: Pick<FileResult, 'path' | 'lines'>,
  findings: readonly Problem[],
): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = `${file.path}\n${finding.rule}\n${file.lines.lineText(finding.span.start).trim()}`;
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return hash(`${key}\n${nth}`);
  });
}

/** FNV-1a with 64 bits: the names are compared, and guard nothing. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, '0');
}
