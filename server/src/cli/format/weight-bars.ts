import { formatShortSize } from '../../engine/estimate/describe.ts';
import type { Weighed, WeightKind, WeightNode } from '../../ide/weight/picture.ts';
import { kindNames, weightOf, weightPicture } from '../../ide/weight/picture.ts';
import { formatEstimate } from '../../sizes/size.ts';
import { type Colors, printable, type Style } from './layout.ts';

/** What fills the part of a bar that is of one kind: told apart by shape, because there may be no colours. */
const fills: Readonly<Record<WeightKind, readonly [unicode: string, ascii: string, color: keyof Colors]>> = {
  base: ['█', '#', 'blue'],
  'system-packages': ['▓', '%', 'magenta'],
  dependencies: ['▒', '+', 'yellow'],
  sources: ['░', '=', 'green'],
  file: ['░', '=', 'green'],
  output: ['▚', '*', 'cyan'],
  cache: ['▞', '~', 'red'],
  'second-copy': ['▙', '&', 'red'],
  other: ['▖', '-', 'gray'],
  layer: ['▖', '-', 'gray'],
  image: ['█', '#', 'blue'],
  rest: ['▖', '-', 'gray'],
};

/** Characters of the longest bar: where nothing has to fit, and at least. */
const [usual, shortest] = [48, 10];
const mostFiles = 5;
/** The widest column for paths. */
const widestPath = 40;

/** The picture of the weight as lines of text. Nothing where no size is known. */
export interface WeightBars {
  /** The layers before and after on one scale, by kind. */
  readonly image: readonly string[];
  /** The largest of what is sent. */
  readonly context: readonly string[];
}

/** Draws what makes up an image with characters. */
export function weightBars(now: Weighed, slimmed: Weighed, style: Style): WeightBars {
  const picture = weightPicture(now, slimmed);
  const [was, is] = [formatShortSize(now.image), formatShortSize(slimmed.image)];
  const rows = [
    { name: 'now', parts: partsOf(picture.before), size: was },
    ...(was === is ? [] : [{ name: 'slimmed', parts: partsOf(picture.after), size: is }]),
  ];
  const most = Math.max(...rows.map(({ parts }) => sumOf(parts)));
  return {
    image: most === 0 ? [] : stackedBars(rows, most, style),
    context: contextBars(picture.context, style),
  };
}

interface Row {
  readonly name: string;
  readonly parts: readonly WeightNode[];
  readonly size: string;
}

function stackedBars(rows: readonly Row[], most: number, style: Style): string[] {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const sizeWidth = Math.max(...rows.map(({ size }) => size.length));
  const width = barWidth(style, 2 + nameWidth + 2 + 2 + sizeWidth);
  const used = new Set<WeightKind>();
  const bars = rows.map(({ name, parts, size }) => {
    let [bar, drawn, sum] = ['', 0, 0];
    for (const part of parts) {
      sum += weightOf(part);
      // Rounded by the sum, so that the bar is as long as the whole says.
      const end = Math.round((sum / most) * width);
      if (end > drawn) {
        used.add(part.kind);
        bar += fill(part.kind, end - drawn, style);
        drawn = end;
      }
    }
    return `  ${name.padEnd(nameWidth)}  ${bar}${' '.repeat(width - drawn)}  ${size}`;
  });
  return ['', ...bars, ...legend(used, nameWidth, style)];
}

/** What each fill stands for, in as many lines as it takes. */
function legend(used: ReadonlySet<WeightKind>, nameWidth: number, style: Style): string[] {
  const indent = ' '.repeat(nameWidth + 4);
  const entries = new Map([...used].map((kind) => [kindNames[kind], kind]));
  const lines: string[] = [];
  let [line, length] = ['', indent.length];
  for (const [name, kind] of entries) {
    const more = name.length + 2;
    if (line !== '' && style.width !== undefined && length + 2 + more > style.width) {
      lines.push(line);
      [line, length] = ['', indent.length];
    }
    length += more + (line === '' ? 0 : 2);
    line += `${line === '' ? '' : '  '}${fill(kind, 1, style)} ${name}`;
  }
  return [...lines, line].map((one) => indent + one);
}

function contextBars(context: WeightNode | undefined, style: Style): string[] {
  const files = (context?.children ?? []).slice(0, mostFiles);
  const most = Math.max(0, ...files.map(weightOf));
  if (context === undefined || most === 0) {
    return [];
  }
  const sizes = files.map(({ size }) => formatEstimate(size));
  const sizeWidth = Math.max(...sizes.map((size) => size.length));
  const room = style.width === undefined ? widestPath : style.width - sizeWidth - shortest - 6;
  const names = files.map(({ label }) => shorten(printable(label), Math.min(widestPath, Math.max(8, room))));
  const nameWidth = Math.max(...names.map((name) => name.length));
  const width = barWidth(style, 2 + nameWidth + 2 + 2 + sizeWidth);
  return [
    '',
    `${style.colors.bold('Build context')}  ${formatEstimate(context.size)} sent`,
    ...files.map((file, i) => {
      const length = Math.max(1, Math.round((weightOf(file) / most) * width));
      const bar = fill('sources', length, style) + ' '.repeat(width - length);
      return `  ${(names[i] ?? '').padEnd(nameWidth)}  ${bar}  ${(sizes[i] ?? '').padStart(sizeWidth)}`;
    }),
  ];
}

/** A layer of several kinds is shown by what it consists of. */
function partsOf({ children }: WeightNode): readonly WeightNode[] {
  return children.flatMap((layer) => (layer.kind === 'layer' ? layer.children : [layer]));
}

function sumOf(parts: readonly WeightNode[]): number {
  return parts.reduce((sum, part) => sum + weightOf(part), 0);
}

function barWidth({ width }: Style, taken: number): number {
  return width === undefined ? usual : Math.max(shortest, Math.min(usual, width - taken));
}

function fill(kind: WeightKind, length: number, { colors, isUnicode }: Style): string {
  const [unicode, ascii, color] = fills[kind];
  const paint = colors[color];
  const text = (isUnicode ? unicode : ascii).repeat(length);
  return typeof paint === 'function' ? paint(text) : text;
}

/** The end of a path says more than its start. */
function shorten(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}
