import type { ShellCommand, ShellWord } from '../syntax/shell/script.ts';
import { operands } from '../syntax/shell/script.ts';

/** Programs that install packages of a distribution. */
export const systemManagers = ['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum', 'tdnf', 'zypper'];

/** Compilers, and what drives them; each is of no use to a program that is built. */
const compilers =
  /^(?:build-essential|build-base|alpine-sdk|gcc|g\+\+|gcc-c\+\+|(?:gcc|g\+\+|clang)-\d+|clang|gfortran|make|cmake|ninja-build|ninja|meson|automake|autoconf|libtool|pkg-config|pkgconf|pkgconfig|bison|flex|nasm|yasm|cargo|rustc|golang|golang-go|maven|gradle|dpkg-dev|devscripts|node-gyp)$/;

const headers = /-(?:dev|devel|headers)$|^linux-headers/;

/** True for a package that brings a compiler or a tool that drives one; the name without its version. */
export function isCompiler(name: string): boolean {
  return compilers.test(name);
}

/** True for a package that brings headers, which only compilers read. */
export function bringsHeaders(name: string): boolean {
  return headers.test(name);
}

/** Name of a package as it is installed, its version left off. */
export function packageName(word: ShellWord): string {
  return (word.value ?? word.text).replace(/[=@~<>:].*/s, '');
}

const verbs = [
  'install',
  'add',
  'update',
  'upgrade',
  'dist-upgrade',
  'clean',
  'autoremove',
  'dist-clean',
  'i',
  'in',
];

/** The packages that a command installs, with whether they are meant to be taken away again. */
export function packagesOf(command: ShellCommand): { word: ShellWord; isTemporary: boolean }[] {
  const isInstall =
    systemManagers.includes(command.name ?? '') &&
    command.args.some((word) => ['install', 'add', 'in'].includes(word.text));
  if (!isInstall) {
    return [];
  }
  const valued = ['-t', '--virtual', '--repository', '-X', '--target-release'];
  const isTemporary =
    command.args.some((word) => /^(?:--virtual|-t)(?:=|$)/.test(word.text)) && command.name === 'apk';
  return operands(command)
    .filter((word) => {
      const before = command.args[command.args.indexOf(word) - 1]?.text ?? '';
      return !verbs.includes(word.text) && !valued.includes(before) && !word.text.startsWith('.');
    })
    .map((word) => ({ word, isTemporary }));
}

/** True for a command that takes packages away again. */
export function removesPackages(command: ShellCommand): boolean {
  return (
    systemManagers.includes(command.name ?? '') &&
    command.args.some((word) => ['purge', 'remove', 'autoremove', 'del', 'erase', 'rm'].includes(word.text))
  );
}

/**
 * The names that the commands of one RUN install and take away again: what it leaves behind has none of them. Undefined
 * where a removal names what is only known at run time, which then may be all of them.
 */
export function takenAway(commands: readonly ShellCommand[]): ReadonlySet<string> | undefined {
  const removals = commands.filter(removesPackages);
  const removed = new Set(removals.flatMap((one) => operands(one).map((word) => word.value ?? word.text)));
  if ([...removed].some((name) => name.includes('$'))) {
    return undefined;
  }
  const names = commands.flatMap((command) => {
    const group = command.args.find((word, i) => {
      const before = command.args[i - 1]?.text;
      return before === '--virtual' || before === '-t' || word.text.startsWith('--virtual=');
    })?.text;
    const isWhole = command.name === 'apk' && removed.has(group?.replace('--virtual=', '') ?? '');
    return packagesOf(command).flatMap(({ word }) =>
      isWhole || removed.has(word.value ?? word.text) ? [packageName(word)] : [],
    );
  });
  return new Set(names);
}
