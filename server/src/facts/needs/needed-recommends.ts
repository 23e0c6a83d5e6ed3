import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import { normalizePath } from '../../model/paths.ts';
import { operands, type ShellCommand, type ShellWord } from '../../syntax/shell/script.ts';
import type { AnalysisContext } from '../context.ts';
import { baseTraits } from '../stage.ts';
import { contextFile } from '../start/context-file.ts';
import { comesAsSources } from './source-packages.ts';

/** Packages that are only recommended by one that is installed, and that this build needs. */
export interface NeededRecommend {
  /** The package that recommends them. */
  readonly word: ShellWord;
  readonly packages: readonly string[];
  /** What fails without them: `CMake finds no program that builds`. */
  readonly without: string;
}

/** Reads a file that a command names, in the image; undefined where it does not come from the project. */
type ReadFile = (path: string) => string | undefined;

interface Recommendation {
  readonly package: RegExp;
  /** What is to be named beside it. */
  readonly adds: readonly string[];
  /** Any of these does as well; what ends in `-dev` brings the headers of the C library. */
  readonly instead: RegExp;
  readonly without: string;
  /** Set where only some builds need it: the commands of the stage that tell. */
  readonly where?: (command: ShellCommand, read: ReadFile) => boolean;
  /** Set where images with compilers lack it as well. */
  readonly isNoCompiler?: true;
}

/**
 * What Debian and Ubuntu only recommend although a build fails without it. Source: the package lists of Debian 12 and 13, read
 * 2026-11-30; those of Ubuntu were not read. What is only suggested (a JDK beside Ant) does not belong here: it is not
 * installed with recommended packages either. Nor does what is needed anyway, as `dirmngr` is by `gnupg`.
 */
