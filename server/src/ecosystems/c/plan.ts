import { asNonRoot, distrolessImage, isDistroless, systemBase } from '../../images/families/runtime-bases.ts';
import { normalizePath } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import { knownArgs } from '../../syntax/shell/script.ts';
import { table } from '../../text/table.ts';
import { movedFiles } from '../built-files.ts';
import {
  isChangeable,
  type PlanInput,
  type Refusal,
  type RuntimeCopy,
  type RuntimePlan,
  type StartedProgram,
} from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';
import { buildFiles, buildsSharedLibraries, type Installation, readInstallation } from './install.ts';

/** Where an install is told to write, so that all of it can be taken over. */
const staging = '/out';

/** Libraries whose headers the images with compilers bring: `-l` name and the package of the headers. */
const broughtAlong: Readonly<Record<string, string>> = table({
  ssl: 'libssl-dev',
  crypto: 'libssl-dev',
  z: 'zlib1g-dev',
  curl: 'libcurl4-openssl-dev',
  sqlite3: 'libsqlite3-dev',
  pq: 'libpq-dev',
  mariadb: 'libmariadb-dev',
  mysqlclient: 'libmariadb-dev',
  xml2: 'libxml2-dev',
  xslt: 'libxslt1-dev',
  yaml: 'libyaml-dev',
  readline: 'libreadline-dev',
  ncurses: 'libncurses-dev',
  bz2: 'libbz2-dev',
  lzma: 'liblzma-dev',
  event: 'libevent-dev',
  gmp: 'libgmp-dev',
  ffi: 'libffi-dev',
  'glib-2.0': 'libglib2.0-dev',
});

/** Libraries that every image with a C library has, or that are part of the compiler. */
const always = /^(?:m|c|pthread|dl|rt|util|resolv|stdc\+\+|stdc\+\+fs|gcc|gcc_s|supc\+\+)$/;

/**
 * Libraries that come with the compiler in packages of their own, by what asks for them: names on Debian 12 and 13 and
 * Ubuntu 24.04, and on Alpine. Source: the package lists, 2026-11.
 */
const compilerLibraries: readonly {
  readonly asks: RegExp;
  readonly isStatic?: RegExp;
  readonly debian: string;
  readonly alpine: string | undefined;
}[] = [
  {
    asks: /-fsanitize=[\w,]*\baddress\b/,
    isStatic: /-static-libasan/,
    debian: 'libasan8',
    alpine: undefined,
  },
  {
    asks: /-fsanitize=[\w,]*\bundefined\b/,
    isStatic: /-static-libubsan/,
    debian: 'libubsan1',
    alpine: undefined,
  },
  { asks: /-fsanitize=[\w,]*\bthread\b/, isStatic: /-static-libtsan/, debian: 'libtsan2', alpine: undefined },
  { asks: /-fsanitize=[\w,]*\bleak\b/, isStatic: /-static-liblsan/, debian: 'liblsan0', alpine: undefined },
  { asks: /-fopenmp\b|(?:^|\s)-lgomp\b|\bOpenMP::/m, debian: 'libgomp1', alpine: 'libgomp' },
  { asks: /(?:^|\s)-latomic\b/m, debian: 'libatomic1', alpine: 'libatomic' },
  { asks: /(?:^|\s)-lgfortran\b/m, debian: 'libgfortran5', alpine: 'libgfortran' },
  { asks: /(?:^|\s)-lquadmath\b/m, debian: 'libquadmath0', alpine: 'libquadmath' },
];

