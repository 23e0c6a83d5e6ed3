import type { CacheTarget } from '../ecosystems/ecosystem.ts';
import { type CommandStep, commandsOfStep } from '../model/commands.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { argumentSpan } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Options that keep no cache, per package manager. */
const noCacheOptions = ['--no-cache-dir', '--no-cache'];

/** Commands that clean the cache, as their first words. */
const cleaners = [
  'npm cache',
  'yarn cache',
  'pnpm store',
  'pip cache',
  'pip3 cache',
  'composer clear-cache',
  'composer clearcache',
  'go clean',
];

/**
 * Mounts caches on a RUN for the user it runs as. What would empty or bypass them in the same RUN is taken away. Undefined
 * where the folder of that user is not known, or where a clean-up cannot be taken away.
 */
export function addCacheMounts(
  dockerfile: Dockerfile,
  at: CommandStep,
  caches: readonly CacheTarget[],
  user: { readonly name: string; readonly uid: number },
): Fix | undefined {
  const { instruction } = at.step;
  const mounts = caches.map((cache) => mountFlag(cache, user));
  const contradictions = withoutContradictions(dockerfile, at);
  if (
    instruction.form === 'json' ||
    mounts.some((one) => one === undefined) ||
    contradictions === undefined
  ) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  const start = argumentSpan(instruction).start;
  const isHeredoc = instruction.heredocs.length > 0;
  const separator = isHeredoc ? ' ' : ` ${dockerfile.syntax.escape}${layout.lineBreak}    `;
  const text = mounts.map((mount) => `${mount}${separator}`).join('');
  return {
    title: caches.length === 1 ? `Add a cache mount for ${caches[0]?.path ?? ''}` : 'Add cache mounts',
    applicability: 'review',
    edits: [{ span: span(start, start), text }, ...contradictions],
    assumptions: ['The image is built with BuildKit (the default since Docker 23) or Buildah.'],
  };
}

function mountFlag(
  cache: CacheTarget,
  user: { readonly name: string; readonly uid: number },
): string | undefined {
  const isRoot = user.uid === 0;
  if (!isRoot && !cache.path.startsWith('/root/')) {
    return undefined;
  }
  const path = isRoot ? cache.path : cache.path.replace(/^\/root\//, `/home/${user.name}/`);
  const id = cache.id === undefined ? '' : `id=${cache.id},`;
  const sharing = cache.sharing === undefined ? '' : `,sharing=${cache.sharing}`;
  const owner = isRoot ? '' : `,uid=${user.uid},gid=${user.uid}`;
  return `--mount=type=cache,${id}target=${path}${sharing}${owner}`;
}

/** Edits that take options and commands away which contradict a cache; undefined where one cannot be taken away. */
function withoutContradictions(dockerfile: Dockerfile, at: CommandStep): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const commands = commandsOfStep(at.step).map((one) => one.command);
  for (const [i, command] of commands.entries()) {
    for (const word of command.args.filter(
      (one) => noCacheOptions.includes(one.text) && command.name !== 'apk',
    )) {
      const place = at.script.sourceSpan(word.span);
      edits.push({ span: span(place.start - 1, place.end), text: '' });
    }
    const words = [command.name ?? '', command.args[0]?.text ?? ''].join(' ');
    const removesCache =
      command.name === 'rm' &&
      command.args.some((word) => /\/\.(?:npm|cache|m2|gradle|nuget)\b/.test(word.text));
    if (!cleaners.includes(words) && !removesCache) {
      continue;
    }
    const previous = commands[i - 1];
    const isPlain =
      command.isTopLevel && previous?.isTopLevel === true && ['&&', ';'].includes(command.operator);
    if (!isPlain || previous === undefined) {
      return undefined;
    }
    const from = at.script.sourceSpan(previous.span).end;
    const to = at.script.sourceSpan(command.span).end;
    // A comment on the lines in between would be lost.
    if (dockerfile.text.slice(from, to).includes('#')) {
      return undefined;
    }
    edits.push({ span: span(from, to), text: '' });
  }
  return edits;
}