const recommendations: readonly Recommendation[] = [
  {
    package: /^cmake$/,
    adds: ['make'],
    instead: /^(?:make|ninja-build|build-essential)$/,
    without: 'CMake finds no program that builds',
  },
  {
    // gfortran needs the headers itself.
    package: /^(?:gcc|gcc-\d+|tcc)$/,
    adds: ['libc6-dev'],
    instead:
      /^(?:g\+\+(?:-\d+)?|clang(?:-\d+)?|gfortran(?:-\d+)?|build-essential|libc6-dev|libc-dev|libstdc\+\+-\d+-dev|rustc|cargo|libtool)$/,
    without: 'the compiler has no headers of the C library',
  },
  {
    package: /^autoconf$/,
    adds: ['automake'],
    instead: /^automake$/,
    without: 'autoreconf cannot run automake',
    where: ({ name }) => /^(?:autoreconf|autogen\.sh|bootstrap(?:\.sh)?|buildconf)$/.test(name ?? ''),
  },
  {
    package: /^devscripts$/,
    adds: ['lintian'],
    instead: /^lintian$/,
    without: 'lintian is missing',
    isNoCompiler: true,
    where: ({ name }) => /^(?:lintian|debuild|debrelease)$/.test(name ?? ''),
  },
  {
    package: /^devscripts$/,
    adds: ['equivs'],
    instead: /^equivs$/,
    without: 'mk-build-deps makes no package',
    isNoCompiler: true,
    where: ({ name }) => name === 'mk-build-deps',
  },
  {
    package: /^dpkg-dev$/,
    adds: ['build-essential'],
    instead: /^(?:build-essential|gcc|g\+\+)$/,
    without: 'dpkg-buildpackage finds no compiler',
    where: ({ name }) => /^(?:dpkg-buildpackage|debuild)$/.test(name ?? ''),
  },
  {
    package: /^git(?:-core)?$/,
    adds: ['openssh-client'],
    instead: /^(?:openssh-client|ssh|dropbear\S*)$/,
    without: 'Git cannot use ssh',
    where: ({ args }) => args.some((word) => /^git@|^(?:git\+)?ssh:/.test(word.text)),
  },
  {
    package: /^composer$/,
    adds: ['unzip'],
    instead: /^(?:unzip|7zip|p7zip(?:-full)?)$/,
    without: 'Composer unpacks no package',
    isNoCompiler: true,
    where: installsWithComposer,
  },
  {
    package: /^composer$/,
    adds: ['git'],
    instead: /^git$/,
    without: 'Composer fetches no package from a repository',
    isNoCompiler: true,
    where: installsWithComposer,
  },
  {
    package: /^zip$/,
    adds: ['unzip'],
    instead: /^unzip$/,
    without: 'nothing unpacks an archive',
    isNoCompiler: true,
    where: (command) =>
      command.name === 'unzip' ||
      installsWithComposer(command) ||
      command.args.some((word) => word.text.includes('get.sdkman.io')),
  },
  {
    package: /^gpg$/,
    adds: ['dirmngr'],
    instead: /^(?:dirmngr|gnupg2?)$/,
    without: 'GnuPG cannot ask a key server',
    where: ({ args }) =>
      args.some((word) => /^--?(?:recv-keys?|keyserver|search-keys|refresh-keys)/.test(word.text)),
  },
  {
    package: /^python3-pip$/,
    adds: ['build-essential', 'python3-dev'],
    instead: /^(?:build-essential|gcc|g\+\+|clang)$/,
    without: 'what pip has no wheel for cannot be compiled',
    where: (command, read) =>
      isPip(command) &&
      (command.args.some((word) => comesAsSources(word.value ?? word.text)) ||
        requirementFiles(command).some((path) => (read(path) ?? '').split('\n').some(comesAsSources))),
  },
  {
    package: /^npm$/,
    adds: ['git'],
    instead: /^git(?:-core)?$/,
    without: 'npm cannot fetch what comes from Git',
    isNoCompiler: true,
    where: (command, read) =>
      installsWithNpm(command) &&
      (command.args.some((word) => fromGit.test(word.text)) ||
        ['package-lock.json', 'package.json'].some((file) => fromGit.test(read(file) ?? ''))),
  },
  {
    package: /^golang(?:-go|-\d[\d.]*(?:-go)?)?$/,
    adds: ['gcc', 'libc6-dev'],
    instead: /^(?:gcc|g\+\+|clang|build-essential)$/,
    without: 'Go cannot build what has C code',
    where: ({ name, args, assignments }) =>
      name === 'go' &&
      /^(?:build|install|test|run)$/.test(args[0]?.text ?? '') &&
      !assignments.some((one) => one.name === 'CGO_ENABLED' && one.value === '0'),
  },
  {
    package: /^rustc$/,
    adds: ['cargo'],
    instead: /^cargo$/,
    without: 'Cargo is missing',
    isNoCompiler: true,
    where: ({ name }) => name === 'cargo',
  },
  {
    package: /^cpanminus$/,
    adds: ['make'],
    instead: /^(?:make|build-essential)$/,
    without: 'cpanm cannot build modules',
    where: ({ name }) => name === 'cpanm',
  },
  {
    package: /^(?:python3-sphinx|sphinx-common)$/,
    adds: ['make'],
    instead: /^(?:make|build-essential)$/,
    without: 'the Makefile of Sphinx cannot be read',
    where: ({ name }) => name === 'make',
  },
  {
    package: /^texlive(?:-(?!full$)[\w-]+)?$/,
    adds: ['lmodern'],
    instead: /^(?:lmodern|texlive-full)$/,
    without: 'TeX lacks the fonts that Pandoc and many documents ask for',
    isNoCompiler: true,
  },
  {
    package: /^xvfb$/,
    adds: ['xauth'],
    instead: /^xauth$/,
    without: 'xvfb-run does not start',
    isNoCompiler: true,
  },
  {
    package: /^imagemagick$/,
    adds: ['ghostscript'],
    instead: /^ghostscript$/,
    without: 'ImageMagick cannot read PDF, which the policy that is changed here allows',
    isNoCompiler: true,
    where: ({ args }) => args.some((word) => /ImageMagick-\S*\/policy\.xml/.test(word.text)),
  },
  {
    package: /^mercurial$/,
    adds: ['openssh-client'],
    instead: /^(?:openssh-client|ssh|dropbear\S*)$/,
    without: 'Mercurial cannot use ssh',
    isNoCompiler: true,
    where: ({ args }) => args.some((word) => /^ssh:/.test(word.text)),
  },
  {
    package: /^r-base(?:-core)?$/,
    adds: ['r-base-dev'],
    instead: /^r-base-dev$/,
    without: 'R cannot compile packages',
    where: ({ name, args }) =>
      /^(?:R|Rscript)$/.test(name ?? '') &&
      args.some((word) => /install(?:\.packages|_)|CMD/.test(word.text)),
  },
];

