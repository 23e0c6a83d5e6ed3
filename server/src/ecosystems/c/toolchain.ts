import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Toolchain } from '../toolchain.ts';

const compilers = /^(?:[\w-]+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-[\d.]+)?$/;

const tools = [
  'make',
  'cmake',
  'ctest',
  'ninja',
  'meson',
  'configure',
  'autoreconf',
  'autogen.sh',
  'bootstrap',
  'buildconf',
  'automake',
  'autoconf',
  'aclocal',
  'libtoolize',
  'ldconfig',
  'strip',
  'ar',
  'update-alternatives',
];

export const cToolchain: Toolchain = {
  id: 'c',
  title: 'C and C++',
  managers: [],
  projectFiles: ['CMakeLists.txt', 'Makefile', 'meson.build'],

  readInstall: () => undefined,

  manifests: () => ({ files: [], doubts: [] }),

  isBuild(command, project, directory) {
    const { name = '' } = command;
    if (compilers.test(name)) {
      return command.args.some((word) => /\.(?:c|cc|cpp|cxx|C)["']?$/.test(word.text));
    }
    switch (name) {
      case 'cmake':
        return hasOption(command, '--build', '--install');
      case 'make':
      case 'ninja':
        return (
          !command.args.some((word) => /^(?:clean|distclean|test|check)$/.test(word.text)) &&
          isProject(project, directory)
        );
      case 'meson':
        return ['compile', 'install'].includes(command.args[0]?.value ?? '');
      default:
        return false;
    }
  },

  isProjectCommand: (command) => tools.includes(command.name ?? '') || compilers.test(command.name ?? ''),

  // Nothing is fetched.
  caches: () => [],

  sourceFolder: (folder) =>
    folder.replace(/\/(?:_?build[\w.-]*|cmake-build-\w+|out|release|Release|debug|Debug)(?:\/.*)?$/, '') ||
    '/',

  buildVariables: /^(?:CC|CXX|CFLAGS|CXXFLAGS|LDFLAGS|MAKEFLAGS|CMAKE_\w+)$/,
};

/** True for a folder with sources of C or C++ and no manifest of another language: `make` is used by all. */
function isProject(project: Project, directory: ContextPath): boolean {
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  const others = [
    'go.mod',
    'Cargo.toml',
    'package.json',
    'pom.xml',
    'build.gradle',
    'pyproject.toml',
    'setup.py',
    'requirements.txt',
    'Gemfile',
    'composer.json',
    'mix.exs',
  ];
  if (names.some((name) => others.includes(name))) {
    return false;
  }
  const isSource = (name: string): boolean =>
    /\.(?:c|cc|cpp|cxx)$|^(?:CMakeLists\.txt|configure|configure\.ac|Makefile\.am)$/.test(name);
  return (
    names.some(isSource) ||
    ['src', 'source', 'sources'].some((name) =>
      (project.reader.list(joinPath(directory, name)) ?? []).some((entry) => isSource(entry.name)),
    )
  );
}
