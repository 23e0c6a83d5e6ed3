import { formatTotals, type MeasuredNode, measuredAt, type PatternMeasurement } from '../project/context.ts';
import type { Dockerignore } from '../project/dockerignore.ts';
import { describeUsage, findIgnoreProblems } from '../project/ignore-findings.ts';
import { resolvePath } from '../project/paths.ts';
import type { DirectoryEntry, ProjectReader } from '../project/reader.ts';
import type { Span } from '../text/span.ts';

/** What is shown for a pattern of an ignore file. */
export interface PatternHover {
  readonly span: Span;
  readonly text: string;
}

/**
 * What the pattern at an offset does to the files that are there, and what is left to send. Undefined where there is
 * no pattern. Without a measurement it says that one is under way.
 */
export function patternHover(
  file: Dockerignore,
  offset: number,
  measured: PatternMeasurement | undefined,
): PatternHover | undefined {
  const index = file.patterns.findIndex(({ span }) => span.start <= offset && offset <= span.end);
  const pattern = file.patterns[index];
  if (pattern === undefined) {
    return undefined;
  }
  const { span } = pattern;
  const problem = findIgnoreProblems(file, completeUsages(measured)).find(
    (one) => one.span.start === span.start,
  );
  if (problem !== undefined) {
    return { span, text: problem.message };
  }
  const usage = measured?.usages[index];
  if (measured === undefined || usage === undefined) {
    return { span, text: 'The build context is being measured.' };
  }
  const sent = formatTotals(measured.sent, measured.isComplete);
  return {
    span,
    text: `${describeUsage(pattern, usage, measured.isComplete)}\n\nThe whole file leaves ${sent} to send.`,
  };
}

/** Counts that say "at least" cannot say that a pattern matches nothing. */
export function completeUsages(
  measured: PatternMeasurement | undefined,
): PatternMeasurement['usages'] | undefined {
  return measured?.isComplete === true ? measured.usages : undefined;
}

/** A path that may follow at a place in an ignore file. */
export interface PathProposal {
  readonly name: string;
  readonly isFolder: boolean;
  /** What lies there, excluded or not; undefined until it has been measured. */
  readonly bytes?: number;
  /** What takes the place of `span`. */
  readonly text: string;
  readonly span: Span;
}

/** A list that is longer helps nobody. */
const maxProposals = 1000;

/**
 * What lies in the folder that is being typed: `src/` for `!src/ma`. Nothing in comments and behind wildcards, but for a
 * leading `**` that stands for the root as well. The largest come first, or folders where nothing has been measured.
 */
export function proposePaths(
  text: string,
  offset: number,
  reader: ProjectReader,
  found: MeasuredNode | undefined,
): PathProposal[] {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  if (line.startsWith('#')) {
    return [];
  }
  const typed = /^\s*(?:!\s*)?(?:\/|\*\*\/)?((?:\S.*)?)$/.exec(line)?.[1] ?? '';
  const nameStart = typed.lastIndexOf('/') + 1;
  const folder = resolvePath('', typed.slice(0, nameStart).replace(/\\(.)/g, '$1'));
  if (folder === undefined || /[*?[]/.test(typed.slice(0, nameStart))) {
    return [];
  }
  const start = offset - (typed.length - nameStart);
  const end = start + (/^[^/\s]*/.exec(text.slice(start))?.[0].length ?? 0);
  // What stands at the beginning of a line may be taken for a comment or a negation.
  const isFirst = text.slice(lineStart, start).trim() === '';
  const measured = found === undefined ? undefined : measuredAt(found, folder);
  return (reader.list(folder) ?? [])
    .slice(0, maxProposals)
    .map((entry): PathProposal => {
      const bytes = measured?.entries?.get(entry.name)?.bytes;
      return {
        name: entry.name,
        isFolder: entry.kind === 'directory',
        ...(bytes === undefined ? {} : { bytes }),
        text: escapeName(entry, isFirst),
        span: { start, end },
      };
    })
    .sort(
      (a, b) =>
        (b.bytes ?? 0) - (a.bytes ?? 0) ||
        Number(b.isFolder) - Number(a.isFolder) ||
        (a.name < b.name ? -1 : 1),
    );
}

/** The name as a pattern that matches nothing else. */
function escapeName({ name }: DirectoryEntry, isFirst: boolean): string {
  const escaped = name.replace(/[*?[\]\\]/g, '\\$&');
  return isFirst ? escaped.replace(/^[#!]/, '\\$&') : escaped;
}
