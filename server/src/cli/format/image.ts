import { formatImageSize } from '../../engine/estimate/describe.ts';
import type { ImageEstimate } from '../../engine/estimate/estimate.ts';
import type { LayerEstimate } from '../../engine/estimate/parts.ts';
import { type ChecklistItem, countDone } from '../../engine/report.ts';
import { formatEstimate } from '../../sizes/size.ts';
import type { LineIndex } from '../../text/lines.ts';
import type { ImageReport } from '../results.ts';
import { inAscii, printable, type Style, wrap } from './layout.ts';
import { weightBars } from './weight-bars.ts';

const marks = { done: '✓', open: '✗', unknown: '?', 'not-applicable': '-' } as const;

/** Where what the image weighs begins. */
const imageIndent = 7;

/** The narrowest column for the text of an instruction, and the widest. */
const [narrowestText, widestText] = [16, 44];

/** What an image consists of, for people: layer by layer, then what its layers hide, then the checklist. */
export function formatImage(report: ImageReport, style: Style): string {
  const { colors } = style;
  const { path, lines, before, after } = report;
  const now = formatImageSize(before.image, ' on disk');
  const then = formatImageSize(after.image, ' on disk');
  const { done, of } = countDone(before.checklist);
  const gain = after.image.final === undefined || now === then ? '' : `, ${then} after ballast slim`;
  const room = style.width === undefined ? undefined : style.width - imageIndent;
  const [first = '', ...more] = wrap(now + gain, room);
  const bars = weightBars(
    { image: before.image, lines, project: report.project },
    { image: after.image, lines: report.linesAfter, project: report.projectAfter },
    style,
  );
  const text = `${[
    colors.underline(printable(path)),
    '',
    `${colors.bold('Image')}  ${first}`,
    ...more.map((rest) => ' '.repeat(imageIndent) + rest),
    ...bars.image,
    '',
    ...layerLines(before.image, lines, style),
    ...hiddenLines(before.image, lines, style),
    ...bars.context,
    '',
    `${colors.bold('Checklist')}  ${done} of ${of}`,
    ...before.checklist.flatMap((item) => itemLines(item, lines, style)),
  ].join('\n')}\n`;
  return style.isUnicode ? text : inAscii(text);
}

function layerLines({ final }: ImageEstimate, lines: LineIndex, { colors, width }: Style): string[] {
  // Layers that only note something are of no interest.
  const layers = (final?.layers ?? []).filter((layer) => layer.parts.length > 0);
  const sizes = layers.map((layer) => formatEstimate(layer.size));
  const sizeWidth = Math.max(0, ...sizes.map((size) => size.length));
  const textWidth = Math.max(narrowestText, Math.min(widestText, (width ?? 120) - sizeWidth - 34));
  return layers.flatMap((layer, i) => {
    const line = String(lines.positionAt(layer.span.start).line + 1).padStart(5);
    const text = shorten(printable(textOf(layer)), textWidth).padEnd(textWidth);
    const start = `${colors.dim(line)}  ${text}  ${(sizes[i] ?? '').padStart(sizeWidth)}  `;
    const indent = 5 + 2 + textWidth + 2 + sizeWidth + 2;
    const what = layer.parts.map((part) => partText(part, layer.parts.length)).join(', ');
    const [first = '', ...more] = wrap(printable(what), width === undefined ? undefined : width - indent);
    return [start + colors.dim(first), ...more.map((rest) => ' '.repeat(indent) + colors.dim(rest))];
  });
}

function partText({ kind, what, size }: LayerEstimate['parts'][number], count: number): string {
  if (kind === 'base') {
    return 'base image';
  }
  return count === 1 ? what : `${what}: ${formatEstimate(size)}`;
}

function textOf({ step, stage }: LayerEstimate): string {
  return (step?.instruction ?? stage.from).line.text.replace(/\s+/g, ' ').trim();
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function hiddenLines({ final }: ImageEstimate, lines: LineIndex, { width }: Style): string[] {
  return (final?.hidden ?? []).flatMap(({ part, layer, removedAt }) => {
    const size = part.size.kind === 'known' ? ` (${formatEstimate(part.size)})` : '';
    const [from, to] = [layer.span.start, removedAt.start].map((at) => lines.positionAt(at).line + 1);
    const text = `The layer of line ${from} keeps its ${part.what}${size}, although line ${to} removes them.`;
    return wrap(printable(text), width === undefined ? undefined : width - 7).map((one) => `       ${one}`);
  });
}

function itemLines(item: ChecklistItem, lines: LineIndex, { colors, width }: Style): string[] {
  const paint = {
    done: colors.green,
    open: colors.red,
    unknown: colors.yellow,
    'not-applicable': colors.dim,
  };
  const at = item.span === undefined ? '' : `line ${lines.positionAt(item.span.start).line + 1}: `;
  const room = width === undefined ? undefined : width - 5;
  const ignored = item.isIgnored === true ? 'ignored here: ' : '';
  const evidence = wrap(printable(`${at}${ignored}${item.evidence}`), room).map((line) => `     ${line}`);
  const fix =
    item.fix === undefined
      ? []
      : wrap(printable(`Fix: ${item.fix.title} (${item.fix.applicability})`), room).map(
          (line) => `     ${colors.cyan(line)}`,
        );
  return [`  ${paint[item.state](marks[item.state])}  ${colors.bold(item.title)}`, ...evidence, ...fix];
}
