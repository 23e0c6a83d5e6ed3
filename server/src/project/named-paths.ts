import { parseDockerfile } from '../syntax/parse.ts';
import { argumentText, findFlag } from '../syntax/tree.ts';
import { cleanPath, compilePattern } from './ignore-pattern.ts';
import { directoryOf, nameOf } from './paths.ts';
import type { ProjectReader } from './reader.ts';

/** The folder that a Dockerfile is probably built in, by what it copies. */
export interface Holder {
  readonly folder: string;
  /** `all` of what is copied by name lies in it; or `most`, and the rest nowhere or in another folder (`split`). */
  readonly holds: 'all' | 'most' | 'split';
}

/**
 * The folder that holds what a Dockerfile copies by name, and what its commands read of a context copied as a whole: its own, or the nearest one above it (people who keep
 * `docker/Dockerfile` mostly build it from the root). Where none holds everything, the one that holds the most, if that is
 * more than half. Undefined where there is none, or nothing is named.
 */
export function folderWithNamedPaths(reader: ProjectReader, dockerfile: string): Holder | undefined {
  const folders = foldersFrom(directoryOf(dockerfile));
  // What a pattern matches is often made first: where it matches nothing, it tells nothing.
  const paths = [
    ...namedPaths(reader.read(dockerfile) ?? '').filter(
      (path) => !/[*?]/.test(path) || folders.some((folder) => exists(reader, folder, path)),
    ),
    ...installedFrom(reader.read(dockerfile) ?? ''),
  ];
  if (paths.length === 0) {
    return undefined;
  }
  const held = folders.map((folder) => ({
    folder,
    paths: paths.filter((path) => path.split('|').some((one) => exists(reader, folder, one))),
  }));
  const most = Math.max(...held.map((one) => one.paths.length));
  const best = held.find((one) => one.paths.length === most);
  if (best === undefined || most <= paths.length / 2) {
    return undefined;
  }
  const isSplit = held.some((one) => one.paths.some((path) => !best.paths.includes(path)));
  return { folder: best.folder, holds: most === paths.length ? 'all' : isSplit ? 'split' : 'most' };
}

/** What installs and builds read in the folder that they run in; `|` parts names of which one is enough. */
const readByCommands: readonly (readonly [command: RegExp, paths: readonly string[]])[] = [
  [/^npm (?:ci|clean-install)\b/, ['package.json', 'package-lock.json|npm-shrinkwrap.json']],
  [/^(?:npm|pnpm|bun) (?:i|install|run)\b|^yarn(?: install| run|$)/, ['package.json']],
  [/^pnpm (?:i|install)\b.*--frozen-lockfile/, ['pnpm-lock.yaml']],
  [/^yarn(?: install)?\b.*--(?:frozen-lockfile|immutable)/, ['yarn.lock']],
  [/^bun (?:i|install)\b.*--frozen-lockfile/, ['bun.lock|bun.lockb']],
  [/^(?:npx )?nest build\b/, ['nest-cli.json|tsconfig.json']],
  [/^(?:npx )?(?:nx|turbo) /, ['nx.json|turbo.json']],
  [/^go (?:build|install|mod download)\b/, ['go.mod']],
  [/^cargo (?:build|install|fetch)\b/, ['Cargo.toml']],
  [/^mvn\b/, ['pom.xml']],
  [/^(?:bundle install|bundle$)/, ['Gemfile']],
  [/^composer install\b/, ['composer.json']],
  [/^(?:poetry (?:install|sync)|uv sync|pdm (?:install|sync))\b/, ['pyproject.toml']],
];

/**
 * What commands read of a context that was copied as a whole to the folder in which they run, as long as nothing leads them
 * elsewhere.
 */
function installedFrom(text: string): string[] {
  const found: string[] = [];
  let isAtRoot = false;
  for (const instruction of parseDockerfile(text).instructions) {
    const words = instruction.words.map((word) => word.value);
    if (instruction.keyword === 'FROM' || instruction.keyword === 'WORKDIR') {
      isAtRoot = false;
    } else if (instruction.keyword === 'COPY' && findFlag(instruction, 'from') === undefined) {
      isAtRoot ||= words.length === 2 && /^\.\/?$/.test(words[0] ?? '') && /^\.\/?$/.test(words[1] ?? '');
    } else if (instruction.keyword === 'RUN' && isAtRoot) {
      const commands = argumentText(instruction)
        .split(/&&|;|\|\|/)
        .map((command) => command.trim());
      if (
        commands.some((command) =>
          /^(?:cd|pushd)\b|\s(?:--prefix|-C|--cwd|--dir|--directory|-f|--file|--manifest-path)\b/.test(
            command,
          ),
        )
      ) {
        break;
      }
      found.push(
        ...readByCommands
          .filter(([pattern]) => commands.some((command) => pattern.test(command)))
          .flatMap(([, paths]) => paths),
      );
    }
  }
  return [...new Set(found)];
}

/** A folder and those above it, up to the root. */
function foldersFrom(folder: string): string[] {
  return folder === '' ? [''] : [folder, ...foldersFrom(directoryOf(folder))];
}

/** Sources of COPY and ADD in the build context that are paths, or patterns that say more than the ending of a name. */
function namedPaths(text: string): string[] {
  return parseDockerfile(text).instructions.flatMap((instruction) => {
    const isCopy = instruction.keyword === 'COPY' || instruction.keyword === 'ADD';
    if (!isCopy || findFlag(instruction, 'from') !== undefined || instruction.heredocs.length > 0) {
      return [];
    }
    return instruction.words
      .slice(0, -1)
      .map((word) => word.value)
      .filter((source) => !/[$[\\"']|^[a-z][a-z0-9+.-]*:\/\/|^git@|^(?:\.?\/)?\**\/?$|^\.$/i.test(source));
  });
}

function exists(reader: ProjectReader, folder: string, path: string): boolean {
  // Docker does not let `..` out of the context: it stays at its root.
  const inside = cleanPath(`/${path}`).slice(1);
  const parts = (folder === '' ? inside : `${folder}/${inside}`).split('/');
  const wild = parts.findIndex((part) => /[*?]/.test(part));
  const full = (wild < 0 ? parts : parts.slice(0, wild + 1)).join('/');
  const pattern = wild < 0 ? undefined : compilePattern(parts[wild] ?? '');
  const isMatch = (name: string): boolean =>
    typeof pattern === 'object' ? pattern.matches(name) : name === nameOf(full);
  return inside === '' || reader.list(directoryOf(full))?.some(({ name }) => isMatch(name)) === true;
}
