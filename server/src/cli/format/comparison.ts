import type { Part } from '../../engine/estimate/parts.ts';
import { formatBytes, formatEstimate, type SizeAnswer, sumSizes } from '../../sizes/size.ts';
import { count, printable, type Style } from './layout.ts';
import { markdownCell } from './markdown.ts';

/** An image at one of the two moments. */
export interface ComparedImage {
  readonly size: SizeAnswer;
  /** What its layers consist of. */
  readonly parts: readonly Part[];
  readonly findings: number;
}

/** A Dockerfile before and after a change; undefined where it is not there. */
export interface ComparedFile {
  readonly path: string;
  readonly before: ComparedImage | undefined;
  readonly after: ComparedImage | undefined;
}

/** Differences that are named for a Dockerfile, largest first. */
const mostDifferences = 5;

interface Difference {
  readonly what: string;
  /** Bytes that came (or went, below zero), by the lower ends. */
  readonly bytes: number;
}

/** What a change makes of images, in the form that is asked for. */
export function formatComparison(
  files: readonly ComparedFile[],
  revision: string,
  format: 'pretty' | 'markdown' | 'json',
  style: Style,
): string {
  if (format === 'json') {
    return `${JSON.stringify({ format: 1, since: revision, files: files.map(toJson) }, null, 2)}\n`;
  }
  const changed = files.filter((file) => isChanged(file));
  return format === 'markdown'
    ? markdown(changed, files.length, revision)
    : pretty(changed, files.length, revision, style);
}

function markdown(changed: readonly ComparedFile[], total: number, revision: string): string {
  const head = `<!-- ballast -->\n## Image sizes since ${markdownCell(revision.slice(0, 40))}\n\n`;
  if (changed.length === 0) {
    return `${head}No change in ${count(total, 'Dockerfile')}.\n`;
  }
  const rows = changed.map(
    (file) =>
      `| ${markdownCell(file.path)} | ${sizeOf(file.before)} | ${sizeOf(file.after)} | ${changeOf(file)} | ${differencesOf(
        file,
      )
        .map(({ what, bytes }) => `${signed(bytes)} ${markdownCell(what)}`)
        .join('<br>')} |\n`,
  );
  return `${head}| Dockerfile | before | after | change | what made it |\n|---|---:|---:|---:|---|\n${rows.join('')}\nEstimated without a build, on disk; “at least” leaves out what nobody knows before one.\n`;
}

function pretty(
  changed: readonly ComparedFile[],
  total: number,
  revision: string,
  { colors }: Style,
): string {
  if (changed.length === 0) {
    return `No change since ${printable(revision)} in ${count(total, 'Dockerfile')}.\n`;
  }
  return changed
    .map((file) => {
      const lines = differencesOf(file).map(
        ({ what, bytes }) => `  ${signed(bytes).padStart(9)}  ${printable(what)}\n`,
      );
      return `${colors.underline(printable(file.path))}  ${sizeOf(file.before)} → ${sizeOf(file.after)}  ${colors.bold(changeOf(file))}\n${lines.join('')}`;
    })
    .join('\n');
}

function toJson(file: ComparedFile) {
  return {
    path: file.path,
    before: file.before === undefined ? null : { size: file.before.size, findings: file.before.findings },
    after: file.after === undefined ? null : { size: file.after.size, findings: file.after.findings },
    differences: differencesOf(file),
  };
}

function isChanged(file: ComparedFile): boolean {
  return (
    file.before === undefined ||
    file.after === undefined ||
    sizeOf(file.before) !== sizeOf(file.after) ||
    differencesOf(file).length > 0
  );
}

function sizeOf(image: ComparedImage | undefined): string {
  return image === undefined ? '—' : formatEstimate(image.size);
}

/** The change in words: `−900 MB`, `new`, `gone`, or nothing where one of the sizes is not known. */
function changeOf({ before, after }: ComparedFile): string {
  if (before === undefined) {
    return 'new';
  }
  if (after === undefined) {
    return 'gone';
  }
  return before.size.kind === 'known' && after.size.kind === 'known'
    ? signed(after.size.low - before.size.low)
    : '';
}

function signed(bytes: number): string {
  return bytes === 0 ? '±0' : `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`;
}

/** What came and what went, largest first. Parts of one name are summed up; those of unknown size are left out. */
function differencesOf({ before, after }: ComparedFile): Difference[] {
  const bytesOf = (image: ComparedImage | undefined): Map<string, number> => {
    const byName = new Map<string, Part[]>();
    for (const part of image?.parts ?? []) {
      byName.set(part.what, [...(byName.get(part.what) ?? []), part]);
    }
    return new Map(
      [...byName].map(([what, parts]): [string, number] => {
        const sum = sumSizes(
          parts.map((part) => part.size),
          'disk',
        );
        return [what, sum.kind === 'known' ? sum.low : 0];
      }),
    );
  };
  const old = bytesOf(before);
  const now = bytesOf(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((what) => ({ what, bytes: (now.get(what) ?? 0) - (old.get(what) ?? 0) }))
    .filter(({ bytes }) => Math.abs(bytes) >= 1000)
    .sort((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes))
    .slice(0, mostDifferences);
}
