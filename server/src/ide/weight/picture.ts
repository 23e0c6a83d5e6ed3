import type { ImageEstimate } from '../../engine/estimate/estimate.ts';
import { imageSize } from '../../engine/estimate/estimate.ts';
import type { LayerEstimate, PackagePart, Part, PartKind } from '../../engine/estimate/parts.ts';
import { type ContextMeasurement, copiedNodes, type MeasuredNode } from '../../project/context.ts';
import type { Project } from '../../project/project.ts';
import type { KnownSize, SizeAnswer } from '../../sizes/size.ts';
import type { LineIndex } from '../../text/lines.ts';

/** What a box of the picture stands for; `rest` is what is too small to be shown by itself. */
export type WeightKind = PartKind | 'image' | 'layer' | 'file' | 'rest';

/** What each kind is called in a legend. */
export const kindNames: Readonly<Record<WeightKind, string>> = {
  base: 'base image',
  'system-packages': 'system packages',
  dependencies: 'dependencies',
  cache: 'caches',
  sources: 'files of the build context',
  output: 'what is built',
  'second-copy': 'stored a second time',
  other: 'other',
  file: 'files of the build context',
  layer: 'several kinds',
  image: 'image',
  rest: 'small things together',
};

/** Something that has a weight, and what that consists of. The figures of a built image would fit in as well. */
export interface WeightNode {
  /** Plain text. */
  readonly label: string;
  /** What it is, where the label does not say so; plain text. */
  readonly detail?: string;
  readonly kind: WeightKind;
  readonly size: SizeAnswer;
  /** Line of the Dockerfile that brings it, from 0. */
  readonly line?: number;
  readonly children: readonly WeightNode[];
}

/** What an image weighs, what it would weigh, and what the build is sent. */
export interface WeightPicture {
  /** Layers are the children of the image, what they bring the children of layers. */
  readonly before: WeightNode;
  readonly after: WeightNode;
  /** Bytes that a layer keeps although a later one removes them. */
  readonly hidden: readonly WeightNode[];
  /** Undefined where the build context was not measured, or nothing of it is sent. */
  readonly context: WeightNode | undefined;
}

/** A Dockerfile with its estimate. */
export interface Weighed {
  readonly image: ImageEstimate;
  readonly lines: LineIndex;
  readonly project: Project;
}

/** More boxes than this in one folder cannot be told apart. */
const mostEntries = 12;
const deepest = 3;

/** Works out the picture of a Dockerfile as it is, and as slimming would leave it. */
export function weightPicture(now: Weighed, slimmed: Weighed): WeightPicture {
  const { image, project, lines } = now;
  return {
    before: imageNode(now),
    after: imageNode(slimmed),
    hidden: (image.final?.hidden ?? []).map(({ part, removedAt }) => ({
      ...partNode(part, project),
      line: lines.lineAt(removedAt.start),
    })),
    context: contextNode(project.context),
  };
}

/** The bytes by which a box is drawn: the middle of the range, none where nothing is known. */
export function weightOf({ size }: WeightNode): number {
  return size.kind === 'known' ? (size.low + size.high) / 2 : 0;
}

function imageNode({ image, lines, project }: Weighed): WeightNode {
  const layers = (image.final?.layers ?? []).filter(({ parts }) => parts.length > 0);
  return {
    label: 'Image',
    kind: 'image',
    size: imageSize(image),
    children: layers.map((layer) => layerNode(layer, lines, project)),
  };
}

function layerNode(layer: LayerEstimate, lines: LineIndex, project: Project): WeightNode {
  const { step, stage, span, size, parts } = layer;
  const line = lines.lineAt(span.start);
  const children = parts.map((part) => onLine(partNode(part, project), line));
  const only = children.length === 1 ? children[0] : undefined;
  return {
    label: (step?.instruction ?? stage.from).line.text.replace(/\s+/g, ' ').trim(),
    ...(only === undefined ? {} : { detail: only.label }),
    kind: only?.kind ?? 'layer',
    size,
    line,
    // What a layer consists of wholly need not be said twice.
    children: only?.children ?? children,
  };
}

