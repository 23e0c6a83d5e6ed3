import { posix } from 'node:path';

export interface BuildahText {
  readonly text: string;
  /** What was written differently for buildah, in words. */
  readonly changes: readonly string[];
  /** Newer syntax that buildah cannot be given in another way: the file is not built. */
  readonly unsupported: readonly string[];
}

const notKnown: readonly [RegExp, string][] = [
  [/^\s*(?:RUN|COPY|ADD)\b.*<<-?\s*["']?\w+/im, 'heredoc'],
  [/^\s*COPY\b.*\s--parents\b/im, 'COPY --parents'],
  [/^\s*(?:COPY|ADD)\b.*\s--exclude=/im, 'COPY --exclude'],
  [/^\s*ADD\b.*\s--(?:checksum|unpack|keep-git-dir)\b/im, 'ADD with newer flags'],
  [/^\s*RUN\b.*\s--(?:network|security)=/im, 'RUN --network or --security'],
];

/**
 * Writes a Dockerfile the way buildah 1.28 understands it, with the same meaning: it wants absolute mount targets, and
 * does not know `COPY --link` and `HEALTHCHECK --start-interval`. Of several locked caches of a RUN
 * it gives back one, so that the next RUN waits for ever (its issue 4342): builds run one by one here, and need no lock.
 */
export function forBuildah(text: string): BuildahText {
  const changes = new Set<string>();
  let workdir = '/';
  const lines = text.split('\n').map((line) => {
    const from = /^\s*FROM\s/i.test(line);
    const moved = /^\s*WORKDIR\s+(\S+)/i.exec(line)?.[1];
    if (from) workdir = '/';
    if (moved !== undefined) workdir = posix.resolve(workdir, moved);
    return replaceAll(line, changes, workdir);
  });
  const unsupported = notKnown.filter(([pattern]) => pattern.test(text)).map(([, name]) => name);
  return { text: lines.join('\n'), changes: [...changes], unsupported };
}

function replaceAll(line: string, changes: Set<string>, workdir: string): string {
  return line
    .replace(/(--mount=\S*?\b(?:target|dst|destination)=)(?!\/|\$)([^,\s]+)/g, (_match, before, target) => {
      changes.add('relative mount targets made absolute');
      return `${before}${posix.resolve(workdir, target)}`;
    })
    .replace(/(--mount=\S*?),sharing=locked/g, (_match, before) => {
      changes.add('locks of caches left out');
      return before;
    })
    .replace(/\s--link(?:=true)?(?=\s)/g, () => {
      changes.add('--link left out');
      return '';
    })
    .replace(/\s--start-interval=\S+/g, () => {
      changes.add('--start-interval left out');
      return '';
    });
}