const fromGit = /\bgit(?:\+(?:ssh|https?|file))?:\/\/|\bgithub:|\bgit@[\w.-]+:/;

function installsWithNpm({ name, args }: ShellCommand): boolean {
  return name === 'npm' && args.some((word) => /^(?:ci|install|i|add)$/.test(word.text));
}

function isPip({ name }: ShellCommand): boolean {
  return /^(?:pip[\d.]*|python[\d.]*)$/.test(name ?? '');
}

/** The requirements files that a command of pip names. */
function requirementFiles({ args }: ShellCommand): string[] {
  return args.flatMap((word, i) => {
    const joined = /^(?:--requirement=|-r(?=.))(.+)$/.exec(word.value ?? '')?.[1];
    const next = ['-r', '--requirement'].includes(word.value ?? '') ? args[i + 1]?.value : undefined;
    return joined ?? next ?? [];
  });
}

function installsWithComposer({ name, args }: ShellCommand): boolean {
  return (
    /^composer(?:\.phar)?$/.test(name ?? '') &&
    args.some((word) => /^(?:install|update|require|create-project|i|u|r)$/.test(word.text))
  );
}

/**
 * The packages that an install by apt has to name where recommended ones are left out: for the build, and for the scripts
 * that the container starts.
 */
export function neededRecommends(
  context: AnalysisContext,
  at: CommandStep,
  stage: Stage,
  started: readonly ShellCommand[],
): NeededRecommend[] {
  // The full variants of language images have compilers, make and their headers.
  const hasCompilers = baseTraits(stage, context.images)?.tools?.includes('gcc') === true;
  const words = operands(at.command).slice(1);
  const names = words.map((word) => (word.value ?? word.text).replace(/[=:/].*/s, ''));
  const commands = lineage(stage).flatMap(commandSteps);
  return recommendations.flatMap((one) => {
    const index = names.findIndex((name) => one.package.test(name));
    const word = words[index];
    const { where } = one;
    const isNamed =
      names.some((name) => one.instead.test(name)) ||
      one.adds.every((name) => installsPackage(stage, name)) ||
      ['make', 'ninja-build', 'build-essential', 'g++', 'libc6-dev', 'automake'].some(
        (name) => one.instead.test(name) && installsPackage(stage, name),
      );
    const isThere = hasCompilers && one.isNoCompiler !== true;
    if (word === undefined || isNamed || isThere) {
      return [];
    }
    const isWanted =
      where === undefined ||
      commands.some((other) => where(other.command, (path) => fileOf(context, stage, other, path))) ||
      started.some((command) => where(command, () => undefined));
    return isWanted ? [{ word, packages: one.adds, without: one.without }] : [];
  });
}

/** A file that an install of packages reads and that was not found, so that what it needs is not known. */
export function unreadRequirements(
  context: AnalysisContext,
  at: CommandStep,
  stage: Stage,
): string | undefined {
  const isPipInstalled = operands(at.command).some((word) => word.value === 'python3-pip');
  return context.project.isKnown && isPipInstalled
    ? lineage(stage)
        .flatMap(commandSteps)
        .filter(({ command }) => isPip(command))
        .flatMap((other) =>
          requirementFiles(other.command).filter((path) => fileOf(context, stage, other, path) === undefined),
        )[0]
    : undefined;
}

function fileOf(
  { dockerfile, project }: AnalysisContext,
  stage: Stage,
  { directory }: CommandStep,
  path: string,
): string | undefined {
  const full = path.startsWith('/') ? path : directory === undefined ? undefined : `${directory}/${path}`;
  return full === undefined ? undefined : contextFile(dockerfile, project, stage, normalizePath(full))?.text;
}
