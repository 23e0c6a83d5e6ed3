import { packagesOf, removesPackages, takenAway } from '../../distros/build-packages.ts';
import { runTimeLibraries } from '../../facts/needs/run-time-libraries.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import type { Script, Step } from '../../model/dockerfile.ts';
import type { ShellCommand, ShellWord } from '../../syntax/shell/script.ts';
import { cutCommands } from './cut-commands.ts';

/** Packages that only serve to build: compilers, version control, fetchers of archives. */
const buildOnly =
  /^(?:build-essential|build-base|alpine-sdk|gcc|g\+\+|gcc-c\+\+|clang|llvm|make|cmake|ninja-build|ninja|meson|automake|autoconf|libtool|pkg-config|pkgconf|pkgconfig|git|git-core|python|python2|python3|py3-pip|python3-pip|python3-setuptools|python3-wheel|python-is-python3|node-gyp|nasm|yasm|rsync|patch|cargo|rustc|rust|golang|go|maven|gradle|protobuf-compiler|protoc|upx|upx-ucl|fakeroot|dpkg-dev|apt-utils|software-properties-common|musl-tools|clang-dev|clang-format|clang-tidy|lld|gdb|valgrind|ccache|bison|flex|gettext|autopoint|libtool-bin|gcc-[\d.]+|g\+\+-[\d.]+|clang-[\d.]+|openjdk-?\d+-source|default-jdk-doc|golang-go|golang-[\d.]+-go|doxygen|git-lfs|xutils-dev|make-guile|bazel|scons|samurai|musl-utils|binutils|mold)(?:[=@].*)?$/;

const headers = /-(?:dev|devel|headers)(?:[=@].*)?$|^linux-headers/;

/** What a RUN that installs system packages comes to in the final stage. */
export interface FinalPackages {
  /** Names of the packages that stay. */
  readonly kept: readonly string[];
  /** The text of the RUN for the final stage; undefined when nothing is left of it, or when it cannot be cut. */
  readonly text: string | undefined;
  /** Names of those that only serve to build, and that the old stage shipped. */
  readonly left: readonly string[];
  /** Packages of headers that stay, because the name of the library's own package is not known. */
  readonly unknown: readonly string[];
  /** False where the commands that work on the project could not be taken out. */
  readonly isCut: boolean;
}

/** Leaves out the packages of a RUN that only serve to build, and puts libraries in place of their headers. */
export function finalPackages(
  step: Step,
  script: Script,
  text: string,
  traits: ImageTraits | undefined,
  isBuildPackage: (name: string) => boolean,
  built: ReadonlySet<ShellCommand>,
  called: ReadonlySet<string> = new Set(),
): FinalPackages {
  const words = script.commands.flatMap(packagesOf);
  const named = new Set(
    words
      .filter((one) => !one.isTemporary)
      .map(({ word }) => (word.value ?? word.text).replace(/[=@].*/s, '')),
  );
  const gone = takenAway(script.commands);
  const kept: string[] = [];
  const left: string[] = [];
  const unknown: string[] = [];
  const { start, end } = step.instruction.span;
  const changes: { word: ShellWord; text: string }[] = [];
  for (const { word, isTemporary } of words) {
    const name = word.value ?? word.text;
    const plain = name.replace(/[=@].*/s, '');
    const isTool = (buildOnly.test(name) || isBuildPackage(plain)) && !called.has(plain);
    const runtime = withoutCompiler(name);
    if (runtime !== undefined) {
      kept.push(runtime);
      left.push(plain);
      changes.push({ word, text: runtime });
    } else if (isTemporary || (isTool && !headers.test(name))) {
      left.push(plain);
      changes.push({ word, text: '' });
    } else if (headers.test(name)) {
      const libraries = runTimeLibraries(plain, traits);
      if (libraries === undefined) {
        kept.push(name);
        unknown.push(plain);
      } else {
        const added = libraries.filter((one) => !kept.includes(one) && !named.has(one));
        kept.push(...added);
        left.push(plain);
        changes.push({ word, text: added.join(' ') });
      }
    } else {
      kept.push(name);
    }
  }
  // What the RUN itself takes away again was not in the old image either.
  const shipped = (names: readonly string[]): string[] => names.filter((name) => gone?.has(name) === false);
  if (kept.length === 0) {
    return { kept, left: shipped(left), text: undefined, unknown, isCut: true };
  }
  // What the final stage does not install it need not take away.
  const removals = script.commands.filter((one) => built.size + left.length > 0 && removesPackages(one));
  const isEmptied = (one: ShellCommand): boolean => {
    const own = packagesOf(one).map(({ word }) => word);
    return (
      own.length > 0 &&
      own.every((word) => changes.some((change) => change.word === word && change.text === ''))
    );
  };
  const emptied = script.commands.filter(isEmptied);
  const removed = new Set([...built, ...removals, ...emptied]);
  const cuts = removed.size === 0 ? [] : cutCommands(script, removed);
  const isCut = cuts?.every((one) => !text.slice(one.start, one.end).includes('#')) === true;
  let result = text.slice(start, end);
  const isCutAway = (at: { readonly start: number; readonly end: number }): boolean =>
    isCut && cuts?.some((cut) => cut.start <= at.start && at.end <= cut.end) === true;
  const placed = [
    ...changes
      .map((change) => ({ at: script.sourceSpan(change.word.span), text: change.text, isWord: true }))
      .filter(({ at }) => !isCutAway(at)),
    ...(isCut ? (cuts ?? []) : []).map((at) => ({ at, text: '', isWord: false })),
  ].sort((a, b) => b.at.start - a.at.start);
  for (const { at, text: replacement, isWord } of placed) {
    result =
      replacement === '' && isWord
        ? cutWord(result, at.start - start, at.end - start)
        : result.slice(0, at.start - start) + replacement + result.slice(at.end - start);
  }
  return { kept, left: shipped(left), text: result, unknown, isCut: isCut || built.size === 0 };
}

/** The JRE of a package that brings a JDK: what runs Java needs no compiler. */
function withoutCompiler(name: string): string | undefined {
  const match = /^(openjdk-?\d+|default)-jdk(?:-headless)?$/.exec(name) ?? /^(openjdk\d+)$/.exec(name);
  return match?.[1] === undefined
    ? undefined
    : `${match[1]}-jre${/^openjdk\d/.test(name) ? '' : '-headless'}`;
}

/** Takes a word out; a line that held nothing else goes with it. */
export function cutWord(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const behind = text.slice(end, lineEnd < 0 ? undefined : lineEnd);
  const isAlone =
    /^[ \t]*$/.test(text.slice(lineStart, start)) && /^[ \t\r]*(?:[\\`][ \t\r]*)?$/.test(behind);
  if (isAlone && lineEnd >= 0 && lineStart > 0 && /[\\`]/.test(behind)) {
    return text.slice(0, lineStart) + text.slice(lineEnd + 1);
  }
  if (isAlone && lineStart > 0) {
    // The last line of the RUN: the continuation above it goes as well.
    return text.slice(0, lineStart).replace(/(?<![ \t])[ \t]*[\\`][ \t\r]*\n$/, '') + text.slice(end);
  }
  // The first word of a line leaves its indentation to the next one.
  return /^[ \t]+$/.test(text.slice(lineStart, start))
    ? text.slice(0, start) + text.slice(end).replace(/^[ \t]+/, '')
    : text.slice(0, start).replace(/(?<![ \t])[ \t]+$/, '') + text.slice(end);
}
