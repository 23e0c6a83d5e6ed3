import type { Reordering } from '../facts/installs/reordering.ts';
import { type Copy, isWholeContext, readCopy } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { normalizePath } from '../model/paths.ts';
import { directoryOf, joinPath } from '../project/paths.ts';
import { matchesWildcard } from '../text/wildcard.ts';
import type { Layout } from './layout.ts';

/** True where the destination is a folder for certain; what holds several files can go nowhere else. */
export function isFolderCopy(copy: Copy): boolean {
  return copy.intoFolder || (copy.sources.length === 1 && isWholeContext(copy.sources[0]?.value ?? ''));
}

/** Those of some files that no copy above the sources brings to the same place already. */
export function notCopiedAbove(
  dockerfile: Dockerfile,
  { copy, stage, directory }: Reordering,
  files: readonly string[],
): readonly string[] {
  if (
    copy.target === undefined ||
    copy.sources.length !== 1 ||
    copy.sources[0]?.value.replace(/\/$/, '') !== '.'
  ) {
    return files;
  }
  const { target } = copy;
  const above = stage.steps
    .slice(0, stage.steps.indexOf(copy.step))
    .flatMap((step) => readCopy(step, dockerfile) ?? [])
    .filter((one) => one.from === 'context');
  return files.filter((file) => {
    const path = joinPath(directory, file);
    const folder = directoryOf(path);
    return !above.some(
      (one) =>
        one.target === normalizePath(`${target}/${one.intoFolder ? folder : path}`) &&
        one.sources.some(({ value }) => matchesWildcard(value.replace(/^\.?\//, ''), path)),
    );
  });
}

export function manifestCopyText(
  dockerfile: Dockerfile,
  layout: Layout,
  reordering: Reordering,
  files: readonly string[],
): string {
  const { copy, directory } = reordering;
  const { instruction } = copy.step;
  const flags = instruction.flags
    .map((flag) => `${dockerfile.text.slice(flag.span.start, flag.span.end)} `)
    .join('');
  const source = (copy.sources[0]?.value ?? '.').replace(/^\.?\/+|(?<!\/)\/+$/g, '').replace(/^\.$|\*$/g, '');
  const relative = directory === source ? '' : normalizePath(`/${directory.slice(source.length)}`).slice(1);
  const destination = copy.destination.value.replace(/\/?$/, '/');
  const folder = relative === '' ? destination : `${destination}${relative}/`;
  const here = files.filter((file) => !file.includes('/'));
  const inContext = (file: string): string => (directory === '' ? file : `${directory}/${file}`);
  const copyLine = (sources: readonly string[], target: string): string =>
    `${layout.keyword('COPY')} ${flags}${sources.map(inContext).join(' ')} ${target}`;
  return [
    ...(here.length === 0 ? [] : [copyLine(here, folder)]),
    // A COPY of several folders would pour them into one: each gets its own line and keeps its name.
    ...foldersOf(files).map(([name, paths]) => copyLine(paths, `${folder}${name}`)),
  ].join(layout.lineBreak);
}

/** Files below folders of the project, by folder; a path that ends in a slash is a folder as a whole. */
function foldersOf(files: readonly string[]): [string, string[]][] {
  const folders = new Map<string, string[]>();
  for (const file of files.filter((one) => one.includes('/'))) {
    const name = file.slice(0, file.lastIndexOf('/') + 1);
    folders.set(name, [...(folders.get(name) ?? []), file]);
  }
  return [...folders];
}
