import type { ImageTraits } from '../../images/knowledge.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import { operands, type ShellCommand, type ShellWord } from '../../syntax/shell/script.ts';
import { rememberFor } from '../../text/remember.ts';
import { comesAsSources } from './source-packages.ts';

/** Packages that are only recommended by one that is installed, and that this build needs. */
export interface NeededRecommend {
  /** The package that recommends them. */
  readonly word: ShellWord;
  readonly packages: readonly string[];
  /** What fails without them: `CMake finds no program that builds`. */
  readonly without: string;
}

interface Recommendation {
  readonly package: RegExp;
  /** What is to be named beside it. */
  readonly adds: readonly string[];
  /** Any of these does as well; what ends in `-dev` brings the headers of the C library. */
  readonly instead: RegExp;
  readonly without: string;
  /** Set where only some builds need it: the commands of the stage that tell. */
  readonly where?: (command: ShellCommand) => boolean;
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
    where: (command) =>
      /^(?:pip[\d.]*|python[\d.]*)$/.test(command.name ?? '') &&
      command.args.some((word) => comesAsSources(word.value ?? word.text)),
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
  at: CommandStep,
  stage: Stage,
  traits: ImageTraits | undefined,
  started: readonly ShellCommand[],
): NeededRecommend[] {
  // The full variants of language images have compilers, make and their headers.
  const hasCompilers = traits?.tools?.includes('gcc') === true;
  const words = operands(at.command).slice(1);
  const names = words.map((word) => (word.value ?? word.text).replace(/[=:/].*/s, ''));
  return recommendations.flatMap((one) => {
    const index = names.findIndex((name) => one.package.test(name));
    const word = words[index];
    const isNamed =
      names.some((name) => one.instead.test(name)) ||
      one.adds.every((name) => installsPackage(stage, name)) ||
      ['make', 'ninja-build', 'build-essential', 'g++', 'libc6-dev', 'automake'].some(
        (name) => one.instead.test(name) && installsPackage(stage, name),
      );
    const isWanted = wantedIn(stage).has(one) || started.some((command) => one.where?.(command) === true);
    const isThere = hasCompilers && one.isNoCompiler !== true;
    return word === undefined || isNamed || isThere || !isWanted
      ? []
      : [{ word, packages: one.adds, without: one.without }];
  });
}

/** The recommendations that the commands of a stage have a use for. */
const wantedIn = rememberFor((stage: Stage): ReadonlySet<Recommendation> => {
  const commands = lineage(stage).flatMap(commandSteps);
  return new Set(
    recommendations.filter(
      ({ where }) => where === undefined || commands.some(({ command }) => where(command)),
    ),
  );
});