/** Takes a C or C++ project apart: the program, and the libraries that it is linked to. */
export function planC(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, traits, workdir } = input;
  const sources = readSources(project, directory, /\.(?:c|cc|cpp|cxx|h|hpp|hh)$/);
  const files = buildFiles(input);
  const installation = readInstallation(input, files);
  const program = readProgram(input, files, installation);
  if ('reason' in program) {
    return program;
  }
  const said = input.commands
    .map(({ command }) => command.args.map((word) => word.text).join(' '))
    .join('\n');
  const isStatic =
    /(?:^|[\s"'=])-static(?:$|[\s"'])/m.test(`${said}\n${files}`) && input.packages.length === 0;
  if (!isStatic && takesOwnLibraries(input, said)) {
    return {
      code: 'libraries-unknown',
      reason: 'The program is linked to shared libraries of the project, and which it loads is not known.',
    };
  }
  const added = isStatic ? [] : libraryPackages(input, `${said}\n${files}`);
  if (!Array.isArray(added)) {
    return added;
  }
  const isCpp = /\.(?:cc|cpp|cxx)\b|\bCXX\b/.test(`${said}\n${files}`);
  const compiler = traits?.family === 'gcc' ? Number.parseInt(traits.version ?? '', 10) : 0;
  const isNewer = isCpp && !isStatic && !(compiler <= 14);
  const isOneCall =
    input.builds.length === 1 && /^(?:g\+\+|c\+\+)$/.test(input.builds[0]?.command.name ?? '');
  if (isNewer && !isOneCall) {
    return {
      code: 'no-smaller-image',
      reason: `The C++ library of ${input.baseName} is newer than that of any Debian release.`,
    };
  }
  const started = program.started;
  const called = input.facts.calledPrograms(sources);
  const writes = input.facts.writesBeside(sources);
  const needsSystem =
    input.needsShell ||
    started.needsShell ||
    started.isWrapped ||
    called.length > 0 ||
    writes ||
    input.packages.length > 0 ||
    added.length > 0 ||
    program.all;
  const base =
    isStatic && !needsSystem
      ? asNonRoot(distrolessImage('static'))
      : !needsSystem && runsOnDebian13(input)
        ? asNonRoot(distrolessImage('cc'))
        : systemBase(traits, input.packages.length === 0 && added.length === 0);
  if (base === undefined) {
    return {
      code: 'base-image-unknown',
      reason: `Which smaller image has the libraries of ${input.baseName} is not known; it is for tags that name a release of Debian, Ubuntu or Alpine.`,
    };
  }
  const isMusl = traits?.libc === 'musl';
  const assets = program.all
    ? { copies: [], names: [] }
    : input.facts.assetCopies(
        sources,
        /\.(?:c|cc|cpp|cxx|h|hpp|hh|o|a|in|am|ac|m4|cmake|md|txt)$|^(?:Makefile|GNUmakefile|LICENSE|COPYING|configure)\b/,
      );
  return {
    base,
    content: 'built',
    packages: isDistroless(base)
      ? []
      : [
          ...(isMusl && isCpp && !isStatic && !input.packages.includes('libstdc++') ? ['libstdc++'] : []),
          ...added,
          ...input.facts.programPackages(
            called,
            isMusl ? ['wget', 'tar', 'gzip', 'unzip'] : ['bash', 'tar', 'gzip'],
          ),
        ],
    change: (at) =>
      isNewer && at.command === input.builds[0]?.command
        ? {
            text: [at.command.nameWord, ...at.command.args]
              .map((word) => word.text)
              .join(' ')
              .concat(' -static-libstdc++ -static-libgcc'),
          }
        : program.all && at.command === installation?.at.command
          ? {
              text: `DESTDIR=${staging} ${[at.command.nameWord, ...at.command.args].map((word) => word.text).join(' ')}`,
            }
          : undefined,
    copies: [...program.copies, ...assets.copies],
    afterCopies:
      program.all && !isMusl && buildsSharedLibraries(files) ? [{ kind: 'run', commands: ['ldconfig'] }] : [],
    start:
      started.isShell && !started.needsShell && !started.isWrapped && !input.needsShell
        ? [started.word, ...started.args]
        : undefined,
    ...(writes ? { writtenFolder: input.stage.end.workdir ?? workdir } : {}),
    needless: ['the sources'],
    assumptions: [
      isStatic
        ? 'The program is linked to nothing and needs no system around it.'
        : `The program is linked to ${[...input.packages, ...added].length === 0 ? 'nothing but the C library' : 'libraries of the packages named'}.`,
      ...(assets.copies.length === 0
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}

interface Program {
  readonly started: NonNullable<StartedProgram>;
  readonly copies: readonly RuntimeCopy[];
  /** True where everything that was installed is taken over. */
  readonly all: boolean;
}

function readProgram(
  input: PlanInput,
  files: string,
  installation: Installation | undefined,
): Program | Refusal {
  const prefix = installation?.prefix ?? '/usr/local';
  const started = input.facts.startedProgram([`${prefix}/bin`, `${prefix}/sbin`]);
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  const name = started.word.slice(started.word.lastIndexOf('/') + 1);
  const unknown: Refusal = {
    code: 'program-not-built',
    reason: `The container starts \`${started.word}\`, and whether the build writes it is not known.`,
  };
  const moved = movedFiles(input.commands).find((file) => started.paths.includes(file.to));
  const installed = started.paths.find(
    (path) => path === `${prefix}/bin/${name}` || path === `${prefix}/sbin/${name}`,
  );
  if (installation !== undefined && installed !== undefined && moved === undefined) {
    if (!installation.onlyPrograms) {
      return installation.knowsDestdir &&
        installation.at.command.assignments.length === 0 &&
        isChangeable(installation.at)
        ? { started, copies: [{ from: staging, to: '/', isFile: false }], all: true }
        : {
            code: 'output-unknown',
            reason: '`make install` puts more in place than the program, and the Makefile knows no DESTDIR.',
          };
    }
    return isNamed(name, files)
      ? { started, copies: [{ from: installed, to: installed, isFile: true }], all: false }
      : unknown;
  }
  if (buildsSharedLibraries(files)) {
    return {
      code: 'libraries-unknown',
      reason: 'The build makes shared libraries, which the program needs as well.',
    };
  }
  const { workdir } = input;
  const root = workdir === '/' ? '' : workdir;
  const outputs = input.builds.flatMap(outputsOf);
  const folders = [root, ...input.commands.flatMap(buildFoldersOf)];
  const path = started.paths.find(
    (one) =>
      outputs.includes(one) ||
      (folders.some((folder) => one.startsWith(`${folder}/`)) && isNamed(name, files)),
  );
  const isBuilt =
    moved !== undefined &&
    (outputs.includes(moved.from) || isNamed(moved.from.slice(moved.from.lastIndexOf('/') + 1), files));
  const found = isBuilt ? moved.to : path;
  return found === undefined
    ? unknown
    : { started, copies: [{ from: found, to: found, isFile: true }], all: false };
}

/** The folders that CMake and Meson are told to build in. */
function buildFoldersOf({ command, directory }: PlanInput['builds'][number]): string[] {
  const words = command.args.map((word) => word.value ?? '');
  const after = (option: string): string | undefined => words[words.indexOf(option) + 1];
  const isSetup = command.name === 'meson' && words[0] === 'setup';
  const named = [
    ...(command.name === 'cmake' && words.includes('-B') ? [after('-B')] : []),
    ...(command.name === 'cmake' && words.includes('--build') ? [after('--build')] : []),
    ...(command.name === 'ninja' && words.includes('-C') ? [after('-C')] : []),
    ...(isSetup ? [words.slice(1).find((word) => !word.startsWith('-'))] : []),
  ];
  return named.flatMap((path) =>
    path === undefined || path === '' || (!path.startsWith('/') && directory === undefined)
      ? []
      : [normalizePath(path.startsWith('/') ? path : `${directory}/${path}`)],
  );
}

/** The absolute paths that a compiler is told to write. */
function outputsOf(at: PlanInput['builds'][number]): string[] {
  const words = knownArgs(at.command);
  const index = words.indexOf('-o');
  const output = index < 0 ? 'a.out' : words[index + 1];
  return at.directory === undefined ||
    output === undefined ||
    ['make', 'cmake', 'ninja', 'meson'].includes(at.command.name ?? '')
    ? []
    : [normalizePath(output.startsWith('/') ? output : `${at.directory}/${output}`)];
}

function isNamed(name: string, files: string): boolean {
  for (let at = files.indexOf(name); at >= 0 && name !== ''; at = files.indexOf(name, at + 1)) {
    if (/^$|[\s(/=:'"]/.test(files.charAt(at - 1)) && /^$|[\s):'"]/.test(files.charAt(at + name.length))) {
      return true;
    }
  }
  return false;
}

/** Packages of libraries that the program is linked to and the file names nowhere, because the image has their headers. */
function libraryPackages(input: PlanInput, text: string): string[] | Refusal {
  const { traits } = input;
  const ofCompiler = compilerPackages(input, text);
  if (!Array.isArray(ofCompiler) || !['gcc', 'buildpack-deps'].includes(traits?.family ?? '')) {
    return ofCompiler;
  }
  const linked = [...text.matchAll(/(?:^|[\s"'(=])-l([\w+.-]+)/gm)].map((match) => match[1] ?? '');
  const names = [...new Set(linked)].filter(
    (name) => !always.test(name) && !compilerLibraries.some(({ asks }) => asks.test(` -l${name}`)),
  );
  const found: string[] = [...ofCompiler];
  for (const name of names) {
    const headers = broughtAlong[name];
    const libraries = headers === undefined ? undefined : input.facts.runTimeLibraries(headers);
    if (libraries === undefined && input.packages.length === 0) {
      return {
        code: 'libraries-unknown',
        reason: `Which package brings the library \`${name}\` is not known.`,
      };
    }
    found.push(...(libraries ?? []));
  }
  return [...new Set(found)].filter((name) => !input.packages.includes(name));
}

/** Packages of the compiler's own libraries that the flags ask for. */
function compilerPackages({ traits, commands, packages }: PlanInput, text: string): string[] | Refusal {
  const usesClang =
    commands.some(({ command }) => /^clang/.test(command.name ?? '')) || /\bclang\b/.test(text);
  const asked = compilerLibraries.filter((one) => one.asks.test(text) && one.isStatic?.test(text) !== true);
  const { id, version } = traits?.distribution ?? {};
  const isKnown = id === 'alpine' || (id === 'debian' && Number(version) >= 12) || version === '24.04';
  // The sanitizers of clang are linked into the program.
  const found = asked
    .filter((one) => !usesClang || one.isStatic === undefined)
    .map((one) => (id === 'alpine' ? one.alpine : isKnown ? one.debian : undefined));
  return found.includes(undefined)
    ? {
        code: 'libraries-unknown',
        reason: 'The program is built with a library of the compiler whose package is not known here.',
      }
    : found.flatMap((one) => one ?? []).filter((name) => !packages.includes(name));
}

/** True where shared libraries that lie in the project, or in a folder named to the linker, belong to the program. */
function takesOwnLibraries({ project, directory, stage }: PlanInput, said: string): boolean {
  const entries = project.reader.list(directory) ?? [];
  const below = entries
    .filter(
      ({ kind, name }) => kind === 'directory' && /^(?:libs?|lib64|third_?party|vendor|sdk)/i.test(name),
    )
    .flatMap(({ name }) => project.reader.list(joinPath(directory, name)) ?? []);
  return (
    [...entries, ...below].some(({ name }) => /\.so(?:\.\d+)*$/.test(name)) ||
    /(?:^|\s)["']?-L\s*(?!\/usr\/(?:local\/)?lib)\S|-rpath/m.test(said) ||
    stage.end.environment.has('LD_LIBRARY_PATH')
  );
}

/** True where the C library of Debian 13 is no older than the one that the program is linked to. */
function runsOnDebian13({ traits }: PlanInput): boolean {
  const { id, version } = traits?.distribution ?? {};
  return id === 'debian' || (id === 'ubuntu' && Number(version) <= 24.04);
}
