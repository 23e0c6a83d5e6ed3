import { formatImageSize, formatSaving, formatShortSize } from '../../engine/estimate/describe.ts';
import { formatEstimate, type SizeAnswer } from '../../sizes/size.ts';
import { escapeHtml } from './html.ts';
import {
  kindNames,
  type Weighed,
  type WeightKind,
  type WeightNode,
  type WeightPicture,
  weightOf,
  weightPicture,
} from './picture.ts';
import { type TreemapBox, treemapBoxes, treemapWidth } from './treemap.ts';

/** The picture of one Dockerfile as HTML, without script and without anything that is fetched. */
export interface WeightPage {
  /** Plain text. */
  readonly title: string;
  /** What stands in `main`. */
  readonly body: string;
}

export interface PageOptions {
  /** Plain text: the file as people see it. */
  readonly name: string;
  /** Address of a line, counted from 0, for the links of boxes and rows. */
  readonly hrefOf: (line: number) => string;
}

/** Where all but the base image is less than this share, it gets a picture of its own. */
const tooSmall = 0.3;

/** How high the pictures are, in pixels: one that little is seen in gets less room. */
const heights = { full: 440, middle: 320, low: 140 } as const;

/** A box has to be this large, in pixels, for its label and for its size below it. */
const [labelWidth, labelHeight, sizeHeight] = [44, 18, 38];

/** Draws what makes up the image of a Dockerfile, for the editor and for `ballast report --format html`. */
export function weightPage(now: Weighed, slimmed: Weighed, options: PageOptions): WeightPage {
  const picture = weightPicture(now, slimmed);
  const [was, is] = [formatImageSize(now.image, ' on disk'), formatImageSize(slimmed.image, ' on disk')];
  const saving = formatSaving(now.image, slimmed.image);
  const lead =
    was === is
      ? was
      : `${saving === undefined || saving === 'none' ? '' : `Slimming saves ${saving}: `}${was} → ${is}`;
  const sections = [
    `<h1>${escapeHtml(options.name)}</h1><p class="lead">${escapeHtml(lead)}</p>`,
    bars(picture, [formatShortSize(now.image), formatShortSize(slimmed.image)], options),
    treemaps(picture, options),
    contextMap(picture, options),
    table(picture, options),
  ];
  return { title: `Weight of ${options.name}`, body: sections.filter((one) => one !== '').join('\n') };
}

/** The layers before and after, one above the other on the same scale, each with its size in words. */
function bars(
  { before, after }: WeightPicture,
  [was, is]: readonly [string, string],
  options: PageOptions,
): string {
  const most = Math.max(sumOf(before), sumOf(after));
  if (most === 0) {
    return `<p>The size is not known: ${escapeHtml(reasonOf(before.size))}.</p>`;
  }
  const rows = [
    { name: 'Now', node: before, size: was, links: true },
    ...(was === is ? [] : [{ name: 'Slimmed', node: after, size: is, links: false }]),
  ];
  return `<section class="bars" aria-label="Layers before and after">${rows
    .map(({ name, node, size, links }) => {
      let at = 0;
      // A layer of several kinds is shown by what it consists of.
      const parts = node.children.flatMap((layer) => (layer.kind === 'layer' ? layer.children : [layer]));
      const segments = parts.map((part) => {
        const share = (weightOf(part) / most) * 100;
        const start = at;
        at += share;
        return share < 0.15
          ? ''
          : link(
              part,
              `<rect class="k-${colorOf(part)}" x="${percent(start)}" width="${percent(share)}" height="100%"/>`,
              links ? options : undefined,
            );
      });
      return `<div class="bar"><span>${name}</span><svg height="22" role="group" aria-label="${name}: ${escapeHtml(size)}">${segments.join('')}</svg><span>${escapeHtml(size)}</span></div>`;
    })
    .join('')}</section>`;
}

function treemaps({ before }: WeightPicture, options: PageOptions): string {
  const own = before.children.filter(({ kind }) => kind !== 'base');
  const rest: WeightNode = { ...before, children: own };
  const showsRest = sumOf(rest) > 0 && sumOf(rest) < sumOf(before) * tooSmall;
  const used = new Set<WeightKind>();
  const maps = [
    drawing('The image, layer by layer', before, showsRest ? heights.low : heights.full, options, used),
    showsRest ? drawing('Without the base image', rest, heights.full, options, used) : '',
  ];
  const legend = [...used].filter((kind) => kind !== 'image');
  const keys = legend.map(
    (kind) =>
      `<li><svg width="12" height="12" aria-hidden="true"><rect class="k-${kind}" width="100%" height="100%"/></svg> ${kindNames[kind]}</li>`,
  );
  return `${maps.join('\n')}${notDrawn(before, options)}${keys.length === 0 ? '' : `<ul class="legend" aria-label="Colors">${keys.join('')}</ul>`}`;
}

/** Names what has no box: what nobody can weigh before the build. */
function notDrawn({ children }: WeightNode, options: PageOptions): string {
  const parts = children
    .flatMap((layer) => [layer, ...layer.children])
    .filter(({ size, children: below }) => size.kind !== 'known' && below.length === 0);
  const names = parts.map(({ label, detail, line }) => {
    const name = escapeHtml(detail ?? label);
    return line === undefined
      ? name
      : `<a href="${escapeHtml(options.hrefOf(line))}" data-line="${line}">${name} (line ${line + 1})</a>`;
  });
  return names.length === 0
    ? ''
    : `<p>Not drawn, because it is not known before the build: ${names.join(', ')}.</p>`;
}

