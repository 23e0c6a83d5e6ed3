import type { CommandStep } from '../../model/commands.ts';
import { joinPath } from '../../project/paths.ts';
import { hasOption, knownArgs } from '../../syntax/shell/script.ts';
import type { PlanInput } from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';

/** What `make install` and its like put in place. */
export interface Installation {
  /** The command that does it. */
  readonly at: CommandStep;
  /** `/usr/local`, where nothing else is said. */
  readonly prefix: string;
  /** True where nothing but programs is installed. */
  readonly onlyPrograms: boolean;
  /** True where it can be told to install below another root. */
  readonly knowsDestdir: boolean;
}

/** The build files of a project, as one text. */
export function buildFiles(input: PlanInput): string {
  return readSources(
    input.project,
    input.directory,
    /^(?:[Mm]akefile|GNUmakefile|.*\.mk|CMakeLists\.txt|.*\.cmake|meson\.build|Makefile\.am|configure\.ac)$/,
  );
}

/** Reads what the stage installs; undefined where it installs nothing. */
export function readInstallation(input: PlanInput, files: string): Installation | undefined {
  const at = input.builds.findLast(({ command }) => installs(command.name, knownArgs(command)));
  if (at === undefined) {
    return undefined;
  }
  const read = (name: string): string => input.project.reader.read(joinPath(input.directory, name)) ?? '';
  const makefile = read('Makefile') + read('makefile') + read('GNUmakefile');
  const isHandWritten =
    at.command.name === 'make' &&
    makefile !== '' &&
    read('CMakeLists.txt') === '' &&
    read('configure.ac') === '';
  return {
    at,
    prefix: prefixOf(input, isHandWritten ? makefile : ''),
    onlyPrograms: isHandWritten ? installsPrograms(makefile) : installsTargets(files),
    knowsDestdir: isHandWritten ? /\$[({]DESTDIR/.test(makefile) : true,
  };
}

function installs(name: string | undefined, words: readonly string[]): boolean {
  return (
    (['make', 'ninja', 'meson'].includes(name ?? '') &&
      words.some((word) => /^install(?:-strip)?$/.test(word))) ||
    (name === 'cmake' &&
      (words.includes('--install') || (words.includes('--build') && words.includes('install'))))
  );
}

/** The prefix that a command or a Makefile sets. */
function prefixOf(input: PlanInput, makefile: string): string {
  const words = input.commands.flatMap(({ command }) => command.args.map((word) => word.value ?? word.text));
  const named = words
    .map(
      (word) =>
        /^(?:--prefix=|-DCMAKE_INSTALL_PREFIX(?::\w+)?=|PREFIX=|prefix=)(\/[\w./-]*)$/.exec(word)?.[1],
    )
    .find((one) => one !== undefined);
  const at = input.commands.find(({ command }) => hasOption(command, '--prefix'));
  const next = at?.command.args[at.command.args.findIndex((word) => word.text === '--prefix') + 1]?.value;
  const written = /^[ \t]*(?:PREFIX|prefix)[ \t]*[?:]?=[ \t]*(\/[\w./-]*)[ \t]*$/m.exec(makefile)?.[1];
  return (named ?? (next?.startsWith('/') === true ? next : undefined) ?? written ?? '/usr/local').replace(
    /\/$/,
    '',
  );
}

/** True for a Makefile whose install rule writes to folders of programs only. */
function installsPrograms(makefile: string): boolean {
  const rule = /^install\b[^\n:]*:[^\n]*\n((?:[\t ][^\n]*\n|\n)+)/m.exec(`${makefile}\n`)?.[1] ?? '';
  return (
    rule !== '' &&
    !/(?:lib|share|etc|man\d?|include|conf|data|doc)\b|LIBDIR|DATADIR|SYSCONF|MANDIR|\.so\b/i.test(rule)
  );
}

/** True for a CMake project that installs executables only, and builds no shared library. */
function installsTargets(files: string): boolean {
  const calls = [...files.matchAll(/\binstall\s*\(\s*(\w+)((?:[^)\w][^)]*)?)\)/gi)];
  const isPlain = calls.every(
    (call) =>
      call[1] === 'TARGETS' && !/\b(?:LIBRARY|ARCHIVE|PUBLIC_HEADER|EXPORT|lib|share)\b/.test(call[2] ?? ''),
  );
  return calls.length > 0 && isPlain && !buildsSharedLibraries(files);
}

/** True where the program may need libraries that the project itself builds. */
export function buildsSharedLibraries(files: string): boolean {
  return /add_library\s*\([^)]*\bSHARED\b|BUILD_SHARED_LIBS\s+ON|shared_library\s*\(|lib_LTLIBRARIES|-shared\b/.test(
    files,
  );
}
