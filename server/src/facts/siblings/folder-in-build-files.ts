import { directoryOf, resolvePath } from '../../project/paths.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { Called, CalledCommand } from './called.ts';
import type { ProjectScripts } from './project-scripts.ts';

/** Where build files name folders that have to be there when they are read, and the program that reads them. */
interface BuildFile {
  readonly file: RegExp;
  /** Its last group is a path, from the folder of the file. */
  readonly names: RegExp;
  readonly isRead: (command: CalledCommand) => boolean;
}

const runs =
  (programs: RegExp) =>
  ({ words }: CalledCommand): boolean =>
    programs.test(words[0]?.replace(/^.*\//, '') ?? '');

/** A call of dotnet that works on the solution: one is named, or no project is. */
function worksOnSolution({ words }: CalledCommand): boolean {
  const [program, verb = '', ...rest] = words;
  const operands = rest.filter(
    (word, i) => !word.startsWith('-') && !/^-[\w-]*[corfav]$/.test(rest[i - 1] ?? ''),
  );
  return (
    program === 'dotnet' &&
    /^(?:restore|build|publish|test|pack|msbuild)$/.test(verb) &&
    (operands.some((word) => /\.slnx?$/.test(word)) || !operands.some((word) => /proj$|\//.test(word)))
  );
}

const buildFiles: readonly BuildFile[] = [
  {
    file: /\.slnx?$/,
    names: /"([\w .\\/-]+\.(?:cs|fs|vb)proj)"/g,
    isRead: worksOnSolution,
  },
  {
    file: /(?:^|\/)pom\.xml$/,
    names: /<(?:module|testSourceDirectory|sourceDirectory)>(?:\$\{(?:project\.)?basedir\}\/)?([^<>$]+)</g,
    isRead: runs(/^mvnw?$/),
  },
  {
    file: /(?:^|\/)build\.gradle(?:\.kts)?$/,
    names: /\b(?:setS|s)rcDirs?\b[^"'\n]{0,40}["']([\w./-]+)["']/g,
    isRead: runs(/^gradlew?$/),
  },
  {
    file: /(?:^|\/)settings\.gradle(?:\.kts)?$/,
    names: /["']:?([\w:./-]+)["']/g,
    isRead: runs(/^gradlew?$/),
  },
  {
    file: /(?:^|\/)CMakeLists\.txt$/,
    names: /\badd_subdirectory\([ \t]*"?([\w./-]+)/gi,
    isRead: runs(/^(?:cmake|make|ninja)$/),
  },
  {
    file: /(?:^|\/)meson\.build$/,
    names: /\bsubdir\([ \t]*'([\w./-]+)'/g,
    isRead: runs(/^(?:meson|ninja)$/),
  },
  // Automake makes a Makefile in each of them, and stops where a template is missing.
  {
    file: /^configure\.(?:ac|in)$/,
    names: /(?<![\w./-])([\w.-]{1,80}(?:\/[\w.-]{1,80}){0,8})\/Makefile\b/g,
    isRead: runs(/^(?:configure|autoreconf|autogen\.sh|bootstrap(?:\.sh)?|automake)$/),
  },
  { file: /^go\.work$/, names: /(?:^|[\n(])(?:use)?[ \t]*(\.{1,2}\/[\w./-]+)/g, isRead: runs(/^go$/) },
];

/** The build file that has to find a folder, in words; undefined where none of those that the build reads names it. */
export function folderInBuildFiles(
  scripts: ProjectScripts,
  { commands }: Called,
  folder: string,
): string | undefined {
  const found = namedBy(scripts).find(
    ({ path, kind }) =>
      (path === folder || path.startsWith(`${folder}/`)) && commands.some((one) => kind.isRead(one)),
  );
  return found === undefined ? undefined : `${found.file} names ${found.path}`;
}

const mostFiles = 100;

const namedBy = memoizeFor((scripts: ProjectScripts) =>
  buildFiles.flatMap((kind) =>
    scripts
      .named(kind.file)
      .slice(0, mostFiles)
      .flatMap((file) =>
        [...(scripts.read(file) ?? '').matchAll(kind.names)].flatMap((match) => {
          const written = (match[1] ?? '').trim().replaceAll('\\', '/').replaceAll(':', '/');
          const path = resolvePath(directoryOf(file), written);
          return path === undefined ? [] : [{ file, path, kind }];
        }),
      ),
  ),
);