function contextMap({ context }: WeightPicture, options: PageOptions): string {
  return context === undefined
    ? ''
    : drawing(
        `The build context: ${formatEstimate(context.size)} sent, after .dockerignore`,
        context,
        heights.middle,
        options,
        new Set(),
      );
}

/** One treemap under its heading; nothing where nothing has a weight. Adds the kinds that it shows to `used`. */
function drawing(
  title: string,
  whole: WeightNode,
  height: number,
  options: PageOptions,
  used: Set<WeightKind>,
): string {
  const boxes = treemapBoxes(whole, height);
  if (boxes.length === 0) {
    return '';
  }
  for (const { node } of boxes) {
    used.add(colorOf(node));
  }
  return `<section><h2>${escapeHtml(title)}</h2><svg class="map" height="${height}" role="group" aria-label="${escapeHtml(title)}">${boxes.map((box) => drawBox(box, options)).join('')}</svg></section>`;
}

function drawBox(box: TreemapBox, options: PageOptions): string {
  const { node, x, y, width, height, hasBoxes } = box;
  const hasLabel = width >= labelWidth && height >= labelHeight;
  const size = escapeHtml(formatEstimate(node.size));
  const label = escapeHtml(node.label);
  const words = !hasLabel
    ? ''
    : hasBoxes
      ? `<text x="5" y="14">${label} <tspan class="size">${size}</tspan></text>`
      : `<text x="5" y="15">${label}</text>${height >= sizeHeight ? `<text class="size" x="5" y="31">${size}</text>` : ''}`;
  const rect = `<rect class="k-${colorOf(node)}${hasBoxes ? ' outer' : ''}" width="100%" height="100%"/>`;
  const area = `x="${percent((x / treemapWidth) * 100)}" y="${y}" width="${percent((width / treemapWidth) * 100)}" height="${height}"`;
  return `<svg ${area}>${link(node, `${rect}${words}`, options)}</svg>`;
}

/** What is drawn for a node, as a link to its line; with what it is as its name and as its tooltip. */
function link(node: WeightNode, drawn: string, options: PageOptions | undefined): string {
  const name = escapeHtml(describe(node));
  const title = `<title>${name}</title>`;
  return node.line === undefined || options === undefined
    ? `<g role="img" aria-label="${name}">${title}${drawn}</g>`
    : `<a href="${escapeHtml(options.hrefOf(node.line))}" data-line="${node.line}" aria-label="${name}">${title}${drawn}</a>`;
}

/** `RUN npm ci, line 4: ≈ 30 MB, estimated, node_modules on this machine, 2026-11` */
function describe({ label, detail = '', line, size }: WeightNode): string {
  const at = line === undefined ? '' : `, line ${line + 1}`;
  const words = [formatEstimate(size), detail, ...originOf(size)];
  return `${label}${at}: ${words.filter((word) => word !== '').join(', ')}`;
}

/** Every figure in words, with what it rests on: the same as the pictures, for reading. */
function table({ before, hidden, context }: WeightPicture, options: PageOptions): string {
  const total = sumOf(before);
  const rows = before.children.flatMap((layer) => [
    rowOf(layer, total, 0, options),
    ...layer.children.map((part) => rowOf(part, total, 1, options)),
  ]);
  const kept = hidden.map((part) =>
    rowOf({ ...part, label: `removed here, kept below: ${part.label}` }, total, 0, options),
  );
  const sent =
    context === undefined
      ? []
      : [context, ...context.children].map((one, i) => rowOf(one, sumOf(context), i === 0 ? 0 : 1, options));
  return `<section><h2>Every figure</h2><table><thead><tr>${['Line', 'What', 'Size', 'Share', 'Rests on'].map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${[...rows, ...kept, ...sent].join('\n')}</tbody></table></section>`;
}

function rowOf(node: WeightNode, total: number, depth: number, options: PageOptions): string {
  const { line, size, label, detail } = node;
  const number =
    line === undefined
      ? ''
      : `<a href="${escapeHtml(options.hrefOf(line))}" data-line="${line}">${line + 1}</a>`;
  const share = total === 0 ? 0 : (weightOf(node) / total) * 100;
  const bar =
    share === 0
      ? ''
      : `<svg class="share" width="60" height="10" aria-hidden="true"><rect class="k-${colorOf(node)}" width="${percent(Math.min(100, share))}" height="100%"/></svg> ${share < 1 ? '&lt; 1' : Math.round(share)} %`;
  const words = originOf(size);
  const cells = [
    `<td class="number">${number}</td>`,
    `<th scope="row" class="depth-${depth}">${escapeHtml(label)}${detail === undefined ? '' : ` <span class="detail">${escapeHtml(detail)}</span>`}</th>`,
    `<td class="number">${escapeHtml(formatEstimate(size))}</td>`,
    `<td>${bar}</td>`,
    `<td>${escapeHtml(words.filter((word) => word !== '').join(', '))}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}

/** Basis, source and date of a figure, or why there is no figure. */
function originOf(size: SizeAnswer): readonly string[] {
  const plain = (text: string): string => text.replaceAll('`', '');
  return size.kind === 'known' ? [size.basis, plain(size.source), size.date] : [plain(reasonOf(size))];
}

function reasonOf(size: SizeAnswer): string {
  return size.kind === 'unknown' ? size.reason : size.kind === 'pending' ? 'it is being looked up' : '';
}

/** The kind by which a node is painted. */
function colorOf({ kind }: WeightNode): WeightKind {
  return kind === 'file' ? 'sources' : kind;
}

function sumOf({ children }: WeightNode): number {
  return children.reduce((sum, child) => sum + weightOf(child), 0);
}

function percent(share: number): string {
  return `${Number(share.toFixed(3))}%`;
}
