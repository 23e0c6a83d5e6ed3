import type { Script, Step } from '../../model/dockerfile.ts';
import { operands } from '../../syntax/shell/script.ts';

/** Packages that only serve to build: compilers, headers, version control, fetchers of archives. */
const buildOnly =
  /^(?:build-essential|build-base|gcc|g\+\+|clang|make|cmake|automake|autoconf|libtool|pkg-config|pkgconf|pkgconfig|git|python|python2|python3|python3-dev|py3-pip|python3-pip|linux-headers|musl-dev|libc-dev|libc6-dev|gcompat-dev|nasm|yasm|rsync|patch|.*-dev|.*-devel)(?:=.*)?$/;

const verbs = ['install', 'add', 'update', 'upgrade', 'clean', 'autoremove', 'dist-clean', 'i'];

/**
 * The text of a RUN that installs system packages, without those that only serve to build. Undefined when nothing
 * remains, or when the RUN cannot be cut.
 */
export function withoutBuildPackages(step: Step, script: Script, text: string): string | undefined {
  const packages = script.commands.flatMap((command) => {
    const isInstall = command.args.some((word) => ['install', 'add'].includes(word.text));
    return isInstall && command.name !== 'rm'
      ? operands(command).filter((word) => !verbs.includes(word.text) && !word.text.startsWith('.'))
      : [];
  });
  const removed = packages.filter((word) => buildOnly.test(word.value ?? word.text));
  if (packages.length === 0 || removed.length === packages.length) {
    return undefined;
  }
  const { start, end } = step.instruction.span;
  let result = text.slice(start, end);
  for (const word of removed.map((one) => script.sourceSpan(one.span)).sort((a, b) => b.start - a.start)) {
    result = cutWord(result, word.start - start, word.end - start);
  }
  return result;
}

/** Takes a word out; a line that held nothing else goes with it. */
function cutWord(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const isAlone =
    /^[ \t]*$/.test(text.slice(lineStart, start)) &&
    /^[ \t]*[\\`]?[ \t\r]*$/.test(text.slice(end, lineEnd < 0 ? undefined : lineEnd));
  if (isAlone && lineEnd >= 0 && lineStart > 0) {
    return text.slice(0, lineStart) + text.slice(lineEnd + 1);
  }
  if (isAlone && lineStart > 0) {
    // The last line of the RUN: the continuation above it goes as well.
    return text.slice(0, lineStart).replace(/[ \t]*[\\`][ \t\r]*\n$/, '');
  }
  return text.slice(0, start).replace(/[ \t]+$/, '') + text.slice(end);
}
