import { directoryOf, resolvePath } from '../../project/paths.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ProjectScripts } from './project-scripts.ts';

const source = /\.(?:py|[cm]?[jt]sx?)$/;

/** Sources that run in tests and while developing only, wherever they lie. */
const notRunning =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|cypress|node_modules|\.\w+)\/|\.(?:test|spec|stories|config)\.\w+$|(?:^|\/)(?:conftest|noxfile|test_[^/]*|[^/]*_test)\.py$/;

const pythonImport = /^[ \t]*(?:from|import)[ \t]+(\w[\w.]*)/gm;
const relativeImport = /(?:\bfrom|\brequire\(|\bimport\(?)[ \t]{0,4}["'](\.{1,2}\/[^"'\n]{1,200})["']/g;

const maxFiles = 400;

/** Sources of languages whose programs, or compilers, read files by paths that are written in them. */
const reader = /\.(?:py|[cm]?[jt]sx?|go|rs|rb|php|java|kt|cs|exs?|c|cc|cpp|h)$/;

/** A path in quotes, and behind Go's `embed`. */
const quotedPath = /["'`](?:\.{0,2}\/)*([\w.-]{1,60}\/[\w.*/-]{1,200})["'`]/g;
const embedded = /^\/\/go:embed[ \t]+([^\n]{1,300})$/gm;

/** Packages that setuptools is told of one by one: each has to be there. */
const listedPackages = /\bpackages[ \t]{0,4}=[ \t]{0,4}\[([^\]]{1,2000})\]/g;

/**
 * The source outside of tests that imports from a folder of the build context, names a file of it, or lists it as a package,
 * in words; undefined where none does.
 */
export function importerOf(scripts: ProjectScripts, folder: string): string | undefined {
  const isMeant = ({ target }: { readonly target: string }): boolean =>
    target === folder || target.startsWith(`${folder}/`);
  const found = importsOf(scripts).find(isMeant);
  if (found !== undefined) {
    return `${found.path} imports ${found.target}`;
  }
  const named = namedPaths(scripts).find(isMeant);
  return named === undefined ? embedderOf(scripts, folder) : `${named.path} names ${named.target}`;
}

/** The source of Go that compiles a path into its program, in words; undefined where none does. */
export function embedderOf(scripts: ProjectScripts, path: string): string | undefined {
  const found = embedsOf(scripts).find(
    ({ target }) => target === path || target.startsWith(`${path}/`) || path.startsWith(`${target}/`),
  );
  return found === undefined ? undefined : `${found.path} embeds ${found.target}`;
}

/** What `go:embed` names, from the folder of its source, up to the first folder with a pattern. */
const embedsOf = memoizeFor((scripts: ProjectScripts) =>
  scripts
    .named(/\.go$/)
    .filter((path) => !path.endsWith('_test.go'))
    .slice(0, maxFiles)
    .flatMap((path) =>
      [...(scripts.read(path) ?? '').matchAll(embedded)]
        .flatMap((match) => (match[1] ?? '').split(/\s+/))
        .map((one) => one.replace(/^["`]|["`]$/g, '').replace(/^all:/, ''))
        .map((one) => {
          const parts = one.split('/');
          const pattern = parts.findIndex((part) => /[*?[]/.test(part));
          return parts.slice(0, pattern < 0 ? parts.length : pattern).join('/');
        })
        .filter((one) => one !== '')
        .flatMap((one) => resolvePath(directoryOf(path), one) ?? [])
        .map((target) => ({ path, target })),
    ),
);

/** The paths with a folder that sources hold in quotes, and the packages of a setup.py. */
const namedPaths = memoizeFor((scripts: ProjectScripts) =>
  scripts
    .named(reader)
    .filter((path) => !notRunning.test(path))
    .slice(0, maxFiles)
    .flatMap((path) => {
      const text = scripts.read(path) ?? '';
      const quoted = [...text.matchAll(quotedPath)].map((match) => match[1] ?? '');
      const packages = path.endsWith('setup.py')
        ? [...text.matchAll(listedPackages)].flatMap((match) => (match[1] ?? '').match(/[\w.]+/g) ?? [])
        : [];
      return [...quoted, ...packages.map((one) => one.replaceAll('.', '/'))].map((target) => ({
        path,
        target,
      }));
    }),
);

/** What the sources of a project import, as paths of the build context. */
const importsOf = memoizeFor((scripts: ProjectScripts) =>
  scripts
    .named(source)
    .filter((path) => !notRunning.test(path))
    .slice(0, maxFiles)
    .flatMap((path) => {
      const text = scripts.read(path) ?? '';
      const targets = path.endsWith('.py')
        ? [...text.matchAll(pythonImport)].map((match) => (match[1] ?? '').replaceAll('.', '/'))
        : [...text.matchAll(relativeImport)].map((match) => resolvePath(directoryOf(path), match[1] ?? ''));
      return targets.flatMap((target) => (target === undefined ? [] : [{ path, target }]));
    }),
);
