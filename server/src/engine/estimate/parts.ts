import type { Stage, Step } from '../../model/dockerfile.ts';
import { type KnownSize, type SizeAnswer, sumSizes, unknownSize } from '../../sizes/size.ts';
import type { Span } from '../../text/span.ts';

/** What a stretch of a layer consists of. */
export type PartKind =
  | 'base'
  | 'system-packages'
  | 'dependencies'
  | 'cache'
  | 'sources'
  | 'output'
  /** Files that an earlier layer holds already: their owner or mode was changed. */
  | 'second-copy'
  | 'other';

/** Something that a layer brings, with what it takes on disk. */
export interface Part {
  readonly kind: PartKind;
  /** In a few words: `node_modules`, `packages of apt`. */
  readonly what: string;
  readonly size: SizeAnswer;
  /** Absolute path in the image below which it lies; undefined where it is spread over the system. */
  readonly path?: string;
  /** The paths of the build context that it was copied from, relative to it; for files copied from there only. */
  readonly sources?: readonly string[];
  /** The part that is for development only; undefined where that is not known. */
  readonly development?: SizeAnswer;
  /** The largest packages of dependencies that were measured. */
  readonly packages?: readonly PackagePart[];
}

/** One package of the dependencies that an install brings. */
export interface PackagePart {
  readonly name: string;
  readonly size: SizeAnswer;
  readonly isDevelopment: boolean;
}

/** One layer of an image. */
export interface LayerEstimate {
  /** The instruction that makes it; undefined for the base image. */
  readonly step: Step | undefined;
  readonly stage: Stage;
  /** The keyword of the instruction in the text. */
  readonly span: Span;
  readonly parts: readonly Part[];
  /** What the layer takes on disk; no bytes for one that only notes something. */
  readonly size: SizeAnswer;
}

/** Where parts of an earlier layer are removed, although that layer keeps their bytes. */
export interface HiddenPart {
  readonly part: Part;
  readonly layer: LayerEstimate;
  /** The command that removes it. */
  readonly removedAt: Span;
}

/** What a stage consists of, the layers of the stages and of the image it starts from first. */
export interface StageEstimate {
  readonly stage: Stage;
  readonly layers: readonly LayerEstimate[];
  readonly size: SizeAnswer;
  /** Bytes that are stored and that no container sees. */
  readonly hidden: readonly HiddenPart[];
}

/** What an archive adds for each file to the bytes of the file itself: its header, and filling up to a whole block. */
export const archiveBytesPerFile = 1024;

/** The size of a layer that holds no files. */
export const noBytes: KnownSize = {
  kind: 'known',
  low: 0,
  high: 0,
  atLeast: false,
  measure: 'disk',
  basis: 'measured',
  source: 'no file is written',
  date: '2014-04',
};

export function sumOfParts(parts: readonly Part[]): SizeAnswer {
  return parts.length === 0
    ? noBytes
    : sumSizes(
        parts.map((part) => part.size),
        'disk',
      );
}

/** Something whose size nobody can say before the build. */
export function unknownPart(kind: PartKind, what: string, path?: string): Part {
  return {
    kind,
    what,
    size: unknownSize(`${what} is not known before the build`),
    ...(path === undefined ? {} : { path }),
  };
}

/** An estimate between two figures. */
export function between(low: number, high: number, source: string, date: string): KnownSize {
  return {
    kind: 'known',
    low: Math.round(low),
    high: Math.round(high),
    atLeast: false,
    measure: 'disk',
    basis: 'estimated',
    source,
    date,
  };
}

/** A size times two factors; what is not known stays so. */
export function scaled(size: SizeAnswer, low: number, high: number): SizeAnswer {
  return size.kind === 'known'
    ? { ...size, low: Math.round(size.low * low), high: Math.round(size.high * high), basis: 'estimated' }
    : size;
}

/** True where `path` is `folder` or lies below it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
