import type { CacheTarget } from '../ecosystems/toolchain.ts';
import { type CommandStep, commandsOfStep } from '../model/commands.ts';
import { allSteps, type Dockerfile, type Stage } from '../model/dockerfile.ts';
import { normalizePath } from '../model/paths.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell/script.ts';
import { argumentSpan } from '../syntax/tree.ts';
import { sortEdits, type TextEdit } from '../text/edits.ts';
import { memoizeFor } from '../text/memoize.ts';
import { span } from '../text/span.ts';
import { matchesWildcard } from '../text/wildcard.ts';
import { cutCommands } from './convert/cut-commands.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Who runs the step. */
interface User {
  readonly home: string;
  readonly uid: number;
}

/** Options that keep no cache, per package manager. */
const noCacheOptions = ['--no-cache-dir', '--no-cache'];

/** Commands that clean a cache, as their first words. */
const cleaners = [
  'npm cache',
  'yarn cache',
  'pnpm store',
  'pip cache',
  'pip3 cache',
  'composer clear-cache',
  'composer clearcache',
  'go clean',
  'apt-get clean',
  'apt-get autoclean',
  'apt clean',
];

/** Debian's images remove every downloaded package at once; without this file they stay, in the mount. */
const keepPackages = 'rm -f /etc/apt/apt.conf.d/docker-clean';

/**
 * Mounts caches on a RUN for the user it runs as. What would empty or bypass them in the same RUN is taken away. Undefined
 * where the folder of that user is not known, or where a clean-up cannot be taken away.
 */
export function addCacheMounts(
  dockerfile: Dockerfile,
  stage: Stage,
  at: CommandStep,
  caches: readonly CacheTarget[],
  user: User,
): Fix | undefined {
  const { instruction } = at.step;
  const targets = caches.map((cache) => targetOf(cache, user));
  const paths = targets.flatMap((path) => path ?? []);
  const contradictions = withoutContradictions(dockerfile, at, paths);
  const isHeredoc = instruction.heredocs.length > 0;
  const isApt = paths.includes('/var/cache/apt');
  const isExec = instruction.form === 'json';
  if (
    // No word can be taken out of the list here, and no command put in front of it.
    (isExec && (isApt || contradictions?.edits.length !== 0)) ||
    paths.length < caches.length ||
    contradictions === undefined ||
    (isApt && isHeredoc)
  ) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  const start = argumentSpan(instruction).start;
  const newLine = `${dockerfile.syntax.escape}${layout.lineBreak}    `;
  const mounts = caches
    .map((cache, i) => mountFlag(cache, paths[i] ?? '', user) + (isHeredoc || isExec ? ' ' : ` ${newLine}`))
    .join('');
  const isKept = !isApt || removesDockerClean(stage);
  const text = isKept ? mounts : `${mounts}${keepPackages} && ${newLine}`;
  const title = paths.length === 1 ? `Add a cache mount for ${paths[0]}` : 'Add cache mounts';
  return {
    title: [title, ...contradictions.names.map((name) => `\`${name}\``)].join(', without '),
    applicability: 'review',
    edits: sortEdits([
      ...olderSyntax(dockerfile),
      { span: span(start, start), text },
      ...contradictions.edits,
    ]),
    assumptions: ['The image is built with BuildKit (the default since Docker 23) or Buildah.'],
  };
}

/** True where a step of the stage takes away the file that makes Debian's images throw packages away. */
const removesDockerClean = memoizeFor((stage: Stage): boolean =>
  allSteps(stage).some((step) => step.script?.text.includes('docker-clean') === true),
);

/** The folder of a cache for a user; undefined where it is not known. */
function targetOf(cache: CacheTarget, user: User): string | undefined {
  if (user.uid === 0) {
    return cache.path;
  }
  return cache.path.startsWith('/root/') ? cache.path.replace(/^\/root\//, `${user.home}/`) : undefined;
}

function mountFlag(cache: CacheTarget, path: string, user: User): string {
  const id = cache.id === undefined ? '' : `id=${cache.id},`;
  const sharing = cache.sharing === undefined ? '' : `,sharing=${cache.sharing}`;
  const owner = user.uid === 0 ? '' : `,uid=${user.uid},gid=${user.uid}`;
  return `--mount=type=cache,${id}target=${path}${sharing}${owner}`;
}

/** A file that names a version of the syntax from before mounts gets the current one. */
function olderSyntax(dockerfile: Dockerfile): TextEdit[] {
  const directive = dockerfile.syntax.directives.find((one) => one.name === 'syntax');
  const isOlder = /^(?:docker\.io\/)?docker\/dockerfile:1\.[01](?:\.\d+)?$/.test(directive?.value ?? '');
  return directive !== undefined && isOlder
    ? [{ span: directive.valueSpan, text: 'docker/dockerfile:1' }]
    : [];
}

/** What contradicts a cache and is taken away, as the title of the fix names it. */
interface Contradictions {
  readonly names: readonly string[];
  readonly edits: readonly TextEdit[];
}

/** Options and commands that contradict a cache; undefined where one cannot be taken away. */
function withoutContradictions(
  dockerfile: Dockerfile,
  at: CommandStep,
  paths: readonly string[],
): Contradictions | undefined {
  const steps = commandsOfStep(at.step);
  const options = steps.flatMap(({ command }) =>
    command.args.filter((one) => noCacheOptions.includes(one.text) && command.name !== 'apk'),
  );
  const removed = new Set<ShellCommand>();
  for (const one of steps) {
    const words = [one.command.name ?? '', one.command.args[0]?.text ?? ''].join(' ');
    const operands = one.command.args.filter((word) => !word.text.startsWith('-'));
    const cached = one.command.name === 'rm' ? operands.filter((word) => touches(word, one, paths)) : [];
    if (cleaners.includes(words) || (cached.length > 0 && cached.length === operands.length)) {
      removed.add(one.command);
    } else {
      options.push(...cached);
    }
  }
  const cuts = removed.size === 0 ? [] : cutCommands(at.script, removed);
  const words = options.map((word) => {
    const place = at.script.sourceSpan(word.span);
    return span(place.start - 1, place.end);
  });
  // A comment on the lines in between would be lost.
  const isLossless = cuts?.every((cut) => !dockerfile.text.slice(cut.start, cut.end).includes('#'));
  return cuts === undefined || isLossless !== true
    ? undefined
    : {
        names: [...new Set([...[...removed].map(nameOf), ...options.map((word) => word.text)])],
        edits: [...cuts, ...words].map((cut) => ({ span: cut, text: '' })),
      };
}

/** A command by its first words; a removal by all, because what it removes is what counts. */
function nameOf({ name = '', args }: ShellCommand): string {
  const words = args.map((word) => word.text);
  return [name, ...(name === 'rm' ? words : words.slice(0, 2).filter((word) => !word.startsWith('-')))].join(
    ' ',
  );
}

/** True for a path or pattern at, below or above one of the folders: a mount cannot be removed, and is not to be emptied. */
function touches(word: ShellWord, { step, directory }: CommandStep, folders: readonly string[]): boolean {
  const text = word.text
    .replace(/["']/g, '')
    .replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, '/root')
    .replace(/\$\{?(\w+)\}?/g, (all, name: string) => step.before.variables.get(name) ?? all);
  const path = normalizePath(text.startsWith('/') ? text : `${directory ?? ''}/${text}`);
  const wanted = path.split('/').slice(1);
  return (
    path !== '/' &&
    folders.some((folder) =>
      folder
        .split('/')
        .slice(1)
        .every((part, i) => matchesWildcard(wanted[i] ?? '*', part)),
    )
  );
}