function onLine(node: WeightNode, line: number): WeightNode {
  return { ...node, line, children: node.children.map((child) => onLine(child, line)) };
}

function partNode(part: Part, project: Project): WeightNode {
  const { kind, what, size } = part;
  return {
    label: kind === 'base' ? 'base image' : what.replaceAll('`', ''),
    kind,
    size,
    children: part.packages === undefined ? copiedFiles(part, project) : packagesOf(part, part.packages),
  };
}

function copiedFiles({ sources }: Part, { context }: Project): WeightNode[] {
  const nodes = sources === undefined || context === undefined ? undefined : copiedNodes(context, sources);
  return nodes === undefined || context === undefined
    ? []
    : filesOf(
        [...nodes].flatMap(([path, node]) => (path === '' ? entriesOf(path, node) : [[path, node]])),
        context,
        1,
      );
}

/** The largest packages of dependencies, and all others together. */
function packagesOf({ kind, size }: Part, packages: readonly PackagePart[]): WeightNode[] {
  const shown = packages
    .map(
      (one): WeightNode => ({
        label: one.isDevelopment ? `${one.name} (development)` : one.name,
        kind,
        size: one.size,
        children: [],
      }),
    )
    .sort((a, b) => weightOf(b) - weightOf(a))
    .slice(0, mostEntries);
  const sums = shown.map((one) => one.size).filter((one) => one.kind === 'known');
  const [low, high] = [
    sums.reduce((sum, one) => sum + one.low, 0),
    sums.reduce((sum, one) => sum + one.high, 0),
  ];
  // Where some of them are there already, nobody knows which the install brings.
  if (size.kind !== 'known' || low > size.low || high > size.high) {
    return [];
  }
  const rest: WeightNode = {
    label: 'other packages',
    kind,
    size: { ...size, low: size.low - low, high: size.high - high },
    children: [],
  };
  return weightOf(rest) === 0 ? shown : [...shown, rest];
}

function contextNode(context: ContextMeasurement | undefined): WeightNode | undefined {
  return context === undefined || context.sent.bytes === 0
    ? undefined
    : {
        label: 'Build context',
        kind: 'sources',
        size: measuredSize(context.sent, context),
        children: filesOf(entriesOf('', context.sent), context, 1),
      };
}

type Entry = readonly [path: string, node: MeasuredNode];

function entriesOf(path: string, { entries }: MeasuredNode): Entry[] {
  return [...(entries ?? [])].map(([name, node]) => [`${path}/${name}`, node] as const);
}

/** Files and folders, largest first; the small ones are put together. */
function filesOf(entries: readonly Entry[], context: ContextMeasurement, depth: number): WeightNode[] {
  const sorted = entries.filter(([, { bytes }]) => bytes > 0).sort(([, a], [, b]) => b.bytes - a.bytes);
  const [large, small] = [sorted.slice(0, mostEntries), sorted.slice(mostEntries)];
  const shown = large.map(
    ([path, node]): WeightNode => ({
      label: `${path.slice(1)}${node.isFolder ? '/' : ''}`,
      kind: 'file',
      size: measuredSize(node, context),
      children: depth < deepest ? filesOf(entriesOf(path, node), context, depth + 1) : [],
    }),
  );
  const bytes = small.reduce((sum, [, node]) => sum + node.bytes, 0);
  return bytes === 0
    ? shown
    : [
        ...shown,
        {
          label: `${small.length} smaller`,
          kind: 'rest',
          size: measuredSize({ bytes }, context),
          children: [],
        },
      ];
}

function measuredSize({ bytes }: { readonly bytes: number }, context: ContextMeasurement): KnownSize {
  return {
    kind: 'known',
    low: bytes,
    high: bytes,
    atLeast: !context.isComplete,
    measure: 'disk',
    basis: 'measured',
    source: 'files on this machine',
    date: context.date.slice(0, 10),
  };
}
