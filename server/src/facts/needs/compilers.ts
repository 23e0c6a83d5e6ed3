import type { CommandStep } from '../../model/commands.ts';
import { normalizePath } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';

/** A tool that makes programs which are linked to the C library of the image it runs in, unless it is told otherwise. */
interface Compiler {
  readonly language: string;
  isBuild(command: ShellCommand): boolean;
  /** Words on the command, in its environment or its settings that make a program linked to nothing, or to another library. */
  readonly otherwise: RegExp;
  /** Files of the project that may hold such words. */
  readonly settings: readonly string[];
  /** Below the folder of the project, or absolute: where the program is written when the command does not say it. */
  readonly outputs: RegExp;
}

const verb = (command: ShellCommand, ...names: readonly string[]): boolean =>
  names.includes(command.args.find((word) => !/^[-+]/.test(word.text))?.value ?? '');

const compilers: readonly Compiler[] = [
  {
    language: 'C',
    isBuild: (command) =>
      ['make', 'gmake', 'ninja'].includes(command.name ?? '') ||
      (command.name === 'cmake' && command.args.some((word) => /^--(?:build|install)$/.test(word.text))) ||
      (command.name === 'meson' && verb(command, 'compile', 'install')),
    otherwise: /-static\b|musl|diet\b|-nostdlib/,
    settings: ['Makefile', 'makefile', 'GNUmakefile', 'CMakeLists.txt', 'meson.build', 'configure.ac'],
    outputs: /^(?:[\w.+-]+\/)*[\w+-]+(?:\.so[\d.]*|\.out)?$/,
  },
  {
    language: 'Swift',
    isBuild: (command) => command.name === 'swift' && verb(command, 'build'),
    otherwise: /musl|static-executable/,
    settings: [],
    outputs: /^\.build\//,
  },
  {
    language: 'Haskell',
    isBuild: (command) =>
      ['stack', 'cabal'].includes(command.name ?? '') &&
      verb(command, 'build', 'install', 'v2-install', 'v2-build'),
    otherwise: /-static\b|musl/,
    settings: ['stack.yaml', 'package.yaml', 'cabal.project'],
    outputs: /^(?:dist-newstyle|\.stack-work)\/|^\/root\/\.(?:local|cabal)\/bin\//,
  },
  {
    language: 'Crystal',
    isBuild: (command) =>
      (command.name === 'crystal' && verb(command, 'build')) ||
      (command.name === 'shards' && verb(command, 'build')),
    otherwise: /--static\b/,
    settings: [],
    outputs: /^(?:bin\/)?[\w-]+$/,
  },
  {
    language: 'Nim',
    isBuild: (command) =>
      (command.name === 'nim' && verb(command, 'c', 'cpp', 'compile')) ||
      (command.name === 'nimble' && verb(command, 'build', 'install')),
    otherwise: /-static\b|musl/,
    settings: ['nim.cfg', 'config.nims'],
    outputs: /^(?:src\/)?[\w-]+$/,
  },
  {
    language: 'Dart',
    isBuild: (command) =>
      command.name === 'dart' &&
      command.args[0]?.value === 'compile' &&
      verb(command, 'compile') &&
      command.args[1]?.value === 'exe',
    otherwise: /--target-os\b/,
    settings: [],
    outputs: /^bin\/[\w-]+\.exe$/,
  },
  {
    language: 'OCaml',
    isBuild: (command) => command.name === 'dune' && verb(command, 'build', 'install'),
    otherwise: /-static\b|musl/,
    settings: ['dune', 'bin/dune', 'src/dune'],
    outputs: /^_build\//,
  },
  {
    language: 'JavaScript',
    isBuild: (command) =>
      (command.name === 'bun' && command.args.some((word) => word.text === '--compile')) ||
      (command.name === 'deno' && verb(command, 'compile')),
    otherwise: /musl|--target\b/,
    settings: [],
    outputs: /^$/,
  },
  {
    language: 'Python',
    isBuild: (command) => ['pyinstaller', 'nuitka', 'nuitka3'].includes(command.name ?? ''),
    otherwise: /--static/,
    settings: [],
    outputs: /^dist\//,
  },
  {
    language: 'Java',
    isBuild: (command) =>
      command.name === 'native-image' ||
      (/^(?:mvnw?|gradlew?)$/.test((command.name ?? '').replace(/^\.\//, '')) &&
        command.args.some((word) =>
          /^(?:-Pnative|native:compile|native:build|nativeCompile)$/.test(word.text),
        )),
    otherwise: /--static\b|--libc=musl|-H:\+StaticExecutable/,
    settings: ['pom.xml', 'build.gradle', 'build.gradle.kts'],
    outputs: /^(?:target|build\/native\/nativeCompile)\/[\w-]+$/,
  },
  {
    // Only what brings the runtime along, or is compiled ahead, is linked by itself.
    language: '.NET',
    isBuild: (command) =>
      command.name === 'dotnet' &&
      verb(command, 'publish') &&
      command.args.some((word) => /^(?:linux|debian|ubuntu)[\w.]*-/.test(word.value ?? '')) &&
      command.args.some((word) =>
        /^(?:--self-contained|--sc|[-/]p:(?:PublishAot|PublishSingleFile|SelfContained)=true)$/i.test(
          word.text,
        ),
      ) &&
      !command.args.some((word) => word.text === 'false'),
    otherwise: /musl|StaticExecutable/,
    settings: [],
    outputs: /^bin\//,
  },
  {
    language: 'Elixir',
    isBuild: (command) =>
      command.name === 'mix' &&
      (verb(command, 'release') ||
        // `mix do deps.get, release`
        (verb(command, 'do') && command.args.some((word) => /^release,?$/.test(word.text)))),
    otherwise: /^$/,
    settings: [],
    outputs: /^_build\/\w+\/rel(?:\/|$)/,
  },
];

/** Words of a release of Elixir that leave the virtual machine out, which is what is linked. */
const withoutMachine = /include_erts:\s*false/;

/** The language of a command that compiles a program to `path`; undefined where it does not, and where it is not certain how it links. */
export function compiledBy(
  at: CommandStep,
  path: string,
  project: Project,
  directory: ContextPath,
): { readonly language: string; readonly isDynamic: boolean } | undefined {
  const { command } = at;
  const compiler = compilers.find((one) => one.isBuild(command));
  if (
    compiler === undefined ||
    /\.(?:js|mjs|cjs|css|html|json|jar|war|py|sh|txt|md|conf|ya?ml)$/.test(path)
  ) {
    return undefined;
  }
  if (!isWritten(at, path, compiler) || isSource(at, path, project, directory)) {
    return undefined;
  }
  const texts = compiler.settings.map((name) => project.reader.read(joinPath(directory, name)) ?? '');
  const isMake = compiler.language === 'C';
  // Make also runs other compilers: only where there is C code it is known what comes out.
  if (isMake && !hasCode(project, directory)) {
    return undefined;
  }
  if (
    compiler.language === 'Elixir' &&
    withoutMachine.test(project.reader.read(joinPath(directory, 'mix.exs')) ?? '')
  ) {
    return undefined;
  }
  const said = [
    ...texts,
    ...command.assignments.map((one) => one.value ?? ''),
    ...command.args.map((word) => word.text),
    ...['CFLAGS', 'LDFLAGS', 'CXXFLAGS'].map((name) => at.step.before.variables.get(name) ?? ''),
  ].join('\n');
  return { language: compiler.language, isDynamic: !compiler.otherwise.test(said) };
}

/** True where the command names the path as its output, or writes there by itself. */
function isWritten({ command, directory }: CommandStep, path: string, compiler: Compiler): boolean {
  const words = command.args.map((word) => word.value ?? word.text);
  const named = words.flatMap((word, i) => {
    const next = words[i + 1];
    const joined = /^(?:-o[:=]|--(?:out|output|outfile|out-dir|prefix|installdir|local-bin-path)=)(.+)$/.exec(
      word,
    )?.[1];
    return joined !== undefined
      ? [joined]
      : /^(?:-o|--output|--outfile|--prefix|--local-bin-path|--installdir|--path)$/.test(word) &&
          next !== undefined
        ? [next]
        : [];
  });
  const absolute = named.flatMap((word) =>
    word.startsWith('/')
      ? [normalizePath(word)]
      : directory === undefined
        ? []
        : [normalizePath(`${directory}/${word}`)],
  );
  if (absolute.some((one) => path === one || path.startsWith(`${one}/`))) {
    return true;
  }
  const installs = words.includes('install') || words.includes('--install');
  if (compiler.language === 'C' && installs && /^\/usr\/local\/s?bin\/[\w.-]+$/.test(path)) {
    return true;
  }
  const below =
    directory !== undefined && path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
  // In a folder of its own for the build, such as `build` of CMake, the project lies above.
  return below !== path || path.startsWith('/root/') ? compiler.outputs.test(below) : false;
}

/** True for what lies in the build context already. */
function isSource(
  { directory: folder }: CommandStep,
  path: string,
  project: Project,
  directory: ContextPath,
): boolean {
  const below =
    folder !== undefined && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  const own = below === undefined ? undefined : joinPath(directory, below);
  return own !== undefined && (project.reader.list(own) ?? project.reader.read(own)) !== undefined;
}

function hasCode(project: Project, directory: ContextPath): boolean {
  const isCode = (folder: string): boolean =>
    (project.reader.list(joinPath(directory, folder)) ?? []).some((entry) =>
      /\.(?:c|cc|cpp|cxx)$/.test(entry.name),
    );
  return isCode('') || isCode('src');
}
