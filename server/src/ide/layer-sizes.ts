import type { ImageEstimate } from '../engine/estimate/estimate.ts';
import type { LayerEstimate, Part } from '../engine/estimate/parts.ts';
import type { Report } from '../engine/report.ts';
import type { Exclusion } from '../facts/siblings/exclusion.ts';
import { formatTotals, type MeasuredEntry } from '../project/context.ts';
import { largestPaths } from '../project/largest-paths.ts';
import type { Project } from '../project/project.ts';
import { formatBytes, formatEstimate } from '../sizes/size.ts';
import { findFlag } from '../syntax/tree.ts';
import type { LineIndex } from '../text/lines.ts';
import { overlaps, type Span, touches } from '../text/span.ts';
import type { SizeHint } from './size-hints.ts';

/** More rows than this hide the text they stand beside. */
const mostPaths = 5;

/**
 * What each instruction inside of `place` adds to its stage, at the end of the line that it starts on. One that only
 * notes something has none, and so has one of which nothing is known before the build: the hover says why.
 */
export function layerHints(image: ImageEstimate, lines: LineIndex, place: Span): SizeHint[] {
  return ownLayers(image).flatMap(({ step, span, size, parts }) =>
    step === undefined ||
    !overlaps(step.instruction.span, place) ||
    size.kind !== 'known' ||
    (size.atLeast ? size.low : size.high) < 1
      ? []
      : [
          {
            offset: lines.endOf(lines.lineAt(span.start)),
            label: formatEstimate(size),
            tooltip: { kind: 'plaintext', value: parts.map(partText).join('\n') },
          },
        ],
  );
}

/** A text for a place, and the words it is about. */
export interface PlaceHover {
  readonly span: Span;
  readonly text: string;
}

/** What the RUN whose keyword stands at an offset adds, and what that consists of, as markdown; undefined elsewhere. */
export function runHover(image: ImageEstimate, offset: number): PlaceHover | undefined {
  const layer = ownLayers(image).find(({ step }) => {
    const { keyword, keywordSpan } = step?.instruction ?? {};
    return keyword === 'RUN' && keywordSpan !== undefined && touches(keywordSpan, offset);
  });
  return layer?.step === undefined || layer.parts.length === 0
    ? undefined
    : {
        span: layer.step.instruction.keywordSpan,
        text: [
          `**${formatEstimate(layer.size)}** from this RUN`,
          ...layer.parts.map((part) => `- ${escapeMarkdown(partText(part))}`),
        ].join('\n'),
      };
}

/**
 * The largest of what the COPY or ADD at an offset sends from the build context, as markdown. Undefined elsewhere, on its
 * destination, and for one that takes nothing from there. `excludeLink` is the address that leaves a path out of the build
 * context, where the editor has one: it stands beside the paths that nothing reads, and the reason beside the others.
 */
export function copyHover(
  { image, exclusionsOf }: Pick<Report, 'image' | 'exclusionsOf'>,
  project: Project,
  offset: number,
  excludeLink: ((path: string) => string) | undefined,
): PlaceHover | undefined {
  const layer = ownLayers(image).find(
    ({ step }) => step !== undefined && touches(step.instruction.span, offset),
  );
  const part = layer?.parts.find(({ sources }) => sources !== undefined);
  const words = layer?.step?.instruction.words ?? [];
  // What comes from another stage may have been sent to that one.
  const isSent = layer?.step !== undefined && findFlag(layer.step.instruction, 'from') === undefined;
  if (layer?.step === undefined || part?.sources === undefined || !isSent) {
    return undefined;
  }
  const { keywordSpan } = layer.step.instruction;
  const span = [keywordSpan, ...words.slice(0, -1).map((word) => word.span)].find((one) =>
    touches(one, offset),
  );
  if (span === undefined) {
    return undefined;
  }
  const withLinks = (rows: readonly LargePath[]): readonly LargePath[] => {
    const answers = exclusionsOf(rows.map(({ path }) => path));
    return rows.map((row, i) => ({ ...row, note: noteOf(row.path, answers[i], excludeLink) }));
  };
  return { span, text: copyText(part, part.sources, project, withLinks) };
}

/** A row of the table: a path without the slash behind a folder, and what can be done about it. */
interface LargePath extends MeasuredEntry {
  readonly isFolder: boolean;
  readonly note: string;
}

function noteOf(
  path: string,
  exclusion: Exclusion | undefined,
  excludeLink: ((path: string) => string) | undefined,
): string {
  if (exclusion === undefined) {
    return '';
  }
  if (exclusion.state === 'kept') {
    return escapeMarkdown(plain(exclusion.why));
  }
  const title = 'Exclude in .dockerignore';
  return excludeLink === undefined ? 'nothing reads it' : `[${title}](${excludeLink(path)})`;
}

function copyText(
  part: Part,
  sources: readonly string[],
  { context }: Project,
  withNotes: (rows: readonly LargePath[]) => readonly LargePath[],
): string {
  const { size } = part;
  if (size.kind !== 'known' || context === undefined) {
    return `What this sends is not known: ${size.kind === 'unknown' ? size.reason : 'the build context was not measured'}.`;
  }
  const head = `**${formatEstimate(size)}** from the build context`;
  const largest = largestPaths(context, sources, mostPaths);
  const paths = (largest ?? []).map((one): LargePath => {
    const isFolder = one.path.endsWith('/');
    return { ...one, path: isFolder ? one.path.slice(0, -1) : one.path, isFolder, note: '' };
  });
  const rows = withNotes(paths).map(
    ({ path, isFolder, bytes, files, note }) =>
      `| ${asCode(`${path}${isFolder ? '/' : ''}`)} | ${formatBytes(bytes).replace(' ', '\u00a0')} | ${files.toLocaleString('en')} | ${note} |`,
  );
  const whole = formatTotals(context.sent, context.isComplete);
  return [
    head,
    rows.length === 0
      ? ''
      : ['| largest | size | files | |', '| --- | --: | --: | --- |', ...rows].join('\n'),
    `_The whole build context: ${whole}, after .dockerignore_`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Every layer once, at the stage whose instruction makes it; those of a base image and of its stage are left out. */
function ownLayers({ stages }: ImageEstimate): LayerEstimate[] {
  return stages.flatMap(({ stage, layers }) => layers.filter((layer) => layer.stage === stage));
}

/** `dependencies (npm): ≈ 30 MB (node_modules on this machine)` */
function partText({ what, size }: Part): string {
  if (size.kind === 'unknown' && size.reason.startsWith(what)) {
    return plain(size.reason);
  }
  const why = size.kind === 'known' ? size.source : size.kind === 'unknown' ? size.reason : '';
  return plain(`${what}: ${formatEstimate(size)}${why === '' ? '' : ` (${why})`}`);
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** Words of the Dockerfile, in which no markdown is read. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#!<>|&]/g, '\\$&');
}

/** A path as code, in which no markdown is read. */
function asCode(path: string): string {
  return `\`${path.replace(/[^\x20-\x5f\x61-\x7b\x7d\x7e\u00a1-\uffff]/g, '?')}\``;
}
