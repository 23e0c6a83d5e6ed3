import { type Copy, isWholeContext } from '../../model/copy.ts';
import { normalizePath } from '../../model/paths.ts';
import { type ContextMeasurement, copiedTotals, type Totals } from '../../project/context.ts';
import type { Project } from '../../project/project.ts';
import { unknownSize } from '../../sizes/size.ts';
import { findFlag } from '../../syntax/tree.ts';
import type { Held } from './held.ts';
import { archiveBytesPerFile, type Part, unknownPart } from './parts.ts';

/** What a COPY or ADD brings from the build context: the files as they lie on this machine. */
export function contextParts(copy: Copy, project: Project): Part[] {
  const { instruction } = copy.step;
  const sources = copy.sources.map((word) => word.value);
  const text = instruction.heredocs.reduce((sum, { body }) => sum + (body.end - body.start), 0);
  const inline: Part[] =
    text === 0
      ? []
      : [
          {
            kind: 'sources',
            what: 'files written in the Dockerfile',
            size: {
              kind: 'known',
              low: text,
              high: text,
              atLeast: false,
              measure: 'disk',
              basis: 'measured',
              source: 'the Dockerfile',
              date: '2026-11',
            },
            ...place(copy.target),
          },
        ];
  return sources.length === 0 ? inline : [...inline, filesPart(copy, sources, project)];
}

function filesPart(copy: Copy, sources: readonly string[], project: Project): Part {
  const { instruction, target } = { ...copy, ...copy.step };
  const what = sources.some(isWholeContext)
    ? 'the whole build context'
    : sources.length > 2
      ? `${sources.length} paths of the build context`
      : sources.join(', ');
  const isAdd = instruction.keyword === 'ADD';
  if (sources.some((source) => /:\/\/|^git@/.test(source))) {
    return unknownPart('other', `the download of ${what}`, target);
  }
  if (isAdd && sources.some((source) => /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/.test(source))) {
    return unknownPart('other', `what ${what} unpacks to`, target);
  }
  const measured = project.context;
  const isHidden =
    sources.some((source) => source.includes('$')) || findFlag(instruction, 'exclude') !== undefined;
  const totals = measured === undefined || isHidden ? undefined : totalsOf(sources, project, measured);
  const placed = { kind: 'sources', what, ...place(target), sources } as const;
  if (measured === undefined || totals === undefined) {
    const reason =
      measured === undefined ? 'the build context was not measured' : 'what it copies is not known';
    return { ...placed, size: unknownSize(reason) };
  }
  return {
    ...placed,
    size: {
      kind: 'known',
      ...rangeOf(totals),
      atLeast: !measured.isComplete,
      measure: 'disk',
      basis: 'measured',
      source: 'files on this machine',
      date: measured.date.slice(0, 10),
    },
  };
}

/** What is sent of the paths; of a file that a fix has yet to write, its text. Undefined where nothing is there. */
function totalsOf(
  sources: readonly string[],
  project: Project,
  measured: ContextMeasurement,
): Totals | undefined {
  const totals = copiedTotals(measured, sources);
  if (totals === undefined || totals.files > 0) {
    return totals;
  }
  const texts = sources.map((source) => project.reader.read(normalizePath(`/${source}`).slice(1)));
  const found = texts.filter((text) => text !== undefined);
  const bytes = found.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
  return found.length < texts.length ? undefined : { files: texts.length, bytes };
}

/**
 * What a COPY takes over from an earlier stage: what that stage holds below the path, or the files of the build context
 * that lie there. A build may have written more below it, unless the path is that of a package folder itself.
 */
export function takenParts(copy: Copy, held: Held, project: Project): Part[] {
  return copy.sources.flatMap((word) => {
    const path = normalizePath(`/${word.value}`.replace(/\/\*$/, ''));
    return /[*?[$]/.test(path)
      ? [unknownPart('output', `what the builder has as ${word.value}`, copy.target)]
      : heldBelow(path, held, project).map((part) => moved(part, path, copy));
  });
}

function heldBelow(path: string, held: Held, project: Project): readonly Part[] {
  if (path === '/') {
    return held.all();
  }
  const below = held.below(path);
  if (below.some((part) => part.path === path && part.kind === 'dependencies')) {
    return below;
  }
  for (const part of held.above(path)) {
    const within = sourcesWithin(part, path, project);
    if (within !== undefined) {
      // What is copied twice is seen once.
      return [...below, within];
    }
  }
  // What nobody is known to have written comes from a build, or from the base image.
  return below.length === 0 ? [unknownPart('output', path)] : below;
}

/** The files of the build context that lie below a path inside a copied folder; undefined where there are none. */
function sourcesWithin(part: Part, path: string, project: Project): Part | undefined {
  const { sources, path: target, size } = part;
  const { context } = project;
  if (context === undefined || size.kind !== 'known' || target === undefined) {
    return undefined;
  }
  for (const source of sources ?? []) {
    const inContext = pathInContext(source, path.slice(target === '/' ? 0 : target.length));
    const totals = copiedTotals(context, [inContext]);
    if (totals !== undefined && totals.files > 0) {
      return {
        kind: 'sources',
        what: inContext,
        size: { ...size, ...rangeOf(totals) },
        path,
        sources: [inContext],
      };
    }
  }
  return undefined;
}

/** Where in the build context a path below the target of a copy lies: a file keeps its name, a folder gives its content. */
function pathInContext(source: string, below: string): string {
  const own = isWholeContext(source) ? '' : source;
  const isFile = own !== '' && below === `/${own.replace(/^.*\//, '')}`;
  return normalizePath(isFile ? `/${own}` : `/${own}${below}`).slice(1);
}

/** A part as it lies in the stage that takes it over. */
function moved(part: Part, from: string, copy: Copy): Part {
  const { path, ...rest } = part;
  if (copy.target === undefined) {
    return rest;
  }
  const below = path === undefined ? '' : path.slice(from === '/' ? 0 : from.length);
  return { ...rest, path: normalizePath(`${copy.target}${below}`) };
}

/** What the archive of a layer adds to its files is left out below these: the figure is then the one of the context. */
const leastOverhead = { share: 0.1, bytes: 100_000 };

/** Bytes of files as a layer holds them. */
function rangeOf({ files, bytes }: Totals): { low: number; high: number } {
  const overhead = files * archiveBytesPerFile;
  const isSmall = overhead < leastOverhead.bytes || overhead < bytes * leastOverhead.share;
  return { low: bytes, high: isSmall ? bytes : bytes + overhead };
}

function place(target: string | undefined): { path?: string } {
  return target === undefined ? {} : { path: target };
}
